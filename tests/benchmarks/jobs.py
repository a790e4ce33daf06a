"""What is done on a stage, in its process, and measured there. Times in milliseconds of CPU, unless said otherwise."""

from __future__ import annotations

import asyncio
import gc
import statistics
import time
from typing import Any

from tests.benchmarks.payloads import FLUSH, PAYLOADS, TOKEN
from tests.benchmarks.stage import Frames, Stage

PROBE_SECONDS = 0.005


async def flush(
    stage: Stage, payload: str, places: list[int], count: int, windows: int = 3, above: int = 10
) -> dict[str, Any]:
    """CPU per flush of 17 tokens at places of a reply, given in tokens; -1 is the end. Each flush awaits its frame."""
    text = PAYLOADS[payload]()
    frames = Frames(stage.app)
    await stage.begin(is_reasoning=payload == "reasoning", above=above)
    await asyncio.sleep(0.3)
    at, means, worst = 0, [], 0.0
    for place in places:
        start = (place if place >= 0 else len(text) // TOKEN) * TOKEN
        start = max(min(start, len(text) - count * windows * FLUSH), at)
        while at < start:
            piece = text[at : min(start, at + 4000)]
            frames.arm()
            await stage.take(piece)
            at += len(piece)
            await asyncio.sleep(0)
        await asyncio.sleep(0.6)
        found: list[float] = []
        for _ in range(windows):
            gc.collect()
            began = time.process_time()
            for _ in range(count):
                each = time.process_time()
                frames.arm()
                await stage.take(text[at : at + FLUSH])
                at += FLUSH
                await frames.wait(60)
                worst = max(worst, time.process_time() - each)
            found.append((time.process_time() - began) / count * 1e3)
        means.append(min(found))
    return {"means": means, "worst": worst * 1e3}


async def stream(stage: Stage, payload: str, tokens: int, speed: float, probe: bool = False) -> dict[str, Any]:
    """CPU and wall of a whole reply, the frames, and with `probe` how late a timer of 5 ms comes."""
    text = PAYLOADS[payload]()[: tokens * TOKEN]
    frames = Frames(stage.app)
    lags: list[float] = []
    prober = asyncio.create_task(_probe(lags)) if probe else None
    cpu, wall = time.process_time(), time.perf_counter()
    await stage.stream(text, speed)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    if prober is not None:
        prober.cancel()
    lags.sort()
    return {
        "cpu": cpu,
        "wall": wall,
        "frames": frames.count,
        "p99": lags[int(len(lags) * 0.99)] * 1e3 if lags else 0.0,
        "max": lags[-1] * 1e3 if lags else 0.0,
    }


async def _probe(lags: list[float]) -> None:
    while True:
        due = time.perf_counter() + PROBE_SECONDS
        await asyncio.sleep(PROBE_SECONDS)
        lags.append(time.perf_counter() - due)


def middle(values: list[float]) -> float:
    """The median; 0 of nothing."""
    return statistics.median(values) if values else 0.0
