"""Compressed bodies, however they are packed and cut."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatui.providers.inflate import CompressionError, Inflater, can_inflate
from tests.cutting import cut

TEXT = "One two three. Ä 漢 🙂\n".encode() * 20
PACKED = {
    "gzip": gzip.compress(TEXT),
    "x-gzip": gzip.compress(TEXT[:50]) + gzip.compress(b"") + gzip.compress(TEXT[50:]),
    "deflate": zlib.compress(TEXT),
}


def _inflate(encoding: str, pieces: list[bytes]) -> bytes:
    inflater = Inflater(encoding)
    return b"".join(inflater.feed(piece) for piece in pieces)


@given(st.sampled_from(sorted(PACKED)), st.lists(st.integers(1, 40), max_size=5))
def test_the_cut_does_not_matter(encoding: str, sizes: list[int]) -> None:
    assert can_inflate(encoding)
    assert _inflate(encoding, cut(PACKED[encoding], *sizes)) == TEXT


def test_the_bare_form_of_deflate_is_taken() -> None:
    bare = zlib.compress(TEXT)[2:-4]
    assert _inflate("deflate", [bare]) == TEXT
    assert _inflate("deflate", cut(bare, 7)) == TEXT


def test_what_follows_a_body_is_left_out() -> None:
    assert _inflate("gzip", [PACKED["gzip"] + b"\0\0\0", b"\0"]) == TEXT
    assert _inflate("deflate", [PACKED["deflate"] + b"rest", b"more"]) == TEXT


@pytest.mark.parametrize(
    ("encoding", "pieces"),
    [
        ("gzip", [b"data: plain\n\n"]),
        ("gzip", [PACKED["gzip"] + b"rest", b""]),
        ("deflate", [PACKED["deflate"][:2], b"\xff" * 60]),
        ("deflate", [b"\xff\xff\xff\xff"]),
    ],
    ids=["plain text", "a second member that is none", "broken in the middle", "no deflate of either form"],
)
def test_what_is_not_compressed_as_told_is_told(encoding: str, pieces: list[bytes]) -> None:
    with pytest.raises(CompressionError):
        _inflate(encoding, pieces)


def test_what_came_before_a_fault_is_given_first() -> None:
    inflater = Inflater("gzip")
    assert inflater.feed(PACKED["gzip"] + b"rest") == TEXT
    with pytest.raises(CompressionError):
        inflater.feed(b"")


def test_other_compressions_are_not_ours() -> None:
    assert not any(can_inflate(each) for each in ("br", "zstd", "gzip, gzip", "identity", ""))
