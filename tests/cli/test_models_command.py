"""`chatui models`."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chatui.conversation.model_info import ModelInfo
from chatui.providers.local import FoundServer
from chatui.storage.model_cache import save_models
from tests.cli.stage import ServerThread, call
from tests.sse_server import Script, refusal


def _offer(server: ServerThread, *models: dict[str, object]) -> None:
    body = json.dumps({"data": list(models)}).encode()
    server.server.add(Script([body], headers={"content-type": "application/json"}, framing="length"))


def _cache(environ: dict[str, str], address: str, age: timedelta) -> None:
    folder = Path(environ["CHATUI_HOME"]) / "cache"
    save_models(folder, "env", address, [ModelInfo("env", "old-1")], datetime.now(UTC) - age)


def test_models_stand_with_their_window_and_price(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    price = {"prompt": "0.0000025", "completion": "0.00001"}
    _offer(server, {"id": "big-1", "context_length": 128000, "pricing": price}, {"id": "odd"})
    ran = call(capfd, environ, "models")
    assert (ran.code, ran.err) == (0, "")
    head, big, odd = ran.out.splitlines()
    assert head.split() == ["MODEL", "CONTEXT", "OUTPUT", "USD/M", "IN", "OUT", "CACHED", "PRICE", "OF", "LIST", "OF"]
    assert big.startswith("env/big-1  128,000       –       2.5   10       –  the provider's list  20")
    assert odd.split()[:7] == ["env/odd", *"–" * 6]


def test_a_list_of_the_last_day_is_not_asked_for_again(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    _offer(server, {"id": "one"})
    _offer(server, {"id": "two"})
    for words, model in (((), "env/one"), ((), "env/one"), (("--refresh",), "env/two"), ((), "env/two")):
        assert model in call(capfd, environ, "models", *words).out
    assert len(server.server.requests) == 2


def test_an_old_list_and_that_of_another_address_are_asked_for_again(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    _cache(environ, server.base_url, timedelta(days=2))
    _offer(server, {"id": "new"})
    assert "env/new" in call(capfd, environ, "models").out
    _cache(environ, "http://elsewhere/v1", timedelta(0))
    _offer(server, {"id": "newer"})
    assert "env/newer" in call(capfd, environ, "models").out


def test_without_an_answer_the_old_list_stands_and_that_is_told(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    _cache(environ, server.base_url, timedelta(days=2))
    server.server.add(refusal(500, "broken"))
    ran = call(capfd, environ, "models")
    assert ran.code == 0
    assert "env/old-1" in ran.out
    assert ran.err.startswith("chatui: env: env (127.0.0.1) answered 500: broken.")


def test_no_list_at_all_is_a_failure(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    server.server.add(refusal(401, "no"))
    ran = call(capfd, environ, "models")
    assert (ran.code, ran.out) == (1, "")


def test_an_empty_list_is_told(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    _offer(server)
    ran = call(capfd, environ, "models")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "chatui: env: its list of models is empty. Name the model yourself: env/MODEL.\n"


def test_the_list_as_json(server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    price = {"prompt": "0.000001", "completion": "0.000002"}
    _offer(server, {"id": "big-1", "pricing": price}, {"id": "odd"})
    first, second = json.loads(call(capfd, environ, "models", "--json").out)["models"]
    assert first["price"] == {"input": 1.0, "output": 2.0, "cached": None}
    assert first["price_as_of"] == "the provider's list"
    assert datetime.fromisoformat(first["fetched"]).tzinfo is not None
    assert second == {
        "name": "env/odd",
        "provider": "env",
        "id": "odd",
        "context_window": None,
        "max_output": None,
        "images": None,
        "price": None,
        "price_as_of": None,
        "fetched": first["fetched"],
    }


def test_one_provider_can_be_named(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    _offer(server, {"id": "big-1"})
    assert "env/big-1" in call(capfd, environ | {"OPENAI_API_KEY": "x"}, "models", "--provider", "env").out
    ran = call(capfd, environ, "models", "--provider", "nowhere")
    assert ran.code == 2
    assert "There is no provider 'nowhere'; there are env, deepseek" in ran.err


def test_servers_of_this_machine_are_asked_too(
    server: ServerThread, bare: dict[str, str], capfd: pytest.CaptureFixture[str], local_servers: list[FoundServer]
) -> None:
    local_servers.append(FoundServer("ollama", "Ollama", server.base_url, ("qwen3",)))
    _offer(server, {"id": "qwen3"})
    assert "ollama/qwen3" in call(capfd, bare, "models").out


def test_nobody_to_ask_is_told(bare: dict[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    ran = call(capfd, bare, "models")
    assert ran.code == 2
    assert "No provider is set up" in ran.err


def test_a_broken_address_has_no_list(bare: dict[str, str], capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[providers.work]\nbase_url = "ftp://x"\n')
    ran = call(capfd, bare, "models", "--config", str(config))
    assert ran.code == 1
    assert "work: base_url in [providers.work] is no address" in ran.err


def test_a_cache_that_cannot_be_written_hinders_nothing(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    home = Path(environ["CHATUI_HOME"])
    home.mkdir(parents=True, exist_ok=True)
    (home / "cache").write_text("in the way")
    _offer(server, {"id": "big-1"})
    ran = call(capfd, environ, "models")
    assert "env/big-1" in ran.out
    assert str(home / "cache") in ran.err
