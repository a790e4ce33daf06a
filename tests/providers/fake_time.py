"""Time that passes only when somebody sleeps."""

from __future__ import annotations


class FakeTime:
    """A clock and a sleep that agree with each other; `slept` holds every wait, in seconds."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
