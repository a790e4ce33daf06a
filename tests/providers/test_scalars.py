"""Halves of surrogate pairs."""

from __future__ import annotations

import pytest

from chatui.providers.scalars import PairJoiner


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        pytest.param(["plain", "", " text"], "plain text", id="plain text"),
        pytest.param(["ü", "🙂"], "ü🙂", id="whole characters"),
        pytest.param(["a\ud83d", "\ude42b"], "a🙂b", id="a pair over two deltas"),
        pytest.param(["\ud83d", "", "\ude42"], "🙂", id="an empty delta between the halves"),
        pytest.param(["\ud83d\ude42"], "🙂", id="a pair in one delta"),
        pytest.param(["\ud83dx"], "\ufffdx", id="a high half alone"),
        pytest.param(["x\ude42y"], "x\ufffdy", id="a low half alone"),
        pytest.param(["\ud83d"], "\ufffd", id="a high half at the end"),
        pytest.param(["\ud83d", "\ud83d", "\ude42"], "\ufffd🙂", id="two high halves"),
    ],
)
def test_only_scalars_come_out(pieces: list[str], expected: str) -> None:
    joiner = PairJoiner()
    assert "".join([*(joiner.feed(piece) for piece in pieces), joiner.flush()]) == expected
