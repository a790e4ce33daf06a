"""Text in all sessions."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from chatui.conversation.message import Message, Role
from chatui.conversation.session import SessionHeader
from chatui.engine.session_search import FoundSession, search_sessions
from chatui.storage.errors import StorageError
from chatui.storage.paths import find_places
from chatui.storage.session_file import SessionFile
from chatui.storage.shelf import Shelf

WHEN = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """Three sessions, and files that are none."""
    shelf = Shelf(find_places({"CHATUI_HOME": str(tmp_path)}, tmp_path))
    for session_id, title, text in (
        ("20260101-000000-aaaa", "Alpha", "one\n  two words\nthree"),
        ("20260102-000000-bbbb", "Beta", 'a "quoted" ÄPFEL\ttab'),
        ("20260103-000000-cccc", "Two of a kind", "nothing here"),
    ):
        file = SessionFile.create(shelf.new_session_path(session_id), SessionHeader(session_id, WHEN, title=title))
        file.put(Message("m1", Role.USER, text, WHEN))
        file.put(Message("m2", Role.ASSISTANT, "reply", WHEN, "m1"))
        file.save()
    (shelf.places.sessions / "No Session.toml").write_text("two")
    return shelf


def _found(shelf: Shelf, text: str) -> list[tuple[str, str, str]]:
    found = [each for each in search_sessions(shelf, text) if isinstance(each, FoundSession)]
    return [(each.id[-4:], each.role, each.line) for each in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("TWO", [("cccc", "title", "Two of a kind"), ("aaaa", "user", "two words")]),
        ("äpfel", [("bbbb", "user", 'a "quoted" ÄPFEL\ttab')]),
        ('"quoted"', [("bbbb", "user", 'a "quoted" ÄPFEL\ttab')]),
        ("words\nthree", [("aaaa", "user", "one\n  two words\nthree")]),
        ("l\tt", [("bbbb", "user", 'a "quoted" ÄPFEL\ttab')]),
        ("created", []),
        ("nowhere", []),
    ],
)
def test_the_first_line_that_holds_it_is_found(shelf: Shelf, text: str, expected: list[tuple[str, str, str]]) -> None:
    assert _found(shelf, text) == expected


def test_a_file_that_cannot_be_read_is_among_the_findings(shelf: Shelf) -> None:
    shelf.new_session_path("20260101-000000-aaaa").write_text("two = ")
    found = list(search_sessions(shelf, "two"))
    assert [type(each) for each in found] == [FoundSession, StorageError]
