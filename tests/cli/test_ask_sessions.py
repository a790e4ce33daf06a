"""Which session `chatui ask` goes on with, and what it leaves behind."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from chatui.storage.lock import SessionLock
from chatui.storage.paths import find_places
from chatui.storage.shelf import Shelf
from tests.cli.stage import ServerThread, call, saved_sessions


def _texts(path: Path) -> list[str]:
    return [message["text"] for message in tomllib.loads(path.read_text())["messages"]]


def _lock(environ: dict[str, str], session_id: str) -> SessionLock:
    return Shelf(find_places(environ, Path(environ["HOME"]))).lock(session_id)


def test_continue_goes_on_with_the_last_session(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    server.reply("One.")
    server.reply("Two.")
    call(capfd, environ, "ask", "First")
    assert call(capfd, environ, "ask", "-c", "Second").out == "Two."
    (path,) = saved_sessions(environ)
    assert _texts(path) == ["First", "One.", "Second", "Two."]
    assert [m["content"] for m in server.server.requests[1].json["messages"]] == ["First", "One.", "Second"]


def test_continue_without_any_session_says_so(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    server.reply("One.")
    ran = call(capfd, environ, "ask", "--continue", "First")
    assert (ran.code, ran.out) == (0, "One.")
    assert ran.err == "chatui: There is no saved session yet, so this is a new one.\n"


def test_a_session_is_made_by_its_name_and_found_again(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    server.reply("One.")
    server.reply("Two.")
    call(capfd, environ, "ask", "--session", "notes", "First")
    call(capfd, environ, "ask", "--session", "notes", "Second")
    (path,) = saved_sessions(environ)
    assert path.stem == "notes"
    assert _texts(path) == ["First", "One.", "Second", "Two."]


def test_going_on_without_saving_leaves_the_session_as_it_is(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    server.reply("One.")
    server.reply("Two.")
    call(capfd, environ, "ask", "--session", "notes", "First")
    (path,) = saved_sessions(environ)
    before = path.read_bytes()
    assert call(capfd, environ, "ask", "-c", "--no-save", "--system", "Be terse.", "Second").out == "Two."
    assert path.read_bytes() == before
    assert [m["content"] for m in server.server.requests[1].json["messages"]] == [
        "Be terse.",
        "First",
        "One.",
        "Second",
    ]


def test_a_session_keeps_its_own_model_unless_another_is_named(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    for _ in range(3):
        server.reply("Yes.")
    call(capfd, environ, "ask", "-m", "env/small", "First")
    del environ["CHATUI_MODEL"]
    call(capfd, environ, "ask", "-c", "Second")
    call(capfd, environ | {"CHATUI_MODEL": "huge"}, "ask", "-c", "Third")
    assert [request.json["model"] for request in server.server.requests] == ["small", "small", "huge"]


def test_params_and_system_prompt_are_kept_with_a_session(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        server.reply("Yes.")
    call(capfd, environ, "ask", "-o", "temperature=0.1", "First")
    call(capfd, environ, "ask", "-c", "-o", "top_p=0.5", "--system", "Be terse.", "Second")
    (path,) = saved_sessions(environ)
    document = tomllib.loads(path.read_text())
    assert document["params"] == {"temperature": 0.1, "top_p": 0.5}
    assert document["system"] == "Be terse."


def test_a_session_that_is_open_elsewhere_is_refused_before_the_request(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    server.reply("One.")
    call(capfd, environ, "ask", "--session", "notes", "First")
    lock = _lock(environ, "notes")
    assert lock.acquire()
    ran = call(capfd, environ, "ask", "-c", "Second")
    lock.release()
    assert ran.code == 2
    assert "Another chatui has this session open" in ran.err
    assert "--no-save" in ran.err
    assert len(server.server.requests) == 1


def test_a_session_that_is_open_elsewhere_can_be_gone_on_with_unsaved(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    server.reply("One.")
    server.reply("Two.")
    call(capfd, environ, "ask", "--session", "notes", "First")
    lock = _lock(environ, "notes")
    assert lock.acquire()
    ran = call(capfd, environ, "ask", "--session", "notes", "--no-save", "Second")
    lock.release()
    assert (ran.code, ran.out, ran.err) == (0, "Two.", "")


def test_what_cannot_be_saved_is_told_and_the_answer_comes(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    server.reply("One.")
    home = Path(environ["CHATUI_HOME"])
    home.mkdir(parents=True, exist_ok=True)
    (home / "data").write_text("in the way")
    ran = call(capfd, environ, "ask", "First")
    assert (ran.code, ran.out) == (0, "One.")
    assert "chatui: Not saved: " in ran.err
