"""The open containers of a source, and which of them each line continues."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Self

from chatui.ui.markdown.containers import Container, Frame, Item, List, Quote, make_item
from chatui.ui.markdown.leaf import Place
from chatui.ui.markdown.line import Ink
from chatui.ui.markdown.starts import Marker, count_indent

_DEEPEST = 32
"""Containers inside each other; deeper ones are text."""


class Nesting:
    """The open containers from the outside in, and what the next leaf needs to know of the ones before it."""

    def __init__(self) -> None:
        self._stack: list[Container] = []
        self._kept = 0
        """Containers that have been open since the last leaf began."""
        self._is_blank = False
        """Whether an empty line came since then."""
        self._is_begun = False
        self._top = 0

    def __len__(self) -> int:
        return len(self._stack)

    @property
    def is_full(self) -> bool:
        """Whether it is too deep for one more container."""
        return len(self._stack) >= _DEEPEST

    @property
    def is_item_begun(self) -> bool:
        """Whether the innermost container is an item whose marker is not drawn yet."""
        return bool(self._stack) and isinstance(item := self._stack[-1], Item) and item.is_unmarked

    @property
    def has_markers(self) -> bool:
        """Whether any marker is not drawn yet."""
        return any(isinstance(container, Item) and container.is_unmarked for container in self._stack)

    def fork(self) -> Self:
        """Return a copy that may go its own way."""
        other = copy.copy(self)
        other._stack = [copy.copy(container) for container in self._stack]
        return other

    def match(self, text: str) -> tuple[int, int]:
        """Return the column after what the open containers take of a line, and how many of them it continues."""
        at = 0
        for depth, container in enumerate(self._stack):
            if isinstance(container, List):
                continue
            indent = count_indent(text, at)
            is_blank = at + indent >= len(text)
            if isinstance(container, Quote):
                if indent > 3 or is_blank or text[at + indent] != ">":
                    return at, depth
                at += indent + 1
                at += text[at : at + 1] == " "
            elif is_blank and not container.is_hollow:
                at = min(at + container.indent, len(text))
            elif not is_blank and indent >= container.indent:
                at += container.indent
            else:
                return at, depth
        return at, len(self._stack)

    def push_quote(self) -> None:
        """Open a block quote."""
        self._push(Quote())

    def push_item(self, marker: Marker) -> None:
        """Open a list item, and its list where it belongs to none that is open."""
        listing, item = make_item(marker, self._stack)
        if not self._stack or self._stack[-1] is not listing:
            self._push(listing)
        self._stack.append(item)

    def pop(self) -> None:
        """Close the innermost container."""
        self._stack.pop()
        self._kept = min(self._kept, len(self._stack))

    def note_blank(self) -> None:
        """Take note of an empty line."""
        self._is_blank = True

    def place(self, *, is_tight: bool = False) -> Place:
        """Return the place of a leaf that begins here, and take note of it: markers are drawn, items not hollow.

        A tight leaf is parted from the one before only by an empty line in the source, as in a list.
        """
        self._end_lists()
        stack = self._stack
        kept = stack[: self._kept]
        frame = _make_frame(stack)
        has_gap = self._is_begun and (self._is_blank or not (is_tight or (kept and not isinstance(kept[-1], Quote))))
        gap = _make_frame(kept)
        for container in stack:
            if isinstance(container, Item):
                container.is_unmarked = container.is_hollow = False
        self._top += not kept
        self._kept, self._is_blank, self._is_begun = len(stack), False, True
        kind = "" if not stack else "quote" if isinstance(stack[0], Quote) else "list"
        ink = Ink("quote") if any(isinstance(container, Quote) for container in stack) else Ink()
        return Place(frame, gap if has_gap else None, self._top, kind, ink)

    def _push(self, container: Container) -> None:
        self._end_lists()
        self._stack.append(container)

    def _end_lists(self) -> None:
        """Close lists that are followed by something else than an item."""
        while self._stack and isinstance(self._stack[-1], List):
            self.pop()


def _make_frame(stack: Sequence[Container]) -> Frame:
    return Frame(tuple(container.part() for container in stack if not isinstance(container, List)))
