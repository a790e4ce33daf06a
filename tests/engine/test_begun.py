"""Work that was begun: it goes on from where it waits as if it had been awaited whole."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from chatui.engine.begun import Begun


async def give(value: str) -> str:
    return value


async def wait_for(*waits: asyncio.Event) -> str:
    for wait in waits:
        await wait.wait()
    return "over"


async def test_what_need_not_wait_is_done_at_once() -> None:
    begun = Begun(give("here"))
    assert (begun.is_done, begun.result) == (True, "here")


async def test_what_has_to_wait_goes_on_when_it_is_awaited() -> None:
    first, second = asyncio.Event(), asyncio.Event()
    begun = Begun(wait_for(first, second))
    assert not begun.is_done
    asyncio.get_running_loop().call_soon(first.set)
    asyncio.get_running_loop().call_later(0.001, second.set)
    assert await begun == "over"


async def test_a_fault_in_the_first_step_is_raised_at_once_and_a_later_one_when_awaited() -> None:
    async def fail(*waits: asyncio.Event) -> None:
        await wait_for(*waits)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        Begun(fail())
    wait = asyncio.Event()
    begun = Begun(fail(wait))
    wait.set()
    with pytest.raises(ValueError, match="no"):
        await begun


async def test_a_cancellation_reaches_the_work_and_the_one_who_waits() -> None:
    ended: list[str] = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("work")

    async def consume() -> None:
        begun = Begun(work())
        try:
            await begun
        finally:
            ended.append("consumer")

    task = asyncio.create_task(consume())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended == ["work", "consumer"]


async def test_work_may_answer_a_timeout_of_its_own_and_go_on() -> None:
    async def work() -> str:
        try:
            async with asyncio.timeout(0):
                await asyncio.Event().wait()
        except TimeoutError:
            await asyncio.sleep(0)
            return "too late"
        return "never"

    assert await Begun(work()) == "too late"


async def test_an_outer_timeout_ends_work_that_has_one_of_its_own() -> None:
    async def work() -> None:
        async with asyncio.timeout(60):
            await asyncio.Event().wait()

    begun = Begun(work())
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await begun
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_the_steps_of_a_generator_are_taken_one_by_one() -> None:
    async def count() -> AsyncIterator[int]:
        for number in range(3):
            yield number

    numbers = count()
    assert [Begun(anext(numbers, None)).result for _ in range(4)] == [0, 1, 2, None]
