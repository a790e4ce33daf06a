"""The seam: what repeats is dropped, what goes on is kept, however the stream is cut."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chatui.conversation.continuation import Continuation
from chatui.engine.continuation import make_instruction
from chatui.engine.seam import Seam, find_anchor, is_fence_open

WORDS, LAST, PREFIX = Continuation.WORDS, Continuation.LAST_MESSAGE, Continuation.PREFIX

FAMILY = "👨\u200d👩\u200d👧"
"""Five code points that are one picture."""
ATOMS = [
    "ha ",
    "ha",
    "very ",
    "a",
    "1",
    "0",
    " ",
    "\n",
    "\n\n",
    "   ",
    FAMILY,
    "é",
    "漢字",
    "e\u0301",
    "\u200d",
    "\r\n",
]
ATOMS += ["```python\n", "```\n", "~~~", "    return 1\n", "| 1 | 1 |\n", "| ha |", "- item\n", "1. one\n", "> said\n"]
ATOMS += ["----", "def f():\n", "unhappi", "ness", "**bold** ", "foo(bar) ", "the quick brown fox ", "\t"]
texts = st.lists(st.sampled_from(ATOMS), min_size=1, max_size=25).map("".join)
"""Replies that say the same again and again, as tables, code, laughter and lists do."""

cuts = st.lists(st.integers(1, 9), min_size=1, max_size=5)


def join(kept: str, continuation: str, way: Continuation, sizes: list[int] | None = None) -> str:
    seam = Seam(kept, way)
    shown, place, turn = [], 0, 0
    while place < len(continuation):
        size = sizes[turn % len(sizes)] if sizes else len(continuation)
        shown.append(seam.feed(continuation[place : place + size]))
        place, turn = place + size, turn + 1
    return kept + "".join(shown) + seam.end()


@given(st.text(max_size=60), st.integers(0, 60), cuts)
def test_a_server_that_goes_on_exactly_is_taken_at_its_word(text: str, at: int, sizes: list[int]) -> None:
    kept, rest = text[:at], text[at:]
    assume(len(kept) < 4 or not rest.startswith(kept))
    assert join(kept, rest, PREFIX, sizes) == text


@given(texts, st.integers(1, 200), cuts)
def test_a_model_that_begins_as_it_was_asked_to_is_joined_exactly_wherever_it_was_cut(
    text: str, at: int, sizes: list[int]
) -> None:
    kept, rest = text[:at], text[at:]
    anchor, blank = find_anchor(kept), kept[len(kept.rstrip()) :]
    # A reply that is nothing but a rule has nothing that could be found again.
    assume(any(char not in "-*_=|+#~ \t\r\n" for char in kept))
    assert make_instruction(kept).endswith(f": {anchor}")
    assert join(kept, anchor + blank + rest, WORDS, sizes) == text
    # Chat models leave out the indent that they were asked to repeat.
    assert join(kept, anchor.lstrip() + blank + rest, WORDS, sizes) == text


@given(texts, st.integers(1, 200), cuts)
def test_a_server_that_goes_on_exactly_loses_nothing_wherever_it_was_cut(text: str, at: int, sizes: list[int]) -> None:
    kept, rest = text[:at], text[at:]
    # The same reply twice over is what an echo looks like.
    assume(not rest.startswith(kept.strip()[:4]))
    assert join(kept, rest, PREFIX, sizes) == text
    assert join(kept, rest, Continuation.FINAL_MESSAGE, sizes) == text
    # Without the blanks at its end, for a server that refuses them.
    assert join(kept, text[len(kept.rstrip()) :], LAST, sizes) == text


@pytest.mark.parametrize(
    ("kept", "rest"),
    [
        ("He said: ha ha ha", " ha ha!"),
        ("He said: ha ha ha ", "ha ha!"),
        ("no no no", " no, never"),
        ("| 1 | ", "1 |\n"),
        ("| 1 |", " 1 | 2 |\n"),
        ("It is very", " very good"),
    ],
)
def test_text_that_repeats_itself_is_no_repetition_of_the_server(kept: str, rest: str) -> None:
    for way in (PREFIX, LAST, WORDS):
        assert join(kept, rest if way is not LAST else kept[len(kept.rstrip()) :] + rest, way) == kept + rest


@pytest.mark.parametrize("at", range(1, len(FAMILY)))
@pytest.mark.parametrize("before", ["", "They: "])
def test_a_picture_that_was_cut_through_is_whole_again(before: str, at: int) -> None:
    kept, rest = before + FAMILY[:at], FAMILY[at:]
    for way in (PREFIX, LAST, WORDS):
        assert join(kept, f"{rest} and more", way) == f"{before}{FAMILY} and more"


@given(st.integers(1, 60), st.integers(0, 5), st.integers(0, 300), cuts)
def test_no_word_comes_twice_and_none_is_missing(count: int, again: int, at: int, sizes: list[int]) -> None:
    text = " ".join(f"w{number:03}" for number in range(count + 2))
    kept = text[: min(at, len(text) - 1)]
    # The server begins again with some words before the cut; a word that was cut through is said whole.
    begin = kept.rfind(" ") + 1
    for _ in range(again):
        begin = max(kept.rfind(" ", 0, max(begin - 1, 0)), 0)
        begin = begin + 1 if begin else 0
    repeats = len(kept) - begin
    assume(again == 0 or repeats >= 2)
    rest = text[begin:] if again else text[len(kept) :]
    assert join(kept, rest, WORDS, sizes) == text


@given(st.integers(20, 60), st.integers(0, 300), cuts)
def test_a_server_that_only_may_go_on_exactly_is_believed_when_it_does(count: int, at: int, sizes: list[int]) -> None:
    text = " ".join(f"w{number:03}" for number in range(count))
    kept = text[: min(at, len(text) - 1)].rstrip()
    assert join(kept, text[len(kept) :], LAST, sizes) == text
    begin = max(kept.rfind(" ", 0, max(len(kept) - 40, 0)), 0)
    assume(len(kept) - begin > 30)
    assert join(kept, text[begin:].lstrip(), LAST, sizes) == text


@given(cuts)
def test_blanks_that_were_not_sent_do_not_come_twice(sizes: list[int]) -> None:
    assert join("One.\n\n", "\n\nTwo.", LAST, sizes) == "One.\n\nTwo."
    assert join("One.\n", "\n\nTwo.", LAST, sizes) == "One.\n\nTwo."
    assert join("One. ", "Two.", LAST, sizes) == "One. Two."
    assert join("One.\n\n", "One.\n\nTwo.", WORDS, sizes) == "One.\n\nOne.\n\nTwo."[len("One.\n\n") :]
    assert join("A first line\n", "A first line B", WORDS, sizes) == "A first line\nB"


@pytest.mark.parametrize("way", [PREFIX, Continuation.FINAL_MESSAGE, LAST, WORDS])
@given(sizes=cuts)
def test_a_server_that_gives_the_whole_beginning_back_is_understood(way: Continuation, sizes: list[int]) -> None:
    kept = "Once upon a time there was a parser, and it"
    assert join(kept, f"{kept} lived well.", way, sizes) == f"{kept} lived well."


@pytest.mark.parametrize(
    ("kept", "rest"),
    [
        ("It is very", " very good"),
        ("ha", "ha"),
        ("x = 1", "10"),
        ("a\n", "\nb"),
        ("-----", "-----"),
        ("| 1 | 1 |\n", "| 1 | 1 |\n"),
        ("la la la la la la ", "la la la la la la la"),
        ("foo(", "(bar))"),
        ("unhappi", "ness"),
    ],
)
@pytest.mark.parametrize("way", [PREFIX, LAST])
def test_what_only_looks_alike_is_kept(kept: str, rest: str, way: Continuation) -> None:
    assert join(kept, rest, way) == (kept.rstrip() + rest if way is LAST and rest[:1] == "\n" else kept + rest)


@pytest.mark.parametrize(
    ("kept", "rest"), [("It is very", " very good"), ("x = 1", "10"), ("-----", "-----"), ("foo(", "(bar))")]
)
def test_asked_in_words_it_is_kept_too(kept: str, rest: str) -> None:
    assert join(kept, rest, WORDS) == kept + rest


@given(cuts)
def test_a_code_fence_stays_open_across_the_seam(sizes: list[int]) -> None:
    kept = "Here:\n\n```python\ndef f():\n    return"
    whole = f"{kept} 1\n```\n\nDone."
    assert join(kept, " 1\n```\n\nDone.", WORDS, sizes) == whole
    assert join(kept, "```python\n    return 1\n```\n\nDone.", WORDS, sizes) == whole
    assert join(kept, "```python\ndef f():\n    return 1\n```\n\nDone.", WORDS, sizes) == whole
    # What closes a fence is no new one.
    assert join(f"{kept} 1\n", "```\n\nDone.", WORDS, sizes) == whole


def test_nothing_is_held_back_longer_than_it_must_be() -> None:
    seam = Seam("The end of it was near", WORDS)
    assert seam.feed("it") == ""
    assert seam.feed(" was near, and then") == ", and then"
    assert seam.feed(" it was near") == " it was near"
    assert seam.end() == ""


def test_what_is_held_back_comes_at_the_end() -> None:
    seam = Seam("a word and a word", WORDS)
    assert seam.feed(" a") == ""
    assert seam.end() == " a"


@pytest.mark.parametrize(
    ("text", "is_open"),
    [
        ("```py\nx", True),
        ("```py\nx\n```", False),
        ("```py\nx\n```\n~~~\n```", True),
        ("````\n```\n", True),
        ("```a`b\nx", False),
        ("> ```\n> x", True),
        ("text", False),
    ],
)
def test_an_open_fence_is_told(text: str, *, is_open: bool) -> None:
    assert is_fence_open(text) is is_open
