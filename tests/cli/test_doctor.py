"""`chatui doctor`."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from chatui.providers.local import FoundServer
from tests.cli.stage import ServerThread, call
from tests.sse_server import Script, refusal

LIST = Script(
    [b'{"data": [{"id": "big-1"}, {"id": "big-2"}]}'], headers={"content-type": "application/json"}, framing="length"
)


def test_a_key_that_is_good_is_told_with_its_source_and_masked(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    server.server.add(LIST)
    ran = call(capfd, environ | {"LANG": "C\x1b"}, "doctor")
    assert (ran.code, ran.err) == (0, "")
    assert "key …cdef from CHATUI_API_KEY: valid, 2 models" in ran.out
    assert "Ready: new sessions talk to env/big-1." in ran.out
    assert "4711" not in ran.out
    assert "\x1b" not in ran.out
    assert "model          env/big-1  CHATUI_MODEL" in ran.out
    assert "by CHATUI_HOME" in ran.out
    assert "deepseek    DEEPSEEK_API_KEY is not set" in ran.out
    assert "ollama      no Ollama runs here" in ran.out


def test_the_sources_that_were_passed_over_are_told(
    server: ServerThread, bare: dict[str, str], capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        f'theme = "ink"\n[providers.openai]\nbase_url = "{server.base_url}/other"\napi_key = "sk-of-the-file-1"\n'
    )
    config.chmod(0o600)
    server.server.add(LIST)
    environ = bare | {
        "OPENAI_API_KEY": "sk-of-the-environment",
        "OPENAI_BASE_URL": server.base_url,
        "CHATUI_THEME": "paper",
    }
    ran = call(capfd, environ, "doctor", "--config", str(config))
    assert "key …ment from OPENAI_API_KEY (before api_key in [providers.openai]): valid, 2 models" in ran.out
    assert "address from OPENAI_BASE_URL (before base_url in [providers.openai])" in ran.out
    assert f"theme             paper  CHATUI_THEME (before {config})" in ran.out
    assert server.server.requests[0].headers["authorization"] == "Bearer sk-of-the-environment"


def test_a_key_that_is_refused_ends_with_1(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    server.server.add(refusal(401, "no such key"))
    ran = call(capfd, environ, "doctor")
    assert ran.code == 1
    assert "from CHATUI_API_KEY: refused" in ran.out
    assert "answered 401: no such key" in ran.out
    assert "No model can be used now." in ran.out


def test_a_placeholder_is_told_and_never_sent(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    ran = call(capfd, environ | {"CHATUI_API_KEY": "YOUR_API_KEY"}, "doctor")
    assert ran.code == 1
    assert "The key from CHATUI_API_KEY is a placeholder." in ran.out
    assert server.server.requests == []


def test_the_findings_as_json(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        'model = "a/b"\nfavorites = ["a/b"]\n[params]\ntemperature = 0.5\n[providers.work]\nbase_url = "ftp://x"\n'
    )
    server.server.add(LIST)
    told = json.loads(call(capfd, environ, "doctor", "--json", "--config", str(config)).out)
    assert told["usable"] is True
    assert told["model"] == "env/big-1"
    assert told["places"]["config"] == {"path": str(config), "note": "by CHATUI_HOME"}
    assert told["settings"] == [
        {"key": "model", "value": "env/big-1", "source": "CHATUI_MODEL", "passed_over": [str(config)]},
        {"key": "favorites", "value": "a/b", "source": str(config), "passed_over": []},
        {"key": "params.temperature", "value": "0.5", "source": str(config), "passed_over": []},
        {"key": "providers.work", "value": "set", "source": str(config), "passed_over": []},
        {"key": "providers.env", "value": "set", "source": "CHATUI_BASE_URL", "passed_over": []},
    ]
    assert told["problems"][0].startswith(f"{config}:6: providers.work.base_url: expected an address")
    env, work = told["providers"]
    assert env == {
        "name": "env",
        "address": server.base_url,
        "state": "valid",
        "usable": True,
        "address_passed_over": [],
        "key": {"source": "CHATUI_API_KEY", "masked": "…cdef", "passed_over": []},
        "models": 2,
        "error": None,
    }
    assert (work["state"], work["usable"], work["address"]) == ("no usable key", False, None)
    assert "is no address" in work["error"]
    assert set(told["terminal"]) >= {"stdin", "stdout", "stderr", "size", "encoding"}
    assert told["versions"]["textual"]


def test_a_server_of_this_machine_makes_it_ready(
    server: ServerThread, bare: dict[str, str], capfd: pytest.CaptureFixture[str], local_servers: list[FoundServer]
) -> None:
    local_servers.append(FoundServer("ollama", "Ollama", server.base_url, ("qwen3",)))
    server.server.add(LIST)
    ran = call(capfd, bare, "doctor")
    assert ran.code == 0
    assert "answers without key, 2 models" in ran.out
    assert "Ready: new sessions talk to ollama/qwen3." in ran.out


def test_the_first_model_of_a_provider_is_named(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    del environ["CHATUI_MODEL"]
    server.server.add(LIST)
    assert "Ready: new sessions talk to env/big-1." in call(capfd, environ, "doctor").out


def test_a_key_is_not_called_good_by_a_list_that_is_open_to_all(
    server: ServerThread, bare: dict[str, str], capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'[providers.openrouter]\nbase_url = "{server.base_url}"\n')
    server.server.add(LIST)
    key = {"OPENROUTER_API_KEY": "sk-or-12345678"}
    ran = call(capfd, bare | key, "doctor", "--config", str(config))
    assert ran.code == 0
    assert "from OPENROUTER_API_KEY: not checked, 2 models" in ran.out
    assert "its list of models is open to all" in ran.out


def test_nothing_set_up_ends_with_1(bare: dict[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    ran = call(capfd, bare, "doctor")
    assert ran.code == 1
    assert "built-in demo" in ran.out


def test_a_usable_provider_without_a_known_model_is_ready(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatui.cli.checkup.choose_usual_model", lambda *_: "")
    server.server.add(refusal(404))
    ran = call(capfd, environ, "doctor")
    assert ran.code == 0
    assert "Ready: name a model with -m." in ran.out


def test_a_key_file_that_others_can_read_and_a_damaged_state_are_problems(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    key = tmp_path / "key"
    key.write_text("sk-12345678901234")
    key.chmod(0o644)
    config = tmp_path / "config.toml"
    config.write_text(f'[providers.work]\nbase_url = "{server.base_url}"\napi_key_file = "{key}"\n')
    state = Path(environ["CHATUI_HOME"]) / "state"
    state.mkdir(parents=True)
    (state / "state.toml").write_text("no toml")
    server.server.add(LIST, LIST)
    ran = call(capfd, environ, "doctor", "--config", str(config))
    assert f"{key} can be read by others: chmod 600 {key}" in ran.out
    assert "state.toml could not be read" in ran.out


def test_a_config_that_is_not_there_is_wrong_use(bare: dict[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    ran = call(capfd, bare, "doctor", "--config", "/nowhere")
    assert (ran.code, ran.out) == (2, "")


def test_a_package_that_is_missing_is_told(
    bare: dict[str, str], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatui.cli.checkup._PACKAGES", ("no-such-package-of-ours",))
    assert "no-such-package-of-ours is not installed" in call(capfd, bare, "doctor").out


def test_the_size_of_a_terminal_is_told(
    bare: dict[str, str], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatui.cli.checkup.os.get_terminal_size", lambda fd: os.terminal_size((80, 24)))
    monkeypatch.setattr("sys.stdin", None)
    out = call(capfd, bare, "doctor").out
    assert "80×24" in out
    assert "closed" in out
