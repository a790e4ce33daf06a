"""Untrusted text: nothing that a terminal obeys survives, nothing else is touched."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chatui.conversation.visible import make_visible, make_visible_line

any_text = st.text(st.characters(codec=None, exclude_categories=()))
risky_text = st.text(
    st.sampled_from([*map(chr, range(0xA1)), "\u061c", "\u200e", "\u202e", "\u2066", "\u2069", "\u2028", "\ud800", "é"])
)
texts = any_text | risky_text
BIDI_CLASSES = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def is_obeyed(letter: str, kept: str) -> bool:
    """True for what a terminal might obey, or could not be sent at all."""
    is_control = unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") and letter not in kept
    return is_control or unicodedata.bidirectional(letter) in BIDI_CLASSES or letter in "\u061c\u200e\u200f"


@given(texts)
@example("\x1b]0;x\x07\x9b2J\x7f\x85\r\n\t\u202e\ud800\udfff")
def test_no_control_survives(text: str) -> None:
    assert not [letter for letter in make_visible(text) if is_obeyed(letter, "\n\t")]


@given(texts)
def test_no_control_at_all_survives_in_a_line(text: str) -> None:
    line = make_visible_line(text)
    assert not [letter for letter in line if is_obeyed(letter, "")]
    assert len(line.splitlines()) <= 1


def test_no_code_point_is_forgotten() -> None:
    every = "".join(map(chr, range(0x110000)))
    assert not [letter for letter in make_visible(every) if is_obeyed(letter, "\n\t")]


@given(texts)
def test_what_comes_out_can_be_encoded(text: str) -> None:
    assert make_visible(text).encode("utf-8")[:0] == b""
    assert make_visible_line(text).encode("utf-8")[:0] == b""


@given(texts, st.data())
def test_it_does_not_matter_how_a_stream_is_cut(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    assert make_visible(text[:at]) + make_visible(text[at:]) == make_visible(text)
    assert "".join(map(make_visible, text)) == make_visible(text)
    assert "".join(map(make_visible_line, text)) == make_visible_line(text)


@given(texts)
def test_what_is_visible_stays_as_it_is(text: str) -> None:
    assert make_visible(make_visible(text)) == make_visible(text)
    harmless = "".join(letter for letter in text if not is_obeyed(letter, "\n\t"))
    assert make_visible(harmless) == harmless


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("", ""),
        ("two\n\tlines", "two\n\tlines"),
        ("\x1b[31mred", "␛[31mred"),
        ("\x00\x07\r", "␀␇␍"),
        ("\x7f", "␡"),
        ("\x9b2J\x85", "<9B>2J<85>"),
        ("a\u202eb", "a<202E>b"),
        ("a\u2028b", "a<2028>b"),
        ("a\ud800b", "a\ufffdb"),
        ("[bold]你好 👩‍💻 e\u0301 שלום\xa0", "[bold]你好 👩‍💻 e\u0301 שלום\xa0"),
    ],
)
def test_stand_ins_can_be_seen(text: str, shown: str) -> None:
    assert make_visible(text) == shown


def test_in_a_line_breaks_and_tabs_are_spaces() -> None:
    assert make_visible_line("two\n\tlines\r\x1b") == "two  lines␍␛"
    assert make_visible_line("plain") == "plain"
