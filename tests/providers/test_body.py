"""What is kept of a body until it is known what it is."""

from __future__ import annotations

from chatui.providers.body import ReplyBody


def test_blank_lines_that_keep_a_connection_alive_are_not_kept() -> None:
    body = ReplyBody()
    for _ in range(1000):
        assert body.feed(b"\r\n \n") == []
    assert body.kept == b""
    (event,) = body.feed(b"data: a\n\n")
    assert event.data == "a"


def test_white_space_without_a_line_end_is_given_to_the_decoder_in_the_end() -> None:
    body = ReplyBody()
    for _ in range(5):
        assert body.feed(b" " * 20_000) == []
    (event,) = body.feed(b"\ndata: a\n\n")
    assert event.data == "a"


def test_json_after_blank_lines_is_json() -> None:
    body = ReplyBody()
    body.feed(b"\n\n\n")
    body.feed(b'{"a": 1}')
    (event,) = body.close()
    assert event.data.strip() == '{"a": 1}'
