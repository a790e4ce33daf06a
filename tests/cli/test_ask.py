"""`chatui ask`, in this process, against a scripted server."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from chatui.providers.local import FoundServer
from tests.cli.stage import ServerThread, call, saved_sessions
from tests.sse_server import Close, Script, delta, deltas, finish, refusal

CODE = "Here:\n\n```sh\nls\n```\n\nor\n\n```sh\nls -l\n```\n\nDone."


def test_the_answer_is_all_that_stands_on_standard_output(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    server.reply("Hel", "lo\x1b[31m\r\n", " you")
    ran = call(capfd, environ, "ask", "Say", "hello")
    assert (ran.code, ran.out, ran.err) == (0, "Hello\x1b[31m\r\n you", "")
    request = server.server.requests[0].json
    assert request["messages"] == [{"role": "user", "content": "Say hello"}]
    assert request["model"] == "big-1"


def test_the_answer_is_saved(server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    server.reply("Hi.")
    call(capfd, environ, "ask", "Hello")
    (path,) = saved_sessions(environ)
    assert [m["text"] for m in tomllib.loads(path.read_text())["messages"]] == ["Hello", "Hi."]


def test_no_save_leaves_no_file_anywhere(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str], home: Path
) -> None:
    server.reply("Hi.")
    assert call(capfd, environ, "ask", "--no-save", "Hello").out == "Hi."
    assert not [path for path in home.rglob("*") if path.is_file()]


def test_json_is_one_object_with_all_there_is_to_know(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    usage: dict[str, object] = {
        "prompt_tokens": 12,
        "completion_tokens": 5,
        "prompt_tokens_details": {"cached_tokens": 4},
        "completion_tokens_details": {"reasoning_tokens": 2},
    }
    server.server.add(Script([delta(reasoning_content="Hm."), deltas("Hé"), finish(usage=usage)]))
    ran = call(capfd, environ, "ask", "--json", "Hello")
    assert ran.code == 0
    assert ran.err == ""
    assert ran.out.isascii()
    assert ran.out.count("\n") == 1
    told = json.loads(ran.out)
    timing = told.pop("timing")
    assert 0 < timing["first_token"] <= timing["total"]
    (path,) = saved_sessions(environ)
    assert told == {
        "outcome": "complete",
        "text": "Hé",
        "reasoning": "Hm.",
        "finish_reason": "stop",
        "usage": {"input": 12, "output": 5, "cached": 4, "reasoning": 2, "estimated": False},
        "cost": None,
        "attempts": 1,
        "retries": [],
        "model": "env/big-1",
        "session": path.stem,
        "error": None,
    }


def test_json_of_what_is_not_saved_names_no_session(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    server.reply("Hi.")
    assert json.loads(call(capfd, environ, "ask", "--json", "--no-save", "Hello").out)["session"] is None


def test_a_refusal_is_told_with_what_to_do(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    server.server.add(refusal(401, "no such key sk-test-4711-abcdef"))
    ran = call(capfd, environ, "ask", "Hello")
    assert ran.code == 1
    assert ran.out == ""
    assert ran.err.startswith("chatui: env (127.0.0.1) answered 401")
    assert "Check the key from CHATUI_API_KEY (…cdef)" in ran.err
    assert "4711" not in ran.err


def test_json_of_a_refusal_names_kind_and_status(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    server.server.add(refusal(402, "no money"))
    told = json.loads(call(capfd, environ, "ask", "--json", "Hello").out)
    assert told["outcome"] == "failed"
    assert told["error"]["kind"] == "funds"
    assert told["error"]["status"] == 402
    assert told["usage"] == {"input": 0, "output": 0, "cached": 0, "reasoning": 0, "estimated": True}


def test_a_cut_keeps_what_came_and_ends_with_1(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    server.server.add(Script([deltas("Half"), Close()]))
    ran = call(capfd, environ, "ask", "Hello")
    (path,) = saved_sessions(environ)
    assert (ran.code, ran.out) == (1, "Half")
    assert "The answer was interrupted." in ran.err
    assert f"What came is kept: chatui -r {path.stem}" in ran.err


def test_each_retry_is_told(server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    server.server.add(refusal(429, "slow down", retry_after_ms="10"))
    server.reply("Hi.")
    ran = call(capfd, environ, "ask", "--json", "Hello")
    assert ran.code == 0
    assert ran.err == "chatui: 429 rate limited · retry 1/3 after 0 s (env (127.0.0.1) answered 429: slow down)\n"
    told = json.loads(ran.out)
    assert told["attempts"] == 2
    (retry,) = told["retries"]
    assert (retry["kind"], retry["status"], retry["message"]) == (
        "rate_limit",
        429,
        "env (127.0.0.1) answered 429: slow down",
    )
    assert 0.01 <= retry["wait"] <= 1.01


def test_max_retries_limits_the_attempts(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    server.server.add(refusal(429, "slow down", retry_after_ms="10"))
    ran = call(capfd, environ, "ask", "--max-retries", "0", "--json", "Hello")
    assert ran.code == 1
    assert json.loads(ran.out)["attempts"] == 1
    assert len(server.server.requests) == 1


def test_a_reply_cut_by_its_limit_is_complete_and_told(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    server.server.add(Script([deltas("Half"), finish("length")]))
    ran = call(capfd, environ, "ask", "Hello")
    assert (ran.code, ran.out) == (0, "Half")
    assert "cut off: the output limit is reached" in ran.err
    assert "-o max_tokens" in ran.err


def test_the_last_code_block_alone(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    server.reply(CODE)
    ran = call(capfd, environ, "ask", "-x", "Hello")
    assert (ran.code, ran.out, ran.err) == (0, "ls -l\n", "")


def test_no_code_block_is_a_failure(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    server.reply("None here.")
    ran = call(capfd, environ, "ask", "--extract", "Hello")
    assert (ran.code, ran.out) == (1, "")
    assert "no code block" in ran.err


def test_params_and_the_system_prompt_are_sent(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    server.reply("Hi.")
    words = ("-o", "temperature=0.2", "--param", "stop=['a']", "-o", "reasoning_effort=low", "--system", "Be terse.")
    call(capfd, environ, "ask", *words, "Hello")
    request = server.server.requests[0].json
    assert (request["temperature"], request["stop"], request["reasoning_effort"]) == (0.2, ["a"], "low")
    assert request["messages"][0] == {"role": "system", "content": "Be terse."}


def test_the_model_flag_goes_before_the_environment(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    server.reply("Hi.")
    call(capfd, environ, "ask", "--model", "lab/small-1", "Hello")
    assert server.server.requests[0].json["model"] == "lab/small-1"


def test_files_are_added_under_their_names(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    one, two = tmp_path / "one.py", tmp_path / "two.txt"
    one.write_text("print(1)\n")
    two.write_text("```\ntwo")
    server.reply("Hi.")
    call(capfd, environ, "ask", "Explain", "-f", str(one), "--file", str(two))
    sent = server.server.requests[0].json["messages"][0]["content"]
    assert sent == "Explain\n\n`one.py`:\n\n```py\nprint(1)\n```\n\n`two.txt`:\n\n````txt\n```\ntwo\n````"


def test_a_server_that_runs_here_is_asked_when_nothing_is_set(
    server: ServerThread, bare: dict[str, str], capfd: pytest.CaptureFixture[str], local_servers: list[FoundServer]
) -> None:
    local_servers += [
        FoundServer("jan", "Jan", "http://127.0.0.1:9/v1"),
        FoundServer("ollama", "Ollama", server.base_url, ("qwen3",)),
    ]
    server.reply("Hi.")
    ran = call(capfd, bare, "ask", "Hello")
    assert (ran.code, ran.out) == (0, "Hi.")
    assert f"No model is set, so this asks ollama/qwen3, found at {server.base_url}." in ran.err


def test_the_demo_answers_when_it_is_asked(bare: dict[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    ran = call(capfd, bare, "ask", "-m", "demo/guide", "hello")
    assert ran.code == 0
    assert "chatui" in ran.out


def test_a_cassette_is_played_and_recorded(
    bare: dict[str, str], capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    tape, copy = tmp_path / "tape.toml", tmp_path / "copy.toml"
    tape.write_text(
        'format = 1\nmodel = "glm-5"\n[[replies]]\nevents = [{ text = "Said once" }, { finish_reason = "stop" }]\n'
    )
    assert call(capfd, bare, "ask", "--play", str(tape), "--record", str(copy), "Hello").out == "Said once"
    ran = call(capfd, bare, "ask", "--play", str(copy), "--json", "Hello")
    assert json.loads(ran.out)["model"] == "scripted/glm-5"


def test_a_recording_that_cannot_be_written_is_told(
    bare: dict[str, str], capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    ran = call(capfd, bare, "ask", "-m", "demo/guide", "--record", str(tmp_path), "hello")
    assert ran.code == 0
    assert str(tmp_path) in ran.err


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        ((), "There is nothing to ask."),
        (("-m", "nowhere/x", "Hi"), "There is no provider “nowhere”. Add [providers.nowhere] with a base_url"),
        (("-m", "loose", "Hi"), "“loose” does not name a model."),
        (("Hi",), "No model is set up. Set a key such as DEEPSEEK_API_KEY"),
        (("--config", "/nowhere/c.toml", "Hi"), "There is no config file /nowhere/c.toml."),
        (("--play", "/nowhere/c.toml", "Hi"), "/nowhere/c.toml cannot be read"),
        (("-m", "demo/guide", "--session", "..", "Hi"), "A session cannot have that name"),
        (("-f", "/nowhere/c.txt", "Hi"), "/nowhere/c.txt cannot be read: No such file or directory."),
        (("-m", "openai/gpt-4o", "Hi"), "There is no key for OpenAI. Set OPENAI_API_KEY"),
    ],
)
def test_wrong_use_is_told_and_ends_with_2(
    bare: dict[str, str], capfd: pytest.CaptureFixture[str], argv: tuple[str, ...], told: str
) -> None:
    ran = call(capfd, bare, "ask", *argv)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"chatui: {told}")
    assert "Ctrl+" not in ran.err


def test_a_config_that_decides_who_is_asked_must_be_right(
    bare: dict[str, str], capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    config = tmp_path / "c.toml"
    config.write_text("model = \n")
    ran = call(capfd, bare, "ask", "--config", str(config), "Hi")
    assert ran.code == 2
    assert ran.err.startswith(f"chatui: {config}:1: is not valid TOML")


def test_other_problems_of_the_config_are_told_and_hinder_nothing(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    config = tmp_path / "c.toml"
    config.write_text("colour = 1\n")
    server.reply("Hi.")
    ran = call(capfd, environ, "ask", "--config", str(config), "Hi")
    assert (ran.code, ran.out) == (0, "Hi.")
    assert ran.err.startswith(f"chatui: {config}:1: colour: there is no such setting")
