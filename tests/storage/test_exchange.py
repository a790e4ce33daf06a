"""Sessions carried as JSON and TOML."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from chatui.storage.errors import StorageError
from chatui.storage.exchange import _encode_time, export_json, import_session
from chatui.storage.paths import find_places
from chatui.storage.shelf import Shelf

SESSION = '''format = 1
id = "20260101-000000-aaaa"
title = "Odd \\u001b things"
created = 2026-01-01T00:00:00Z
active = "m2"
day = 2026-01-01
later = "kept"

[params]
temperature = 0.5
stop = ["a", "b"]

[[messages]]
id = "m1"
role = "user"
created = 2026-01-01T00:00:01.5Z
text = """
Two
lines"""

[[messages]]
id = "m2"
parent = "m1"
role = "assistant"
created = 2026-01-01T00:00:02Z
status = "complete"
text = "Ä"
usage = { input = 1, output = 2, cached = 0, reasoning = 0, estimated = false }
future = "kept"
'''


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """An empty shelf."""
    return Shelf(find_places({"CHATUI_HOME": str(tmp_path / "home")}, tmp_path))


@pytest.fixture
def carried(tmp_path: Path) -> Path:
    """A session that came from elsewhere."""
    path = tmp_path / "carried"
    path.write_text(SESSION)
    return path


def test_json_holds_all_that_the_file_holds(carried: Path) -> None:
    text = export_json(carried)
    assert text.isascii()
    table = json.loads(text)
    assert table["day"] == "2026-01-01"
    assert table["created"] == "2026-01-01T00:00:00Z"
    assert [message["text"] for message in table["messages"]] == ["Two\nlines", "Ä"]
    assert table["messages"][1]["future"] == "kept"


def test_a_session_goes_out_as_json_and_comes_in_the_same(carried: Path, shelf: Shelf, tmp_path: Path) -> None:
    original = tomllib.loads(SESSION)
    assert import_session(carried, shelf) == "20260101-000000-aaaa"
    (tmp_path / "copy").write_text(export_json(carried))
    second = import_session(tmp_path / "copy", shelf)
    assert second.startswith("20260101-000000-")
    assert second != "20260101-000000-aaaa"
    first_table, second_table = (tomllib.loads(shelf.new_session_path(i).read_text()) for i in (original["id"], second))
    assert first_table == original
    # JSON has no dates: one that chatui does not know stays text.
    assert second_table == original | {"id": second, "day": "2026-01-01"}


def test_an_id_that_could_lead_elsewhere_is_replaced(carried: Path, shelf: Shelf) -> None:
    carried.write_text(SESSION.replace("20260101-000000-aaaa", "../../escape"))
    session_id = import_session(carried, shelf)
    assert shelf.new_session_path(session_id).exists()
    assert tomllib.loads(shelf.new_session_path(session_id).read_text())["id"] == session_id


def test_null_means_not_there(carried: Path, shelf: Shelf) -> None:
    carried.write_text(
        '{"format": 1, "id": "x", "title": null, "messages": [{"id": null, "role": "user", "text": ""}]}'
    )
    assert import_session(carried, shelf) == "x"
    assert len(tomllib.loads(shelf.new_session_path("x").read_text())["messages"]) == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "is not a session"),
        ('{"format": 1, "messages": 3}', "`messages` is not a list of objects"),
        ('{"format": 1, "messages": [3]}', "`messages` is not a list of objects"),
        ('{"format": 1, "messages": [{"text": "x"}]}', "`role` or `text` is missing"),
        ('{"format": 1, "created": "long ago"}', "Invalid isoformat string"),
        ('{"format": "one"}', "it has no `format = 1`"),
        ('{"a": ' * 5000, "is not a session"),
        ("no = toml =", "this is not a session that can be read"),
        ("", "it has no `format = 1`"),
    ],
)
def test_what_is_no_session_is_told_and_nothing_is_written(
    carried: Path, shelf: Shelf, content: str, reason: str
) -> None:
    carried.write_text(content)
    with pytest.raises(StorageError, match=reason):
        import_session(carried, shelf)
    assert not shelf.places.sessions.exists()


def test_a_session_that_is_just_being_made_is_not_written_over(carried: Path, shelf: Shelf) -> None:
    lock = shelf.lock("20260101-000000-aaaa")
    assert lock.acquire()
    with pytest.raises(StorageError, match="Another chatui makes a session of that id"):
        import_session(carried, shelf)
    lock.release()


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        ("no toml", "not a session that can be read"),
        ("x = nan", "no `format = 1`"),
        ("", "no `format = 1`"),
        ("format = 1\nx = nan", "cannot be exported"),
    ],
)
def test_what_is_no_session_or_has_no_place_in_json_is_not_exported(carried: Path, odd: str, reason: str) -> None:
    carried.write_text(odd)
    with pytest.raises(StorageError, match=reason):
        export_json(carried)


def test_only_times_are_written_as_text() -> None:
    with pytest.raises(TypeError, match="object has no place in JSON"):
        _encode_time(object())
