"""Fixtures of the crash tests."""

from __future__ import annotations

import pytest


@pytest.fixture
def crash_rounds(request: pytest.FixtureRequest) -> int:
    """Random kills asked for with `--crash-rounds`."""
    return int(request.config.getoption("--crash-rounds"))
