"""The difference of two texts by words, pure: what both have, what only the first has, what only the second."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import takewhile

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
_LEAST_SHARE = 20
"""So many times as long as what both have the changes around it may be."""


class Side(StrEnum):
    """Which of the two texts has a stretch."""

    BOTH = "both"
    REMOVED = "removed"
    """Only the first."""
    INSERTED = "inserted"
    """Only the second."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some words in a row."""

    side: Side
    text: str


def diff_words(first: str, second: str) -> list[Stretch]:
    """Return the stretches of two texts in order. Without the inserted ones they are the first text, and so on.

    Costs up to the product of the lengths where the texts have little in common: call it in a thread for long ones.
    """
    before, after = _WORDS.findall(first), _WORDS.findall(second)
    stretches: list[Stretch] = []
    for operation, start, end, other_start, other_end in SequenceMatcher(None, before, after).get_opcodes():
        if operation == "equal":
            _add(stretches, Side.BOTH, "".join(before[start:end]))
        else:
            _add(stretches, Side.REMOVED, "".join(before[start:end]))
            _add(stretches, Side.INSERTED, "".join(after[other_start:other_end]))
    # Blanks first: they would part a long change into single words, and each would seem a small one.
    return _join_islands(_flood_islands(_join_islands(stretches)))


def _add(stretches: list[Stretch], side: Side, text: str) -> None:
    if text:
        stretches.append(Stretch(side, text))


def _flood_islands(stretches: list[Stretch]) -> list[Stretch]:
    """A few letters that both happen to have in the midst of much that differs say nothing; they go with the change."""
    flooded: list[Stretch] = []
    for place, stretch in enumerate(stretches):
        around = _length(reversed(stretches[max(place - 2, 0) : place])) + _length(stretches[place + 1 : place + 3])
        is_inside = 0 < place < len(stretches) - 1
        if stretch.side is Side.BOTH and is_inside and len(stretch.text.strip()) * _LEAST_SHARE < around:
            flooded += (Stretch(Side.REMOVED, stretch.text), Stretch(Side.INSERTED, stretch.text))
        else:
            flooded.append(stretch)
    return flooded


def _length(stretches: Iterable[Stretch]) -> int:
    """The characters of the changes in a row."""
    return sum(len(each.text) for each in takewhile(lambda each: each.side is not Side.BOTH, stretches))


def _join_islands(stretches: list[Stretch]) -> list[Stretch]:
    """A lone blank that both have between two changes would tear them into single words; it goes with them."""
    joined: list[Stretch] = []
    removed, inserted = "", ""
    for place, stretch in enumerate(stretches):
        is_between = (removed or inserted) and place + 1 < len(stretches)
        if stretch.side is Side.BOTH and is_between and stretch.text.isspace() and "\n" not in stretch.text:
            removed, inserted = removed + stretch.text, inserted + stretch.text
        elif stretch.side is Side.BOTH:
            _add(joined, Side.REMOVED, removed)
            _add(joined, Side.INSERTED, inserted)
            removed, inserted = "", ""
            joined.append(stretch)
        elif stretch.side is Side.REMOVED:
            removed += stretch.text
        else:
            inserted += stretch.text
    _add(joined, Side.REMOVED, removed)
    _add(joined, Side.INSERTED, inserted)
    return joined
