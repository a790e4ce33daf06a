"""Blocks: the header, and one per message."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from chatui.conversation.attachment import Attachment
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Message, Role, Status
from chatui.conversation.session import SessionHeader
from chatui.conversation.usage import Timing, Usage
from chatui.storage.message_block import (
    MARK,
    UNKNOWN_TIME,
    decode_header,
    decode_message,
    encode_header,
    encode_message,
    encode_table,
    parse_block,
)
from chatui.storage.toml_text import TomlError
from tests.storage.samples import CREATED, headers, make_header, make_prompt, make_reply, messages


@settings(max_examples=100)
@given(messages)
def test_every_message_comes_back_as_it_was(message: Message) -> None:
    block = encode_message(message)
    assert decode_message(block) == message
    assert block.startswith(MARK)
    assert block.count(MARK) == 1


@settings(max_examples=100)
@given(messages)
def test_a_block_survives_a_reader_that_knows_no_key(message: Message) -> None:
    table = parse_block(encode_message(message))
    assert parse_block(encode_table(table)) == table


@settings(max_examples=100)
@given(headers)
def test_every_header_comes_back_as_it_was(header: SessionHeader) -> None:
    assert decode_header(encode_header(header, None)) == (header, None)
    head = encode_header(header, "m2")
    assert decode_header(head) == (header, "m2")
    assert MARK not in head


def test_the_block_of_a_reply_reads_like_the_documented_one() -> None:
    reply = replace(make_reply(), failure=Failure(FailureKind.NETWORK, "reset", 0))
    assert encode_message(reply).decode() == (
        '\n[[messages]]\nid = "m2"\nparent = "m1"\nrole = "assistant"\ncreated = 2026-11-23T10:42:33Z\n'
        'model = "demo/guide"\nstatus = "complete"\nfinish_reason = "stop"\ntext = """\nA stream.\nOf events."""\n'
        'reasoning = "Think."\n'
        "usage = { input = 12, output = 345, cached = 0, reasoning = 0, estimated = false }\n"
        "timing = { first_token = 0.31, total = 4.2 }\ncost = 0.000214\nattempts = 1\n"
        'error = { kind = "network", status = 0, message = "reset" }\n'
    )


def test_a_prompt_writes_only_what_it_has() -> None:
    assert encode_message(make_prompt()).decode() == (
        '\n[[messages]]\nid = "m1"\nrole = "user"\ncreated = 2026-11-23T10:42:33Z\ntext = "What is SSE?"\n'
    )


def test_a_hand_written_block_needs_only_role_and_text() -> None:
    message = decode_message(b'[[messages]]\nrole = "assistant"\ntext = "x"\nerror = {kind = "server", status = 0}\n')
    assert message == Message("", Role.ASSISTANT, "x", UNKNOWN_TIME, failure=Failure(FailureKind.SERVER, ""))
    assert message.failure is not None
    assert message.failure.status is None


def test_unknown_keys_of_the_small_tables_survive() -> None:
    block = encode_message(make_reply()).replace(b"usage = { input", b"usage = { audio = 7, input")
    message = decode_message(block)
    assert message.usage == Usage(12, 345)
    assert decode_message(encode_message(message)) == message
    assert b"audio = 7" in encode_message(message)
    assert b"audio" not in encode_message(replace(message, usage=None))


def test_a_table_in_extra_that_is_no_table_is_left_out() -> None:
    block = encode_message(replace(make_reply(), extra={"timing": 1}))
    assert decode_message(block).timing == Timing(0.31, 4.2)


def test_a_lone_surrogate_does_not_reach_the_bytes() -> None:
    block = encode_message(make_prompt(text="a\ud800"))
    assert decode_message(block).text == "a\ufffd"
    assert decode_header(encode_header(make_header("\udc80"), None))[0].title == "\ufffd"


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('role = "system"', "`role`.*user, assistant"),
        ('role = "user"\nstatus = "weird"', "`status`"),
        ('role = "user"\nid = 5', "`id`"),
        ('role = "user"\nusage = 5', "`usage`"),
        ('role = "user"\nusage = {input = "many"}', "`input`"),
        ('role = "user"\nerror = {kind = "odd"}', "`kind`"),
        ("", "`role` or `text` is missing"),
    ],
)
def test_a_block_that_makes_no_message_is_refused_by_key(line: str, named: str) -> None:
    with pytest.raises(TomlError, match=named):
        decode_message(f'[[messages]]\ntext = "x"\n{line}\n'.encode())


@pytest.mark.parametrize(
    "block", [b"", b"messages = 1", b"[[messages]]\n[[messages]]\n", b"messages = [1]", b"[[messages]]\n[other]\n"]
)
def test_a_block_holds_exactly_one_message(block: bytes) -> None:
    with pytest.raises(TomlError, match="exactly one message"):
        parse_block(block)


def test_unknown_keys_and_tables_of_the_header_survive() -> None:
    head = b'format = 1\nid = "a"\nmood = "fine"\n\n[future]\na = [1]\n\n[[marks]]\nx = 1\n'
    header, active = decode_header(head)
    assert header.extra == {"mood": "fine", "future": {"a": [1]}, "marks": [{"x": 1}]}
    assert decode_header(encode_header(header, active)) == (header, None)


def test_a_newer_format_is_kept() -> None:
    header, _ = decode_header(b"format = 7\n")
    assert header.extra == {"format": 7}
    assert encode_header(header, None).startswith(b"format = 7\n")
    assert header.created == UNKNOWN_TIME


@pytest.mark.parametrize(
    ("head", "named"),
    [
        (b"", "format = 1"),
        (b"format = true\n", "format = 1"),
        (b"format = 0\n", "format = 1"),
        (b'format = "1"\n', "format = 1"),
        (b"format = 1\ntags = [1]\n", "`tags`"),
        (b"format = 1\ntitle = 1\n", "`title`"),
        (b"format = 1\nparams = 1\n", "`params`"),
        (b"format = 1\n[[messages]]\n", "messages"),
    ],
)
def test_a_head_that_is_no_header_is_refused(head: bytes, named: str) -> None:
    with pytest.raises(TomlError, match=named):
        decode_header(head)


def test_the_header_begins_with_its_format() -> None:
    header = replace(make_header(), tags=("work", "x"), params={"temperature": 0.7}, system="You are\nterse.")
    assert encode_header(header, "m2").decode() == (
        'format = 1\nid = "20261123-104233-k3f9"\ntitle = "Explain SSE"\ncreated = 2026-11-23T10:42:33Z\n'
        'model = "demo/guide"\nsystem = """\nYou are\nterse."""\ntags = ["work", "x"]\nactive = "m2"\n\n'
        "[params]\ntemperature = 0.7\n"
    )
    assert decode_header(encode_header(header, "m2"))[0].created == CREATED


def test_a_failed_prompt_keeps_its_status() -> None:
    message = replace(make_prompt(), status=Status.FAILED, attempts=3)
    assert decode_message(encode_message(message)) == message


def test_attachments_stand_below_the_text_one_a_line() -> None:
    prompt = replace(make_prompt(), attachments=(Attachment("cat.png", "image/png", 12, "ab", {"width": 3}),))
    block = encode_message(prompt)
    assert block.decode().endswith(
        'text = "What is SSE?"\nattachments = [\n'
        '  { name = "cat.png", type = "image/png", size = 12, hash = "ab", width = 3 },\n]\n'
    )
    assert decode_message(block) == prompt


@pytest.mark.parametrize("value", ["3", "[3]", "[{ name = 3 }]", '[{ size = "1" }]'])
def test_attachments_that_are_none_are_told(value: str) -> None:
    block = f'\n[[messages]]\nid = "m1"\nrole = "user"\ntext = "a"\nattachments = {value}\n'.encode()
    with pytest.raises(TomlError):
        decode_message(block)
