"""The seams of a continued reply: a dim line between what was kept and what came later."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from chatui.conversation.continued import parts_of, seconds_between
from chatui.conversation.events import Started
from chatui.conversation.message import Message, Part, StoredMessage
from chatui.conversation.model_info import split_model_name
from chatui.conversation.visible import make_visible_line
from chatui.engine.figures import format_seconds
from chatui.ui.markdown.flow import MarkdownFlow
from chatui.ui.markdown.line import Ink, Line, Run
from chatui.ui.transcript.folded_code import FoldedCode
from chatui.ui.transcript.section import drawn_line

_SETTLED = 200
"""Lines below a seam from which on it is taken to stay where it is while the reply grows."""


def name_seams(message: Message, goes_on: Started | None = None) -> list[tuple[int, str]]:
    """Where each later part of a reply begins in its text, and the words that stand there."""
    parts: list[Part] = list(parts_of(message))
    if goes_on is not None:
        parts.append(Part(len(message.text), goes_on.model, goes_on.created, is_approximate=goes_on.is_approximate))
    return [(part.start, _say(before, part)) for before, part in pairwise(parts)]


def _say(before: Part, part: Part) -> str:
    model = make_visible_line(split_model_name(part.model)[1] or part.model)
    words = f"continued by {model}" if model else "continued"
    seconds = seconds_between(before, part)
    if seconds is not None and seconds >= 1:
        words += f" after {_say_pause(seconds)}"
    return f"╌ {words}, asked in words: approximate ╌" if part.is_approximate else f"╌ {words} ╌"


def _say_pause(seconds: float) -> str:
    if seconds < 3600:
        return format_seconds(seconds)
    hours = seconds / 3600
    return f"{hours:.0f} h" if hours < 48 else f"{hours / 24:.0f} days"


def find_message(items: Sequence[object], message_id: str) -> int | None:
    """The index of the message of that id; `None` where it is not among the items."""
    for index in range(len(items) - 1, -1, -1):
        item = items[index]
        if isinstance(item, Message | StoredMessage) and item.id == message_id:
            return index
    return None


def last_said(items: Sequence[object]) -> int | None:
    """The index of the last message, notes and waiting prompts not counted."""
    for index in range(len(items) - 1, -1, -1):
        if isinstance(items[index], Message | StoredMessage | Started):
            return index
    return None


def lay_seams(flow: MarkdownFlow, folded: frozenset[int], seams: Sequence[tuple[int, str]]) -> FoldedCode:
    """The lines of a reply with its seams, if it has any; `folded` are the numbers of its folded code."""
    return SeamedLines(flow, folded, seams) if seams else FoldedCode(flow, folded)


class SeamedLines(FoldedCode):
    """The lines of a flow, and between them a drawn one for each seam. Call `update` after the flow has changed."""

    def __init__(self, flow: MarkdownFlow, folded: frozenset[int], seams: Sequence[tuple[int, str]]) -> None:
        self._seams = tuple(seams)
        self._places: list[int] = []
        """The line of the flow before which each seam is drawn."""
        self._width = 0
        super().__init__(flow, folded)

    @property
    def height(self) -> int:
        """The lines that are shown, and the seams."""
        return super().height + len(self._places)

    def line(self, index: int) -> Line:
        """One line, drawn for a seam."""
        for number, place in enumerate(self._places):
            row = self._row_before(place) + number
            if index == row:
                offset, words = self._seams[number]
                start = self.whole.line(place - 1).start if place else 0
                drawn = drawn_line(Run(words[: self.whole.width], Ink("dim")))
                return drawn._replace(start=start, end=offset)
            if index < row:
                return super().line(index - number)
        return super().line(index - len(self._places))

    def row_of(self, line: int) -> int:
        """Where a line of the flow is shown."""
        return super().row_of(line) + sum(place <= line for place in self._places)

    def update(self) -> None:
        """Take over how the flow's lines are now; a seam far above what grows stays where it is."""
        super().update()
        height, width = self.whole.height, self.whole.width
        settled = height - _SETTLED if width == self._width else 0
        found = [place for place in self._places if place < settled]
        self._places = found + [_find(self.whole, offset) for offset, _ in self._seams[len(found) :]]
        self._width = width

    def _row_before(self, place: int) -> int:
        """The row where a seam at a line stands; one inside of folded code stands below it."""
        row = super().row_of(place)
        is_hidden = 0 < place < self.whole.height and super().row_of(place - 1) == row
        return row + is_hidden


def _find(flow: MarkdownFlow, offset: int) -> int:
    """The line before which the seam at an offset of the source is drawn: below the row on which it lies."""
    after = bisect_left(range(flow.height), offset, key=lambda index: flow.line(index).start)
    if after == 0 or flow.line(after - 1).end <= offset:
        # Where a new block begins, the gap above it stays above the seam's line.
        return after
    first = after - 1
    start = flow.line(first).start
    while first > 0 and flow.line(first - 1).start == start and flow.line(first - 1).runs:
        first -= 1
    # The rows of a paragraph all begin where it does, so what they hold is counted.
    room = offset - start
    for index in range(first, after):
        room -= len(flow.line(index).text.strip()) + 1
        if room <= 0:
            return index + 1
    return after
