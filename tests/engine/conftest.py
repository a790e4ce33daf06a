"""Fixtures of the engine tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from tests.engine.fake_provider import FakeProvider, Step
from tests.engine.sick_disk import SickDisk
from tests.engine.stage import Stage

SetStage = Callable[..., Stage]

HANGS_AFTER = 20.0
"""Seconds after which a test fails that waits for what does not come."""


@pytest_asyncio.fixture
async def set_stage(tmp_path: Path) -> AsyncIterator[SetStage]:
    """Makes a stage whose provider plays the given scripts, one for each attempt; closed at the end."""
    stages: list[Stage] = []

    def make(*attempts: list[Step], provider: FakeProvider | None = None, folder: str = "chatui") -> Stage:
        stages.append(Stage(tmp_path / folder, provider or FakeProvider(*attempts)))
        return stages[-1]

    def give_up() -> None:
        for task in asyncio.all_tasks():
            task.cancel("the test hangs")

    watchdog = asyncio.get_running_loop().call_later(HANGS_AFTER, give_up)
    yield make
    watchdog.cancel()
    for stage in stages:
        await stage.aclose()


@pytest.fixture
def sick_disk(monkeypatch: pytest.MonkeyPatch) -> SickDisk:
    return SickDisk(monkeypatch)
