"""The prompts of a batch are read a few ahead, and images only so far as memory is to spare."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from chatui.cli import batch_source
from chatui.cli.batch_source import BatchSource
from chatui.conversation.attachment import attach_image
from chatui.conversation.message import Role
from chatui.conversation.request import PlacedImage, Turn
from chatui.engine.batch import BatchItem


def show(n: int, size: int) -> BatchItem:
    """A prompt with an image of so many bytes."""
    image = attach_image("cat.png", "image/png", bytes(size))
    return BatchItem(n, "fake/one", (Turn(Role.USER, "What?", placed=(PlacedImage(5, image),)),))


async def test_large_images_are_not_read_far_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_source, "_AHEAD_BYTES", 100)
    made: list[int] = []

    def make() -> Iterator[BatchItem]:
        # The third is larger than all that may wait; it goes alone.
        for n, size in enumerate((40, 40, 400, 40, 40, 40), start=1):
            made.append(n)
            yield show(n, size)

    source = BatchSource(make())
    taken: list[int] = []
    async with asyncio.timeout(10):
        async for item in source:
            taken.append(item.n)
            # The one in the reader's hands, and what fits beside it.
            assert made[-1] - item.n <= 3
            assert source._bytes in (0, 40, 80, 400)
    assert taken == [1, 2, 3, 4, 5, 6]
    assert source._bytes == 0


async def test_an_address_costs_no_memory_to_wait_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_source, "_AHEAD_BYTES", 1)
    linked = Turn(Role.USER, "?", placed=(PlacedImage(1, "https://example.org/cat.png"),))
    source = BatchSource(iter([BatchItem(n, "fake/one", (linked,)) for n in range(1, 21)]))
    async with asyncio.timeout(10):
        while not source.is_over:
            await asyncio.sleep(0)
        assert source.count == 20
        assert [item.n async for item in source] == list(range(1, 21))
