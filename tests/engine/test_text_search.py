"""Words in what was said: which sessions hold them, newest first, and what stands around them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from chatui.conversation.message import Message, Role
from chatui.conversation.session import SessionHeader
from chatui.engine.text_search import find_said, take_step
from chatui.storage.paths import find_places
from chatui.storage.session_file import SessionFile
from chatui.storage.shelf import Shelf

WHEN = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(find_places({"CHATUI_HOME": str(tmp_path)}, tmp_path))


def save(shelf: Shelf, day: int, *texts: str) -> Path:
    session_id = f"202601{day:02}-000000-aaaa"
    file = SessionFile.create(shelf.new_session_path(session_id), SessionHeader(session_id, WHEN, title=f"Day {day}"))
    for number, text in enumerate(texts, 1):
        file.put(Message(f"m{number}", Role.USER, text, WHEN, f"m{number - 1}" if number > 1 else None))
    file.save()
    return file.path


def found(shelf: Shelf, query: str) -> list[tuple[str, str]]:
    said = [each for each in find_said(shelf, query.split()) if each is not None]
    return [(each.session.title, each.excerpt) for each in said]


def test_all_words_stand_in_one_message_in_any_order_and_case(shelf: Shelf) -> None:
    save(shelf, 1, "alpha", "beta")
    save(shelf, 2, "first line\nthe BETA, then\nALPHA and beta together")
    assert found(shelf, "alpha beta") == [("Day 2", "ALPHA and beta together")]
    assert found(shelf, "alpha") == [("Day 2", "ALPHA and beta together"), ("Day 1", "alpha")]
    assert found(shelf, "gamma") == []
    assert found(shelf, "Day") == [], "titles are not what was said"
    assert found(shelf, "") == []


def test_other_scripts_and_what_toml_escapes_are_found(shelf: Shelf) -> None:
    save(shelf, 1, 'Über "Äpfel" und C:\\dir', "你好，世界", "tab\there")
    assert found(shelf, "ÄPFEL")
    assert found(shelf, '"äpfel"')
    assert found(shelf, "c:\\dir")
    assert found(shelf, "世界") == [("Day 1", "你好，世界")]


def test_an_excerpt_begins_a_little_before_the_match(shelf: Shelf) -> None:
    save(shelf, 1, "word " * 40 + "needle " + "more " * 200)
    [(_, excerpt)] = found(shelf, "needle")
    assert excerpt.startswith("…word")
    assert excerpt.index("needle") <= 31
    assert len(excerpt) == 301


def test_words_are_found_across_the_pieces_that_a_long_file_is_looked_at_in(shelf: Shelf) -> None:
    path = save(shelf, 1, "x")
    for shift in (-3, 0, 3):
        filler = 512 * 1024 - len(path.read_bytes()) + shift
        save(shelf, 2, "y" * filler + " Grüße needle " + "z" * 1000)
        assert [title for title, _ in found(shelf, "needle")] == ["Day 2"]
        assert [title for title, _ in found(shelf, "grüße")] == ["Day 2"]


def test_a_damaged_file_keeps_no_other_from_being_searched(shelf: Shelf) -> None:
    save(shelf, 1, "needle")
    save(shelf, 2, "needle").write_text("needle = ")
    assert [title for title, _ in found(shelf, "needle")] == ["Day 1"]


def test_a_search_goes_on_in_steps(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatui.engine.text_search.STEP_SECONDS", 0)
    for day in range(1, 5):
        save(shelf, day, "needle" if day % 2 else "hay")
    search = find_said(shelf, ["needle"])
    steps = [take_step(search) for _ in range(5)]
    assert [len(each) for each, _ in steps] == [0, 1, 0, 1, 0]
    assert [is_over for _, is_over in steps] == [False] * 4 + [True]
