"""Session ids."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatui.conversation.session import make_session_id
from chatui.storage.errors import StorageError
from chatui.storage.session_names import is_session_id, session_id_for
from tests.storage.samples import CREATED

BAD = [
    "",
    " ",
    ".",
    "..",
    "../x",
    "a/..",
    "a\\..\\b",
    "/.",
    "a\nb",
    "a\x00b",
    "\x1b[31m",
    "a\x7f",
    "x" * 201,
    "é" * 101,
    "\udc80",
]
ODD = [
    "-a",
    "A",
    "a/b",
    "a_b",
    "/etc/passwd",
    "con",
    "LPT1",
    "a∕b",
    "a.toml",
    "été",
    "x" * 65,
    "名前",
    "C:x",
    "--",
    "a b",
]

names = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="./\\"), min_size=1, max_size=50)
names = (names | st.sampled_from(ODD)).filter(str.strip)


def test_an_id_that_we_make_is_one() -> None:
    session_id = make_session_id(CREATED)
    assert is_session_id(session_id)
    assert session_id_for(session_id) == session_id


@pytest.mark.parametrize("name", BAD)
def test_a_dangerous_name_is_refused_with_a_reason(name: str) -> None:
    assert not is_session_id(name)
    with pytest.raises(StorageError, match="cannot have that name: it "):
        session_id_for(name)


@pytest.mark.parametrize("name", ODD)
def test_an_odd_name_is_mapped_to_a_safe_one(name: str) -> None:
    assert not is_session_id(name)
    session_id = session_id_for(name)
    assert is_session_id(session_id)
    assert "--" in session_id


def test_a_readable_part_of_the_name_stays() -> None:
    assert session_id_for("My Café notes!").startswith("my-cafe-notes--")
    assert session_id_for("名前").startswith("session--")


@settings(max_examples=100)
@given(names, names)
def test_two_names_never_map_to_one_id(one: str, other: str) -> None:
    ids = [session_id_for(one), session_id_for(other)]
    ids.append(session_id_for(ids[0]))
    assert all(is_session_id(session_id) for session_id in ids)
    assert (ids[0] == ids[1]) == (one == other)
    assert (ids[0] == ids[2]) == (one == ids[0])
