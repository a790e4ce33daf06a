"""The heights of all entries in a Fenwick tree, so that row → entry and entry → row cost O(log n)."""

from __future__ import annotations

from collections.abc import Iterable


class Heights:
    """Heights in rows, one per entry; 10,000 of them are built in about a millisecond."""

    def __init__(self, heights: Iterable[int] = ()) -> None:
        self._heights = list(heights)
        self._tree = [0, *self._heights]
        tree, size = self._tree, len(self._heights)
        for node in range(1, size + 1):
            parent = node + (node & -node)
            if parent <= size:
                tree[parent] += tree[node]
        self._total = sum(self._heights)

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, index: int) -> int:
        return self._heights[index]

    @property
    def total(self) -> int:
        """Rows of all entries together."""
        return self._total

    def before(self, index: int) -> int:
        """Rows above entry `index`; `index` may be the number of entries."""
        rows = 0
        while index > 0:
            rows += self._tree[index]
            index &= index - 1
        return rows

    def find(self, row: int) -> tuple[int, int]:
        """Return the entry that holds `row` and the row within it.

        A row below the end gives the number of entries. Entries of height 0 are passed over.
        """
        if row >= self._total:
            return len(self._heights), row - self._total
        index, size = 0, len(self._heights)
        step = 1 << size.bit_length()
        while step := step >> 1:
            node = index + step
            if node <= size and self._tree[node] <= row:
                index = node
                row -= self._tree[node]
        return index, row

    def set(self, index: int, height: int) -> int:
        """Change one height and return by how much."""
        change = height - self._heights[index]
        if change:
            self._heights[index] = height
            self._total += change
            node, size = index + 1, len(self._heights)
            while node <= size:
                self._tree[node] += change
                node += node & -node
        return change

    def append(self, height: int) -> None:
        """Put an entry at the end."""
        node = len(self._heights) + 1
        rows = height
        below = node - 1
        while below > node - (node & -node):
            rows += self._tree[below]
            below &= below - 1
        self._heights.append(height)
        self._tree.append(rows)
        self._total += height

    def pop(self) -> int:
        """Take the last entry away and return its height."""
        self._tree.pop()
        height = self._heights.pop()
        self._total -= height
        return height

    def with_front(self, heights: Iterable[int]) -> Heights:
        """Return heights with more entries in front; built anew, O(n)."""
        return Heights([*heights, *self._heights])
