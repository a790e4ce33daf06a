"""Fixtures of the engine tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from tests.engine.fake_provider import FakeProvider, Step
from tests.engine.sick_disk import SickDisk
from tests.engine.stage import Stage

SetStage = Callable[..., Stage]


@pytest_asyncio.fixture
async def set_stage(tmp_path: Path) -> AsyncIterator[SetStage]:
    """Makes a stage whose provider plays the given scripts, one for each attempt; closed at the end."""
    stages: list[Stage] = []

    def make(*attempts: list[Step], provider: FakeProvider | None = None, folder: str = "chatui") -> Stage:
        stages.append(Stage(tmp_path / folder, provider or FakeProvider(*attempts)))
        return stages[-1]

    yield make
    for stage in stages:
        await stage.aclose()


@pytest.fixture
def sick_disk(monkeypatch: pytest.MonkeyPatch) -> SickDisk:
    return SickDisk(monkeypatch)
