"""TOML as text."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings

from chatui.storage.toml_text import (
    TomlError,
    encode_key,
    encode_string,
    encode_text,
    encode_time,
    encode_value,
    parse_toml,
    replace_surrogates,
    take,
    take_number,
    take_time,
)
from tests.storage.samples import CREATED, EAST, TRICKY, texts, values


@settings(max_examples=100)
@given(texts)
def test_every_text_comes_back_as_it_was(text: str) -> None:
    assert tomllib.loads(f"a = {encode_text(text)}\nb = {encode_string(text)}\n") == {"a": text, "b": text}
    assert tomllib.loads(f"{encode_key(text)} = 1\n") == {text: 1}


@settings(max_examples=100)
@given(texts)
def test_no_line_of_an_encoded_text_reads_as_a_block_header(text: str) -> None:
    lines = encode_text(text).split("\n")
    assert not [line for line in lines if line.strip().startswith(("[[messages", "[[delta", "[[ messages"))]


@settings(max_examples=100)
@given(values)
def test_every_value_comes_back_as_it_was_from_one_line(value: object) -> None:
    encoded = encode_value(value)
    assert "\n" not in encoded
    assert tomllib.loads(f"a = {encoded}\n") == {"a": value}


def test_text_of_several_lines_stays_readable() -> None:
    assert encode_text('say "hi"\n\tthere') == '"""\nsay "hi"\n\tthere"""'


def test_the_tricky_text_stands_on_one_line() -> None:
    assert "\n" not in encode_text(TRICKY)
    assert tomllib.loads(f"a = {encode_text(TRICKY)}") == {"a": TRICKY}


def test_a_carriage_return_survives() -> None:
    text = "one\r\ntwo\rthree\n"
    assert tomllib.loads(f"a = {encode_text(text)}") == {"a": text}


def test_a_lone_surrogate_becomes_the_replacement_character() -> None:
    assert replace_surrogates("a\ud800b") == "a\ufffdb"
    assert encode_text("a\udfff\nb") == '"""\na\ufffd\nb"""'
    assert encode_string("\ud800").encode() == '"\ufffd"'.encode()


def test_a_time_is_written_as_utc() -> None:
    assert encode_time(CREATED) == "2026-11-23T10:42:33Z"
    assert encode_time(CREATED.astimezone(EAST)) == "2026-11-23T10:42:33Z"
    assert encode_time(CREATED.replace(tzinfo=None)) == "2026-11-23T10:42:33Z"


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"a = 1\nb = \n", 2),
        (b"a = 1\nb = '\xff'\n", 2),
        (b'a = 1\n\nb = """\n', 4),
        (b"a = " + b"9" * 5000, None),
        (b"a = " + b"[" * 5000, None),
    ],
)
def test_what_is_not_toml_is_told_with_its_line(data: bytes, line: int | None) -> None:
    with pytest.raises(TomlError) as caught:
        parse_toml(data)
    assert caught.value.line == line
    assert caught.value.reason


def test_a_key_is_taken_once() -> None:
    table: dict[str, object] = {"a": 1, "b": 2, "t": CREATED.replace(tzinfo=None)}
    assert take(table, "a", int) == 1
    assert take(table, "a", int) is None
    assert take_number(table, "b") == 2.0
    assert take_time(table, "t") == CREATED
    assert take_time(table, "t") is None
    assert table == {}


@pytest.mark.parametrize(("value", "kind"), [(True, int), (1, str), (1.5, int), ("x", datetime), ({}, list)])
def test_a_value_of_another_type_is_refused_by_name(value: object, kind: type) -> None:
    with pytest.raises(TomlError, match=r"`key` is .*, but should be "):
        take({"key": value}, "key", kind)


@pytest.mark.parametrize("value", [True, "1"])
def test_a_number_is_not_anything_else(value: object) -> None:
    with pytest.raises(TomlError, match="`key`"):
        take_number({"key": value}, "key")


def test_a_time_that_utc_cannot_hold_is_refused() -> None:
    with pytest.raises(TomlError, match="outside the years"):
        take_time({"t": datetime(1, 1, 1, tzinfo=EAST)}, "t")
    assert take_time({"t": datetime(1, 1, 1, tzinfo=UTC)}, "t") == datetime(1, 1, 1, tzinfo=UTC)
