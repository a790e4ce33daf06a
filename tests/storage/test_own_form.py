"""The form of our own blocks: what matches needs no parser."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chatui.conversation.message import Message
from chatui.storage.message_block import decode_message, encode_message
from chatui.storage.own_form import match_own_block
from tests.storage.samples import make_reply, messages


@settings(max_examples=100)
@given(messages, st.integers(1, 10**6))
def test_every_block_we_write_matches(message: Message, number: int) -> None:
    message = replace(message, id=f"m{number}", parent="m1", extra={})
    # A leap day is left to the parser: whether there is one takes arithmetic.
    times = [message.created, *(part.created for part in message.parts)]
    assume(all((time.month, time.day) != (2, 29) for time in times))
    block = encode_message(message)
    stored = match_own_block(block)
    assert stored is not None
    assert (stored.id, stored.role, stored.parent) == (message.id, message.role, "m1")
    assert stored.size == len(block)
    assert stored.decode() == message
    assert stored.read_text() == message.text.encode(errors="replace")


@settings(max_examples=100)
@given(messages, st.data())
def test_whatever_matches_decodes(message: Message, data: st.DataObject) -> None:
    block = bytearray(encode_message(replace(message, id="m1", parent=None, extra={})))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(block) - 1))
        end = place + data.draw(st.integers(0, 2))
        block[place:end] = data.draw(
            st.sampled_from([b"", b'"', b"\\", b"\n", b"'", b"9", b"0", b"[", b"#", b"\x00", b"\r"])
        )
    assume(bytes(block).decode(errors="replace").encode() == block)
    stored = match_own_block(bytes(block))
    if stored is not None:
        assert stored.decode() == decode_message(bytes(block))
        assert stored.read_text() == stored.decode().text.encode()


@pytest.mark.parametrize("day", ["02-29", "02-30", "04-31", "13-01", "00-10", "01-00", "01-32"])
def test_a_day_that_may_not_exist_is_left_to_the_parser(day: str) -> None:
    block = encode_message(make_reply()).replace(b"2026-11-23", f"2026-{day}".encode())
    assert match_own_block(block) is None


@pytest.mark.parametrize("extra", [b"# note\n", b"x = 1\n", b'id = "m3"\n', b"[messages.x]\n", b"\n"])
def test_a_line_added_by_hand_is_left_to_the_parser(extra: bytes) -> None:
    assert match_own_block(encode_message(make_reply()) + extra) is None
