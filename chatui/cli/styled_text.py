"""Inline Markdown as stretches of styled text, and their rows for a width. For a terminal, without any library."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from chatui.cli.terminal_text import Ink, measure

_INLINE = re.compile(
    r"(?P<escaped>\\[!-/:-@\[-`{-~])"
    r"|(?P<ticks>`+)(?P<code>[^`]|[^`].*?[^`])(?P=ticks)(?!`)"
    r"|!?\[(?P<label>[^\[\]]+)\]\((?P<target>[^()\s]+)(?:\s+\"[^\"]*\")?\)"
    r"|\*\*\*(?=\S)(?P<both>.+?)(?<=\S)\*\*\*"
    r"|(?P<strong>\*\*|(?<!\w)__)(?=\S)(?P<bold>.+?)(?<=\S)(?P=strong)"
    r"|~~(?=\S)(?P<struck>.+?)(?<=\S)~~"
    r"|(?P<weak>\*|(?<!\w)_)(?=[^\s*_])(?P<slanted>.+?)(?<=[^\s*_])(?P=weak)(?![*\w])"
)
"""The parts of CommonMark's inlines that replies use: escapes, code, links, emphasis, and GitHub's strikethrough."""

_WORD = re.compile(r"\s+|\S+")


class Stretch(NamedTuple):
    """A piece of text of one look."""

    text: str
    style: str = ""
    """Letters, one for each trait: `b`old, `i`talic, `s`truck, `c`ode, `l`ink, `d`im, `h`eading."""


_CODES = {"b": "1", "i": "3", "s": "9", "c": "36", "l": "4", "d": "2", "h": "1;36"}


def read_inline(text: str, style: str = "") -> list[Stretch]:
    """Take inline Markdown apart; markers without a partner stay as they are. `text` is safe to show."""
    stretches: list[Stretch] = []
    place = 0
    for found in _INLINE.finditer(text):
        if found.start() > place:
            stretches.append(Stretch(text[place : found.start()], style))
        place = found.end()
        if found["escaped"]:
            stretches.append(Stretch(found["escaped"][1], style))
        elif found["code"]:
            stretches.append(Stretch(found["code"].strip(" ") or found["code"], f"{style}c"))
        elif found["label"]:
            stretches += read_inline(found["label"], f"{style}l")
            if found["target"] != found["label"]:
                stretches.append(Stretch(f" ({found['target']})", f"{style}d"))
        elif found["bold"]:
            stretches += read_inline(found["bold"], f"{style}b")
        elif found["both"]:
            stretches += read_inline(found["both"], f"{style}bi")
        elif found["struck"]:
            stretches += read_inline(found["struck"], f"{style}s")
        else:
            stretches += read_inline(found["slanted"], f"{style}i")
    if place < len(text):
        stretches.append(Stretch(text[place:], style))
    return stretches


def wrap(stretches: Sequence[Stretch], width: int) -> list[list[Stretch]]:
    """Break stretches into rows of at most `width` cells: between words, and within one that is longer than a row."""
    rows: list[list[Stretch]] = [[]]
    used = 0
    gap: Stretch | None = None
    for glued in _words(stretches):
        if glued[0].text.isspace():
            gap = Stretch(glued[0].text.replace("\t", "    "), glued[0].style)
            continue
        blank = 0 if gap is None or not rows[-1] else measure(gap.text)
        cells = sum(measure(piece.text) for piece in glued)
        if rows[-1] and used + blank + cells > width:
            rows.append([])
            used = blank = 0
        if gap is not None and rows[-1]:
            rows[-1].append(gap)
        used += blank
        gap = None
        for piece in glued:
            for part in _break(piece, width - used):
                cells = measure(part.text)
                if rows[-1] and used + cells > width:
                    rows.append([])
                    used = 0
                rows[-1].append(part)
                used += cells
    return rows


def paint(stretches: Sequence[Stretch], ink: Ink) -> str:
    """The text with what a terminal needs to show its looks."""
    return "".join(
        ink.wrap(stretch.text, ";".join(_CODES[trait] for trait in dict.fromkeys(stretch.style)))
        for stretch in _join(stretches)
    )


def _words(stretches: Sequence[Stretch]) -> Iterator[list[Stretch]]:
    """Words, each with all the stretches that it runs through, and the blanks between them."""
    word: list[Stretch] = []
    for stretch in stretches:
        for piece in _WORD.findall(stretch.text):
            if not piece.isspace():
                word.append(Stretch(piece, stretch.style))
                continue
            if word:
                yield word
                word = []
            yield [Stretch(piece, stretch.style)]
    if word:
        yield word


def _break(piece: Stretch, room: int) -> Iterator[Stretch]:
    """A piece whole where it fits, else letter by letter."""
    if measure(piece.text) <= room:
        yield piece
        return
    for letter in piece.text:
        yield Stretch(letter, piece.style)


def _join(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Neighbours of the same look as one."""
    joined: list[Stretch] = []
    for stretch in stretches:
        if joined and joined[-1].style == stretch.style:
            joined[-1] = Stretch(joined[-1].text + stretch.text, stretch.style)
        else:
            joined.append(stretch)
    return joined
