"""`chatui sessions`."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Message, Role, Status
from chatui.conversation.session import SessionHeader
from chatui.storage.paths import find_places
from chatui.storage.session_file import SessionFile
from chatui.storage.shelf import Shelf
from tests.cli.stage import Ran, call, execute, saved_sessions, spawn

MARCH = "20260301-120000-aaaa"
MAY = "20260501-120000-bbbb"


def _save(environ: dict[str, str], session_id: str, title: str, *texts: str) -> None:
    shelf = Shelf(find_places(environ, Path(environ["HOME"])))
    created = datetime(2026, 3, 1, 12, tzinfo=UTC)
    header = SessionHeader(session_id, created, title=title, model="held/one", system="Be terse.")
    file = SessionFile.create(shelf.new_session_path(session_id), header)
    parent: str | None = None
    for number, text in enumerate(texts, start=1):
        role = Role.ASSISTANT if number % 2 == 0 else Role.USER
        cut = Status.INTERRUPTED if text.endswith("…") else Status.COMPLETE
        failure = Failure(FailureKind.NETWORK, "It broke.") if cut is Status.INTERRUPTED else None
        model = "held/one" if role is Role.ASSISTANT else None
        message = Message(f"m{number}", role, text, created, parent, cut, model, failure=failure)
        file.put(message)
        file.set_active(message.id)
        parent = message.id
    file.save()


@pytest.fixture
def shelf(bare: dict[str, str]) -> dict[str, str]:
    """An environment with two sessions."""
    _save(bare, MARCH, "Monads \x1b[31m", "What is a monad?", 'A "monoid"\nin the category\x07 of endofunctors.')
    _save(bare, MAY, "Soup", "How do I cook soup?", "With water…")
    return bare


def _run(environ: dict[str, str], capfd: pytest.CaptureFixture[str], *argv: str) -> Ran:
    return call(capfd, environ, "sessions", *argv)


def test_the_list_shows_the_newest_first(shelf: dict[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    for words in ((), ("list",)):
        lines = _run(shelf, capfd, *words).out.splitlines()
        assert [line.split()[0] for line in lines] == [MAY, MARCH]
        assert lines[0].endswith("  2  held/one  Soup")
        assert lines[1].endswith("Monads ␛[31m")
    assert len(_run(shelf, capfd, "-n", "1").out.splitlines()) == 1


def test_a_session_that_cannot_be_opened_is_listed_with_its_problem(
    shelf: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    saved_sessions(shelf)[0].write_text("no session")
    assert "cannot be opened: " in _run(shelf, capfd).out


def test_the_list_as_json(shelf: dict[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    first, second = json.loads(_run(shelf, capfd, "list", "--json").out)["sessions"]
    assert first["modified"].endswith("+00:00")
    del second["modified"]
    assert second == {
        "id": MARCH,
        "title": "Monads \x1b[31m",
        "model": "held/one",
        "created": "2026-03-01T12:00:00+00:00",
        "messages": 2,
        "first_words": "What is a monad?",
        "problem": None,
    }


def test_an_empty_shelf_is_told(bare: dict[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    assert _run(bare, capfd) == Ran(0, "", "chatui: There is no session yet.\n")
    assert _run(bare, capfd, "list", "--trash") == Ran(0, "", "chatui: The trash is empty.\n")


def test_a_session_is_shown_by_a_part_of_its_title(shelf: dict[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    assert _run(shelf, capfd, "show", "soup").out == (
        "# Soup\n\n## System\n\nBe terse.\n\n## You\n\nHow do I cook soup?\n\n## held/one\n\nWith water…\n\n"
        "*interrupted: It broke.*\n"
    )


def test_a_terminal_gets_no_control(
    shelf: dict[str, str], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    shown = _run(shelf, capfd, "show", "monad").out
    assert "category␇ of" in shown
    assert "\x1b" not in shown


def test_no_session_that_fits_is_a_failure(shelf: dict[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    ran = _run(shelf, capfd, "show", "no", "such")
    assert (ran.code, ran.out) == (1, "")
    assert "No session fits 'no such'" in ran.err


def test_a_search_finds_the_first_line_in_any_case(shelf: dict[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    ran = _run(shelf, capfd, "search", "CATEGORY\x07", "of")
    assert ran == Ran(0, f"{MARCH}  Monads ␛[31m\n  assistant:  in the category␇ of endofunctors.\n", "")
    assert _run(shelf, capfd, "search", "nowhere").code == 1


def test_a_search_as_json(shelf: dict[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    rows = json.loads(_run(shelf, capfd, "search", "--json", '"monoid"').out)["sessions"]
    assert rows == [
        {"id": MARCH, "title": "Monads \x1b[31m", "role": "assistant", "message": "m2", "line": 'A "monoid"'}
    ]


def test_a_search_tells_what_it_cannot_read(shelf: dict[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    saved_sessions(shelf)[0].write_text("water = ")
    ran = _run(shelf, capfd, "search", "water")
    assert ran.out.startswith(MAY)
    assert "this is not a session that can be read" in ran.err


def test_an_export_to_toml_is_the_file_itself(shelf: dict[str, str]) -> None:
    path = saved_sessions(shelf)[0]
    with spawn(shelf, "sessions", "export", "--format", "toml", "monad") as program:
        out, _ = program.communicate()
    assert out == path.read_bytes()


def test_an_export_to_markdown_is_what_show_shows(shelf: dict[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    shown = _run(shelf, capfd, "show", "soup").out
    assert _run(shelf, capfd, "export", "soup").out == shown
    assert _run(shelf, capfd, "export", "--format", "md", "soup").out == shown


@pytest.mark.parametrize("form", ["json", "toml"])
def test_what_was_exported_can_be_taken_in(
    shelf: dict[str, str], capfd: pytest.CaptureFixture[str], tmp_path: Path, form: str
) -> None:
    path = saved_sessions(shelf)[0]
    carried = tmp_path / "carried"
    carried.write_text(_run(shelf, capfd, "export", "--format", form, "monad").out)
    new_id = _run(shelf, capfd, "import", str(carried)).out.strip()
    assert new_id != MARCH
    copied, original = (tomllib.loads(p.read_text()) for p in (path.with_stem(new_id), path))
    assert copied.pop("id") == new_id
    assert original.pop("id") == MARCH
    assert copied == original
    path.unlink()
    assert _run(shelf, capfd, "import", str(carried)).out == f"{MARCH}\n"


def test_what_is_no_session_is_not_taken_in(
    shelf: dict[str, str], capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    foreign = tmp_path / "foreign.json"
    foreign.write_text("{}")
    ran = _run(shelf, capfd, "import", str(foreign), "/nowhere")
    assert (ran.code, ran.out) == (1, "")
    assert len(ran.err.splitlines()) == 2
    assert len(saved_sessions(shelf)) == 2


def test_a_session_is_renamed(shelf: dict[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    assert _run(shelf, capfd, "rename", MAY, "Stew", "of", "lentils") == Ran(0, "", "")
    assert tomllib.loads(saved_sessions(shelf)[1].read_text())["title"] == "Stew of lentils"


def test_a_session_that_is_open_elsewhere_is_not_renamed(
    shelf: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    lock = Shelf(find_places(shelf, Path(shelf["HOME"]))).lock(MAY)
    assert lock.acquire()
    ran = _run(shelf, capfd, "rename", MAY, "Stew")
    lock.release()
    assert ran.code == 1
    assert "Another chatui has this session open" in ran.err
    assert "Ctrl" not in ran.err


def test_deleted_sessions_lie_in_the_trash_and_can_be_taken_back(
    shelf: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    assert "is in the trash" in _run(shelf, capfd, "delete", "soup", "monad").out
    assert saved_sessions(shelf) == []
    assert len(_run(shelf, capfd, "list", "--trash").out.splitlines()) == 2
    assert _run(shelf, capfd, "restore", "soup", MARCH).out == f"{MAY}\n{MARCH}\n"
    assert len(saved_sessions(shelf)) == 2


def test_restoring_names_one_session(shelf: dict[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    _run(shelf, capfd, "delete", "soup", "monad")
    none, many = _run(shelf, capfd, "restore", "bread"), _run(shelf, capfd, "restore", "2026")
    assert (none.code, many.code) == (1, 1)
    assert "There is no session in the trash that fits 'bread'." in none.err
    assert f"more than one session ({MAY}, {MARCH})" in many.err


def test_a_folder_elsewhere_can_be_named(shelf: dict[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    home = Path(shelf["CHATUI_HOME"])
    (home / "data").rename(home / "else")
    assert len(_run(shelf, capfd, "list", "--data-dir", str(home / "else")).out.splitlines()) == 2
    assert len(call(capfd, shelf, "--data-dir", str(home / "else"), "sessions").out.splitlines()) == 2


def test_a_reader_that_goes_away_ends_a_list_quietly(shelf: dict[str, str]) -> None:
    with spawn(shelf, "sessions", "list") as program:
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdout.close()
        assert program.stderr.read() == b""
        assert program.wait() == 141


def test_unknown_words_and_help_are_answered(shelf: dict[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    wrong = _run(shelf, capfd, "bogus")
    assert wrong.code == 2
    assert "there is no 'bogus'; expected one of list, show" in wrong.err
    helped = execute(shelf, "sessions", "--help")
    assert helped.code == 0
    assert "sessions export SESSION" in helped.out
