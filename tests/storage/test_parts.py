"""The parts of a continued reply in the session file."""

from __future__ import annotations

import tomllib

import pytest

from chatui.conversation.continued import add_part, parts_of, sum_cost, sum_timing, sum_usage
from chatui.conversation.message import Part, Status
from chatui.storage.message_block import decode_message, encode_message
from chatui.storage.toml_text import TomlError
from tests.storage.samples import CREATED, make_reply

REPLY = add_part(make_reply(), Part(21, "demo/two", CREATED, Status.CANCELLED, is_approximate=True), " More.")


def test_parts_stand_one_a_line_and_come_back() -> None:
    block = encode_message(REPLY)
    assert b"parts = [\n  { start = 0, model" in block
    assert b"\n  { start = 21, model = " in block
    assert decode_message(block) == REPLY
    (table,) = tomllib.loads(block.decode())["messages"]
    assert [part["status"] for part in table["parts"]] == ["complete", "cancelled"]
    assert table["parts"][1]["approximate"] is True


def test_keys_of_a_later_version_survive_in_parts_too() -> None:
    block = (
        encode_message(REPLY)
        .replace(b"{ start = 0,", b"{ start = 0, mood = 1,")
        .replace(b"total = 4.2 }, cost", b"total = 4.2, queue = 2 }, cost")
    )
    message = decode_message(block)
    again = encode_message(message)
    (table,) = tomllib.loads(again.decode())["messages"]
    assert table["parts"][0]["mood"] == 1
    assert table["parts"][0]["timing"]["queue"] == 2
    assert decode_message(again) == message


@pytest.mark.parametrize(
    "parts", [b"parts = [1]", b"parts = [{ start = 0 }]", b"parts = 3", b'parts = [{ created = "x" }]']
)
def test_parts_that_are_none_are_told(parts: bytes) -> None:
    with pytest.raises(TomlError):
        decode_message(encode_message(make_reply()) + parts)


def test_nothing_known_has_no_sum() -> None:
    parts = [Part(0, "a/b", CREATED), Part(1, "a/b", CREATED)]
    assert (sum_usage(parts), sum_cost(parts), sum_timing(parts)) == (None, None, None)
    assert len(parts_of(REPLY)) == 2
