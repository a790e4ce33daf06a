"""`chatui ask -c --continue-reply`: the rest on standard output, the whole in the session."""

from __future__ import annotations

import json
import tomllib

import pytest

from tests.cli.stage import ServerThread, call, saved_sessions
from tests.sse_server import Close, Script, deltas, finish


def _cut(server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    server.server.add(Script([deltas("one", " two"), Close()]))
    assert call(capfd, environ, "ask", "--max-retries", "0", "Count").code == 1


def test_the_rest_is_printed_and_the_whole_is_kept(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    _cut(server, environ, capfd)
    server.server.add(Script([deltas("one two", " three"), finish()]))
    ran = call(capfd, environ, "ask", "-c", "--continue-reply")
    assert (ran.code, ran.out) == (0, " three")
    (path,) = saved_sessions(environ)
    messages = tomllib.loads(path.read_text())["messages"]
    assert [message["text"] for message in messages] == ["Count", "one two three"]


def test_json_tells_the_whole(server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    _cut(server, environ, capfd)
    server.server.add(Script([deltas("one two three"), finish()]))
    told = json.loads(call(capfd, environ, "ask", "-c", "--continue-reply", "--json").out)
    assert (told["text"], told["outcome"]) == ("one two three", "complete")


def test_a_whole_reply_is_not_continued(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    server.reply("All.")
    call(capfd, environ, "ask", "Count")
    ran = call(capfd, environ, "ask", "-c", "--continue-reply")
    assert (ran.code, ran.out) == (2, "")
    assert "nothing to continue" in ran.err
