"""Filtering by words: each word stands in the row, or its letters stand in the title in their order."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from chatui.ui.screens.rows import PickerRow

_SPREAD = 4
"""Letters of a word may lie at most so many times its length apart: a sentence holds nearly every word loosely."""


_LEAST_LOOSE = 3
"""Letters that a word needs to be looked for letter by letter: two stand apart in nearly every title."""


class RowText(NamedTuple):
    """What the filter looks in, folded."""

    title: str
    """The first column."""
    whole: str
    """All columns, the group and the further text."""


class Score(NamedTuple):
    """How well a row matches; smaller is better."""

    loose: int
    """Words that stand in the title only as letters in order."""
    cost: int
    """Where the words stand: the title's start, a word's start, inside one, elsewhere; for loose ones how far apart."""


def fold(text: str) -> str:
    """Return `text` without case and accents on Latin letters, of the same length, so that places stay right."""
    if text.isascii():
        return text.lower()
    return "".join(_fold_letter(letter) for letter in text)


def _fold_letter(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter)[0]
    lower = (base if base.isascii() else letter).lower()
    return lower if len(lower) == 1 else letter


def split_words(query: str) -> tuple[str, ...]:
    """The folded words of a query; none for an empty one."""
    return tuple(fold(query).split())


def read_row(row: PickerRow) -> RowText:
    """Fold a row once, so that each key press only searches."""
    title = fold(row.cells[0]) if row.cells else ""
    return RowText(title, fold("\n".join((*row.cells, row.group, row.search))))


def find_letters(text: str, word: str) -> list[int] | None:
    """Where the letters of `word` stand in `text` in their order, as close together as the first end allows.

    Returns `None` where they do not, or only too far apart, and for words of one or two letters.
    """
    if len(word) < _LEAST_LOOSE:
        return None
    end = -1
    for letter in word:
        end = text.find(letter, end + 1)
        if end < 0:
            return None
    places: list[int] = []
    start = end + 1
    for letter in reversed(word):
        start = text.rfind(letter, 0, start)
        places.append(start)
    places.reverse()
    return places if end - start < _SPREAD * len(word) else None


def score_row(text: RowText, words: Sequence[str]) -> Score | None:
    """How well a row matches all the words; `None` when one is missing."""
    loose = cost = 0
    title, whole = text
    for word in words:
        at = title.find(word)
        if at >= 0:
            cost += 0 if at == 0 else 2 if title[at - 1].isalnum() else 1
        elif word in whole:
            cost += 3
        elif (places := find_letters(title, word)) is not None:
            loose += 1
            cost += places[-1] - places[0]
        else:
            return None
    return Score(loose, cost)


def filter_rows(texts: Iterable[RowText], words: Sequence[str]) -> list[int]:
    """The indices of the rows that match all words, the best first; equal ones keep their order."""
    found = [(score, index) for index, text in enumerate(texts) if (score := score_row(text, words)) is not None]
    found.sort()
    return [index for _, index in found]


def pick_rows(texts: Iterable[RowText], words: Sequence[str]) -> list[int]:
    """The indices of the rows in which all words stand as they are, in the order of the rows."""
    return [index for index, text in enumerate(texts) if all(word in text.whole for word in words)]


def find_spans(text: str, words: Sequence[str], *, is_title: bool) -> list[tuple[int, int]]:
    """The parts of a shown text that the words matched, as merged (start, end) pairs in order.

    Only a title is searched for letters apart.
    """
    folded = fold(text)
    hit: set[int] = set()
    for word in words:
        at = folded.find(word)
        if at >= 0:
            hit.update(range(at, at + len(word)))
        elif is_title:
            hit.update(find_letters(folded, word) or ())
    spans: list[tuple[int, int]] = []
    for place in sorted(hit):
        if spans and spans[-1][1] == place:
            spans[-1] = (spans[-1][0], place + 1)
        else:
            spans.append((place, place + 1))
    return spans
