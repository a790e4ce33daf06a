"""Damaged, foreign and odd files among the sessions: each is told with a reason, kept, and in nobody's way."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.cli.stage import ServerThread, call
from tests.storage.odd_files import GOOD, OWN_NAMES, READABLE, TOLD, OddFolder, make_odd_folder


@pytest.fixture
def odd(environ: dict[str, str], home: Path) -> OddFolder:
    del home
    return make_odd_folder(Path(environ["CHATUI_HOME"]))


def test_each_is_listed_with_its_reason_and_none_is_touched(
    odd: OddFolder, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    before = odd.look()
    began = time.process_time()
    listed = json.loads(call(capfd, environ, "sessions", "list", "--json").out)["sessions"]
    assert time.process_time() - began < 1.0
    problems = {session["id"]: session["problem"] for session in listed}
    assert problems.pop(GOOD) is None
    for kind, words in TOLD.items():
        assert words in problems.pop(odd.id(kind)), kind
    assert all("does not have the name of a session" in problems.pop(name) for name in OWN_NAMES)
    assert problems == {}
    rows = call(capfd, environ, "sessions", "list").out.splitlines()
    assert sum("cannot be opened" in row for row in rows) == len(TOLD) - len(READABLE) + len(OWN_NAMES)
    assert odd.look() == before


def test_doctor_names_them(odd: OddFolder, environ: dict[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    before = odd.look()
    problems = json.loads(call(capfd, environ, "doctor", "--json").out)["problems"]
    assert any("My Notes.toml" in problem for problem in problems)
    assert problems[-1].endswith("more: `chatui sessions list` shows all.")
    assert odd.look() == before


@pytest.mark.parametrize("kind", sorted(set(TOLD) - READABLE))
def test_one_that_is_named_is_refused_with_its_reason(
    odd: OddFolder, environ: dict[str, str], capfd: pytest.CaptureFixture[str], server: ServerThread, kind: str
) -> None:
    before = odd.look()
    verbs = [
        ("sessions", "show", odd.id(kind)),
        ("sessions", "export", odd.id(kind), "--format", "json"),
        ("sessions", "rename", odd.id(kind), "New"),
        ("ask", "--session", odd.id(kind), "Hi"),
    ]
    for verb in verbs:
        ran = call(capfd, environ, *verb)
        assert ran.code in (1, 2), verb
        assert odd.id(kind) in ran.err, verb
        assert "Traceback" not in ran.err
        assert len(ran.err) < 1000
    assert server.server.requests == []
    assert odd.look() == before


def test_a_newer_one_is_read_and_never_written(
    odd: OddFolder, environ: dict[str, str], capfd: pytest.CaptureFixture[str], server: ServerThread
) -> None:
    before = odd.look()
    assert "Hello." in call(capfd, environ, "sessions", "show", odd.id("newer")).out
    for verb in [("sessions", "rename", odd.id("newer"), "New"), ("ask", "--session", odd.id("newer"), "Hi")]:
        server.reply("Not kept.")
        ran = call(capfd, environ, *verb)
        assert "newer chatui" in ran.err, verb
    assert odd.look() == before


def test_the_good_one_goes_on_among_them(
    odd: OddFolder, environ: dict[str, str], capfd: pytest.CaptureFixture[str], server: ServerThread
) -> None:
    before = odd.look()
    server.reply("Going on.")
    assert call(capfd, environ, "ask", "-c", "And?").out.strip() == "Going on."
    after = odd.look()
    assert "Going on." in str(after.pop(f"{GOOD}.toml"))
    before.pop(f"{GOOD}.toml")
    assert after == before


def test_any_of_them_can_be_put_in_the_trash_and_taken_back_as_it_is(
    odd: OddFolder, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    before = odd.look()
    for kind in TOLD:
        assert call(capfd, environ, "sessions", "delete", odd.id(kind)).code == 0, kind
    assert len(odd.look()) == len(before) - len(TOLD)
    for kind in TOLD:
        assert call(capfd, environ, "sessions", "restore", odd.id(kind)).code == 0, kind
    assert odd.look() == before
