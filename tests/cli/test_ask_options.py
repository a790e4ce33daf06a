"""The options of `chatui ask` that have no file of their own, each as a program."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.cli.stage import ServerThread, execute, saved_sessions
from tests.sse_server import refusal

CODE = "Here:\n\n```sh\nls\n```\n\nor\n\n```sh\nls -l\n```\n\nDone."


def test_the_system_prompt_and_parameters_are_sent(server: ServerThread, environ: dict[str, str]) -> None:
    server.reply("Hi.")
    words = ("--system", "Be terse.", "-o", "temperature=0.2", "--param", "stop=['a']", "-m", "lab/small-1")
    assert execute(environ, "ask", *words, "Hello").code == 0
    sent = server.server.requests[0].json
    assert sent["messages"][0] == {"role": "system", "content": "Be terse."}
    assert (sent["temperature"], sent["stop"], sent["model"]) == (0.2, ["a"], "lab/small-1")


def test_it_goes_on_with_the_last_session_or_a_named_one(server: ServerThread, environ: dict[str, str]) -> None:
    for text in ("One.", "Two.", "Three."):
        server.reply(text)
    execute(environ, "ask", "--session", "mine", "First")
    execute(environ, "ask", "-c", "Second")
    execute(environ, "ask", "--session", "mine", "Third")
    assert [path.stem for path in saved_sessions(environ)] == ["mine"]
    said = [message["content"] for message in server.server.requests[2].json["messages"]]
    assert said == ["First", "One.", "Second", "Two.", "Third"]


def test_nothing_is_saved_where_that_is_not_wanted(server: ServerThread, environ: dict[str, str]) -> None:
    server.reply("Hi.")
    assert execute(environ, "ask", "--no-save", "Hello").out == "Hi."
    assert not list(Path(environ["CHATUI_HOME"]).rglob("*"))


def test_the_last_code_block_alone_is_printed(server: ServerThread, environ: dict[str, str]) -> None:
    server.reply(CODE)
    server.reply("None here.")
    ran = execute(environ, "ask", "-x", "Hello")
    assert (ran.code, ran.out, ran.err) == (0, "ls -l\n", "")
    ran = execute(environ, "ask", "--extract", "Hello")
    assert (ran.code, ran.out) == (1, "")
    assert "no code block" in ran.err


def test_retries_are_told_and_limited(server: ServerThread, environ: dict[str, str]) -> None:
    for _ in range(3):
        server.server.add(refusal(503, "busy", retry_after_ms="10"))
    ran = execute(environ, "ask", "--max-retries", "1", "Hello")
    assert (ran.code, ran.out) == (1, "")
    assert "retry 1/1 after 0 s" in ran.err
    assert len(server.server.requests) == 2


def test_a_text_beyond_the_limit_is_told(environ: dict[str, str], tmp_path: Path) -> None:
    huge = tmp_path / "huge.txt"
    with huge.open("wb") as file:
        file.write(b"a")
        file.truncate(32 * 2**20 + 1)
    ran = execute(environ, "ask", "-f", str(huge), "What is this?")
    assert (ran.code, ran.err) == (2, f"chatui: {huge} holds more than 32 MB. Send a part of it.\n")


def test_data_and_config_can_stand_elsewhere(server: ServerThread, environ: dict[str, str], tmp_path: Path) -> None:
    config = tmp_path / "mine.toml"
    config.write_text('system = "Be kind."\n')
    server.reply("Hi.")
    ran = execute(environ, "ask", "--config", str(config), "--data-dir", str(tmp_path / "data"), "Hello")
    assert ran.code == 0
    assert server.server.requests[0].json["messages"][0]["content"] == "Be kind."
    (session,) = (tmp_path / "data" / "sessions").glob("*.toml")
    assert tomllib.loads(session.read_text())["messages"][1]["text"] == "Hi."


@pytest.mark.parametrize("stdin", [b"", b" \n\n"])
def test_an_empty_prompt_is_wrong_use(server: ServerThread, environ: dict[str, str], stdin: bytes) -> None:
    ran = execute(environ, "ask", stdin=stdin)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("chatui: There is nothing to ask.")
    assert server.server.requests == []


@pytest.mark.parametrize(
    ("model", "told"),
    [
        ("depseek/deepseek-flash", "There is no provider “depseek”."),
        ("deepseek-flsh", "“deepseek-flsh” does not name a model."),
    ],
)
def test_a_name_that_is_not_known_is_told_with_those_near(bare: dict[str, str], model: str, told: str) -> None:
    ran = execute(bare, "ask", "-m", model, "Hello")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"chatui: {told}")
    assert "Did you mean deepseek/deepseek-flash" in ran.err


def test_a_model_that_the_server_does_not_have_is_told_with_those_near(
    server: ServerThread, environ: dict[str, str]
) -> None:
    config = Path(environ["CHATUI_HOME"]) / "config" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('[providers.env.models."big-1"]\n[providers.env.models."other"]\n')
    server.server.add(refusal(404, "no such model"), refusal(404, "no such model"))
    ran = execute(environ, "ask", "-m", "env/bgi-1", "Hello")
    assert ran.code == 1
    assert ran.err.endswith("chatui: Did you mean env/big-1?\n")
    # Where it is the very name that is known there is nothing to suggest.
    assert "Did you mean" not in execute(environ, "ask", "Hello").err
