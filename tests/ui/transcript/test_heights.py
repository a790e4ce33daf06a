"""The Fenwick tree says what a plain list says."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from chatui.ui.transcript.heights import Heights

_HEIGHT = st.integers(0, 9)
_CHANGE = st.tuples(st.sampled_from(["set", "append", "pop", "front"]), st.integers(0, 1000), _HEIGHT)


@settings(max_examples=100, deadline=None)
@given(st.lists(_HEIGHT, max_size=40), st.lists(_CHANGE, max_size=30))
def test_any_sequence_of_changes_equals_a_list(start: list[int], changes: list[tuple[str, int, int]]) -> None:
    plain = list(start)
    heights = Heights(start)
    for what, where, height in changes:
        if what == "append":
            plain.append(height)
            heights.append(height)
        elif what == "front":
            plain[:0] = [height, where % 7]
            heights = heights.with_front([height, where % 7])
        elif plain and what == "set":
            index = where % len(plain)
            assert heights.set(index, height) == height - plain[index]
            plain[index] = height
        elif plain:
            assert heights.pop() == plain.pop()
        assert len(heights) == len(plain)
        assert heights.total == sum(plain)
        assert [heights.before(i) for i in range(len(plain) + 1)] == [sum(plain[:i]) for i in range(len(plain) + 1)]
    found = [heights.find(row) for row in range(heights.total)]
    assert found == [(index, line) for index, height in enumerate(plain) for line in range(height)]


def test_a_row_below_the_end_belongs_to_nobody() -> None:
    assert Heights([2, 3]).find(7) == (2, 2)
    assert Heights().find(0) == (0, 0)
