"""How a session file falls into header and blocks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatui.conversation.message import Message
from chatui.conversation.session import SessionHeader
from chatui.storage import disk
from chatui.storage.errors import StorageError
from chatui.storage.message_block import MARK, decode_message, encode_header, encode_message
from chatui.storage.regular_file import RegularFile
from chatui.storage.session_layout import Layout, change_active, name_blocks, read_ends, read_rest, read_whole
from chatui.storage.stored_block import scan_block
from tests.storage.conftest import attempt
from tests.storage.samples import (
    CREATED,
    TRICKY,
    headers,
    make_dialogue,
    make_header,
    make_prompt,
    make_reply,
    messages,
)

PATH = Path("a.toml")
LONG = "A long paragraph, \"quoted\" and '''odd''', with é.\n" * 40


def join(*parts: Message, active: str | None = None) -> bytes:
    return encode_header(make_header(), active) + b"".join(encode_message(message) for message in parts)


def decode_all(layout: Layout) -> list[Message]:
    return [stored.decode() for stored, _ in layout.blocks]


def read_file(path: Path, data: bytes) -> Layout:
    path.write_bytes(data)
    with RegularFile.open(path) as source:
        return read_ends(source)


@settings(max_examples=60)
@given(st.lists(messages, max_size=4))
def test_splitting_at_the_marks_gives_what_the_parser_gives(parts: list[Message]) -> None:
    data = join(*parts)
    layout = read_whole(PATH, data)
    assert decode_all(layout) == parts
    assert layout.head + b"".join(block for _, block in layout.blocks) == data
    # CR LF forces the parser of the whole; it reads CR LF in texts as LF, as TOML says.
    parsed = read_whole(PATH, data.replace(b"\n", b"\r\n"))
    assert decode_all(parsed) == parts
    assert parsed.header == layout.header


@settings(max_examples=30)
@given(headers, st.none() | st.just("m1"), st.sampled_from(["m2", None, 'a"b', TRICKY]))
def test_changing_the_active_message_changes_nothing_else(
    header: SessionHeader, before: str | None, after: str | None
) -> None:
    head = encode_header(header, before)
    changed = change_active(head, header, after)
    assert changed == encode_header(header, after)


def test_comments_in_the_header_stay_when_another_message_becomes_active() -> None:
    head = b'# mine\nformat = 1 # yes\nid = "a"\nactive = "m1"\n\n[params]\n# cool\ntemperature = 0.1\n'
    header = read_whole(PATH, head).header
    assert change_active(head, header, "m2") == head.replace(b'"m1"', b'"m2"')


def test_a_text_that_reads_like_the_active_line_is_not_changed() -> None:
    head = b'format = 1\nid = "a"\nsystem = """\nactive = "m1"\n"""\nactive = "m1"\n'
    header = read_whole(PATH, head).header
    assert read_whole(PATH, change_active(head, header, "m2")).active == "m2"
    assert read_whole(PATH, change_active(head, header, "m2")).header == header
    broken = b"format = 1\nsystem = '''\nactive = \"m1\"\n'''\n"
    header = read_whole(PATH, broken).header
    assert read_whole(PATH, change_active(broken, header, "a'''b")).header == header


@pytest.mark.parametrize("count", [3, 400])
def test_reading_the_ends_gives_what_reading_the_whole_gives(tmp_path: Path, count: int) -> None:
    dialogue = make_dialogue(count, LONG)
    data = join(*dialogue, active=f"m{count}")
    layout = read_file(tmp_path / "a.toml", data)
    whole = read_whole(PATH, data)
    assert layout.header == whole.header
    assert layout.active == whole.active
    start, end = layout.rest or (0, 0)
    blocks = read_rest(data[start:end]) + layout.blocks
    assert [block for _, block in blocks] == [block for _, block in whole.blocks]
    assert [stored.decode() for stored, _ in blocks] == dialogue
    assert (layout.rest is not None) == (count == 400)


def test_a_last_message_longer_than_the_window_is_read_all_the_same(tmp_path: Path) -> None:
    older, last = make_dialogue(400, LONG), make_prompt("m401", LONG * 60, "m400")
    layout = read_file(tmp_path / "a.toml", join(*older, last))
    assert decode_all(layout)[-1] == last
    assert layout.rest is not None
    alone = read_file(tmp_path / "b.toml", join(replace(last, text=LONG * 300)))
    assert len(alone.blocks) == 1
    assert alone.rest is None


def test_a_file_that_shrinks_while_it_is_read_is_told_or_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(join(*make_dialogue(2)))
    with RegularFile.open(path) as source:
        source.stamp = source.stamp._replace(size=1_000_000)
        path.write_bytes(join(make_prompt(), active="m1")[:-20])
        with pytest.raises(StorageError, match="line"):
            read_ends(source)


def test_a_file_emptied_between_two_reads_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_at = disk.read_at
    monkeypatch.setattr(disk, "read_at", lambda fd, size, offset: b"" if offset else read_at(fd, size, offset))
    layout = read_file(tmp_path / "a.toml", join(*make_dialogue(300, LONG)))
    assert len(layout.blocks) == 300


LOOK_ALIKE = """
[[messages]]
id = "m2"
role = "assistant"
created = 2026-11-23T10:42:33Z
text = '''
[[messages]]
id = "ghost"
role = "user"
created = 2026-11-23T10:42:33Z
text = "boo"
'''
"""


@pytest.mark.parametrize("pad", [0, 400])
def test_a_header_inside_a_text_written_by_hand_is_text(tmp_path: Path, pad: int) -> None:
    data = join(*make_dialogue(pad, LONG)) + LOOK_ALIKE.replace('"m2"', '"hand"').encode()
    layout = read_file(tmp_path / "a.toml", data)
    assert layout.rest is None
    last = layout.blocks[-1][0]
    assert last.id == "hand"
    assert "boo" in last.decode().text
    assert len(layout.blocks) == pad + 1


@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: data.replace(b"[[messages]]", b"[[ messages ]]"),
        lambda data: data.replace(MARK, b"\n[[messages]] # a comment\n"),
        lambda data: data.replace(b"\n\n[[messages]]", b"\n[[messages]]"),
        lambda data: data.removesuffix(b"\n"),
        lambda data: data + b"[later]\nx = 1\n",
        lambda data: b"title = 'first'\n" + data.replace(b'title = "Explain SSE"\n', b""),
    ],
)
def test_a_long_file_edited_by_hand_opens_right(tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
    dialogue = make_dialogue(300, LONG)
    layout = read_file(tmp_path / "a.toml", change(join(*dialogue)))
    assert decode_all(layout) == dialogue[-len(layout.blocks) :]
    assert layout.rest is not None or len(layout.blocks) == 300
    assert layout.header.extra in ({}, {"later": {"x": 1}})


def test_messages_in_an_inline_list_are_read() -> None:
    data = b'format = 1\nmessages = [{id = "m1", role = "user", text = "hi"}]\n'
    layout = read_whole(PATH, data)
    assert [stored.decode().text for stored, _ in layout.blocks] == ["hi"]
    assert decode_message(layout.blocks[0][1]).text == "hi"


def test_the_newest_messages_are_not_enough_where_an_older_one_is_active(tmp_path: Path) -> None:
    data = join(*make_dialogue(400, LONG), active="m3")
    layout = read_file(tmp_path / "a.toml", data)
    assert layout.rest is None
    assert layout.active == "m3"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.replace(b"format = 1\n", b""),
        lambda data: data[:-1] + b"\xff\n",
        lambda data: data.replace(b"created = 2", b"created = 'then' # 2", 1),
        lambda data: data + data[data.rfind(MARK) :],
    ],
)
def test_a_long_file_with_a_flaw_at_its_ends_is_read_whole(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    dialogue = make_dialogue(300, LONG)
    path = tmp_path / "a.toml"
    path.write_bytes(spoil(join(*dialogue)))
    with RegularFile.open(path) as source:
        error = attempt(lambda: read_ends(source))
        assert error is not None or read_ends(source).rest is None


@pytest.mark.parametrize(
    ("data", "line", "said"),
    [
        (b"", None, "no `format = 1`"),
        (b"hello\n", 1, "not a session"),
        (b"format = 1\n\n[[messages]]\nid = \n", 4, "not a session"),
        (b'format = 1\n\n[[messages]]\nid = "\xff"\n', 4, "not UTF-8"),
        (b"format = 1\nmessages = 3\n", None, "`messages` is not a list of tables"),
        (b"format = 1\nmessages = [3]\n", None, "`messages` is not a list of tables"),
        (b"format = 1\ntitle = 3\n", None, "`title`"),
        (b"\x00" * 100, 1, "not a session"),
    ],
)
def test_what_is_no_session_is_told_with_its_line(data: bytes, line: int | None, said: str) -> None:
    with pytest.raises(StorageError, match=said) as caught:
        read_whole(PATH, data)
    assert caught.value.line == line
    assert "leaves it as it is" in caught.value.reason


def test_every_cut_of_a_session_is_read_or_told() -> None:
    data = join(make_prompt(text=TRICKY), make_reply(text="one\ntwo"))
    outcomes = set()
    for end in range(len(data)):
        try:
            outcomes.add(len(read_whole(PATH, data[:end]).blocks))
        except StorageError:
            outcomes.add(-1)
    assert outcomes == {-1, 0, 1, 2}


def test_messages_without_an_id_or_with_a_taken_one_get_their_own() -> None:
    texts = ['id = "m1"', 'id = "m1"', "", "id = 5", 'id = "old"', 'id = "m1~1"']
    blocks = []
    for number, line in enumerate(texts):
        block = MARK + f'{line}\nrole = "user"\ntext = "{number}"\n'.encode()
        blocks.append((scan_block(block), block))
    named = name_blocks(blocks, {"old"})
    assert [stored.id for stored, _ in named] == ["m1", "m1~2", "m~1", "m~2", "old~1", "m1~1"]
    assert [decode_message(block).text for _, block in named] == ["0", "1", "2", "3", "4", "5"]
    assert [stored.decode().id for stored, _ in named] == [stored.id for stored, _ in named]


def test_a_block_that_makes_no_message_becomes_one_that_says_so() -> None:
    stored = scan_block(MARK + b'id = "m1"\nparent = "m0"\nrole = "system"\ntext = "kept"\n')
    message = stored.decode()
    assert (stored.id, stored.parent) == (message.id, message.parent) == ("m1", "m0")
    assert message.text == "kept"
    assert message.failure is not None
    assert "`role`" in message.failure.message
    assert scan_block(MARK + b'id = "m1"\nrole = "user"\nparent = 3\n').decode().text == ""
    assert message.created < CREATED
