from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatui.conversation.visible import make_visible
from chatui.ui.widgets.pasted import PastedTexts, is_large, join_line_ends, strip_controls


@pytest.mark.parametrize(
    ("text", "kept", "count"),
    [
        ("plain\n\ttext", "plain\n\ttext", 0),
        ("日本語 👩\u200d👧 é", "日本語 👩\u200d👧 é", 0),
        ("\x1b[31mred\x1b[0m", "red", 2),
        ("\x1b]0;title\x07a", "a", 1),
        ("\x1b]52;c;eA==\x1b\\a", "a", 1),
        ("a\x1bb", "ab", 1),
        ("\x9b31mred", "red", 1),
        ("a\x00\x07\x7fb", "ab", 3),
        ("abc\u202ecba", "abccba", 1),
        ("a\x0bb\x0cc\x85d\u2028e", "a\nb\nc\nd\ne", 0),
        ("a\ud800b", "ab", 1),
    ],
)
def test_what_a_terminal_would_act_on_is_taken_out(text: str, kept: str, count: int) -> None:
    assert strip_controls(text) == (kept, count)


@given(st.text(max_size=80))
@settings(max_examples=100)
def test_stripped_text_shows_as_it_is(text: str) -> None:
    kept, _ = strip_controls(text)
    assert make_visible(kept) == kept


def test_terminal_line_ends_become_lf() -> None:
    assert join_line_ends("a\r\nb\rc\nd") == "a\nb\nc\nd"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a" * 32_768, False),
        ("a" * 32_769, True),
        ("日" * 10_922, False),
        ("日" * 10_923, True),
        ("a\n" * 399, False),
        ("a\n" * 400, True),
    ],
)
def test_a_text_is_large_by_bytes_or_by_lines(text: str, expected: bool) -> None:
    assert is_large(text) is expected


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("a" * 1_000_000, "[pasted 1.0 MB · 1 line]"),
        ("a\n" * 12_345, "[pasted 25 KB · 12,345 lines]"),
        ("a\nb", "[pasted 3 B · 2 lines]"),
        ("日" * 400_000, "[pasted 1.2 MB · 1 line]"),
    ],
)
def test_a_label_tells_size_and_lines(text: str, label: str) -> None:
    assert PastedTexts().fold(text) == label


def test_two_texts_of_the_same_size_have_two_labels() -> None:
    pasted = PastedTexts()
    first, second = pasted.fold("aaa"), pasted.fold("bbb")
    assert (first, second) == ("[pasted 3 B · 1 line]", "[pasted 3 B · 1 line #2]")
    assert pasted.unfold(f"{second} and {first}") == "bbb and aaa"


def test_the_same_text_twice_has_one_label() -> None:
    pasted = PastedTexts()
    assert pasted.fold("aaa") == pasted.fold("aaa")
    assert len(pasted) == 1


def test_a_label_that_was_typed_before_is_not_taken() -> None:
    pasted = PastedTexts()
    label = pasted.fold("aaa", beside="I typed [pasted 3 B · 1 line]")
    assert pasted.unfold(f"[pasted 3 B · 1 line] {label}") == "[pasted 3 B · 1 line] aaa"


def test_a_label_inside_a_kept_text_is_left_alone() -> None:
    pasted = PastedTexts()
    inner = pasted.fold("inner")
    outer = pasted.fold(f"outer {inner}")
    assert pasted.unfold(outer) == f"outer {inner}"


@given(st.lists(st.text(max_size=30), max_size=4), st.text(max_size=20))
@settings(max_examples=100)
def test_folding_and_unfolding_gives_every_text_back(texts: list[str], between: str) -> None:
    pasted = PastedTexts()
    labels = [pasted.fold(text, beside=between) for text in texts]
    assert pasted.unfold(between.join(labels)) == between.join(texts)


def test_labels_are_found_in_a_line() -> None:
    pasted = PastedTexts()
    label = pasted.fold("aaa")
    assert pasted.find_labels(f"x {label} [pasted nothing] {label}") == [(2, 23), (41, 62)]
    pasted.clear()
    assert pasted.find_labels(label) == []
    assert pasted.unfold(label) == label
