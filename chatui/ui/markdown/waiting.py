"""Blocks that use a link reference before it is defined: they are read again when the definition comes."""

from __future__ import annotations

from collections.abc import Iterable

from chatui.ui.markdown.leaf import Leaf


class Waiting:
    """The closed blocks that used a label before its definition came."""

    def __init__(self) -> None:
        self._leaves: dict[str, list[Leaf]] = {}
        self._found: dict[int, Leaf] = {}

    def add(self, labels: Iterable[str], leaf: Leaf) -> None:
        """Let a block wait for labels."""
        for label in labels:
            self._leaves.setdefault(label, []).append(leaf)

    def tell(self, label: str) -> None:
        """Take note that a label is defined now."""
        self._found |= {id(leaf): leaf for leaf in self._leaves.pop(label, ())}

    def take(self) -> list[Leaf]:
        """Return the blocks whose wait has ended since the last call."""
        found, self._found = self._found, {}
        return list(found.values())
