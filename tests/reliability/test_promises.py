"""Every line of the promises about streams, retries, keys and secrets has a test that bears its number."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.reliability.odd_streams import load_streams

_HERE = Path(__file__).parent
_ELSEWHERE = {
    "r6": "tests/engine/test_batch.py",
    "x1": "tests/ui/transcript/test_widget_looks.py",
    "x2": "tests/ui/transcript/test_widget_looks.py",
    "x3": "tests/ui/transcript/test_mouse.py",
    "x8": "tests/storage/test_session_names.py",
    "x10": "tests/ui/test_app.py",
}
"""Lines that are about other floors, and where they are tested."""

RULES = [
    *(f"s{n}" for n in range(1, 13)),
    *(f"r{n}" for n in range(1, 7)),
    *(f"k{n}" for n in range(1, 5)),
    *(f"x{n}" for n in range(1, 11)),
]


def _tested() -> set[str]:
    named = {
        found[1]
        for path in _HERE.glob("test_*.py")
        for found in re.finditer(r"def test_([srkx]\d+)_", path.read_text(encoding="utf-8"))
    }
    return named | {odd.rule.lower() for odd in load_streams()}


@pytest.mark.parametrize("rule", RULES)
def test_each_promise_has_a_test(rule: str) -> None:
    assert rule in _tested() or (_HERE.parents[1] / _ELSEWHERE[rule]).is_file()
