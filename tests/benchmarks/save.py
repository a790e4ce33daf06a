"""A save of one message in a session of 10 MB, as the engine does it, beside a bare write of the same bytes."""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from dataclasses import replace
from pathlib import Path

from chatui.engine.recorder import Recorder
from chatui.storage.checkpoint import checkpoint_path
from chatui.storage.paths import find_places
from chatui.storage.shelf import Shelf
from tests.benchmarks.sessions import make_messages, write_session

MESSAGES = 9_000
_PROBE_SECONDS = 0.001


def write_bare(path: Path, data: bytes) -> float:
    """Write, fsync, rename; return milliseconds of wall."""
    began = time.perf_counter()
    aside = path.with_suffix(".new")
    file = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]
    os.fsync(file)
    os.close(file)
    aside.rename(path)
    return (time.perf_counter() - began) * 1e3


async def _probe(lags: list[float]) -> None:
    while True:
        due = time.perf_counter() + _PROBE_SECONDS
        await asyncio.sleep(_PROBE_SECONDS)
        lags.append(time.perf_counter() - due)


async def measure_saves(home: Path, repeats: int) -> dict[str, float]:
    """Wall of a save and of the bare write (medians of saves in turn), and the longest the loop was late, in a
    save and while nothing happens."""
    messages = make_messages(MESSAGES)
    path = write_session(home, "20260101-000000-save", messages)
    shelf = Shelf(find_places({"CHATUI_HOME": str(home / "chatui")}, home))
    opened = shelf.open_session(path.stem)
    recorder = Recorder(opened.file, checkpoint_path(path), shelf.lock(path.stem))
    lock = shelf.lock(path.stem)
    lock.acquire()
    recorder = Recorder(opened.file, checkpoint_path(path), lock)
    await recorder.load_rest()
    saves: list[float] = []
    bare: list[float] = []
    held: list[float] = []
    idle: list[float] = []
    for number in range(repeats):
        message = replace(messages[-1], id=f"new{number}", parent=messages[-1].id)
        quiet: list[float] = []
        prober = asyncio.create_task(_probe(quiet))
        await asyncio.sleep(0.1)
        prober.cancel()
        idle.append(max(quiet) * 1e3)
        lags: list[float] = []
        prober = asyncio.create_task(_probe(lags))
        await asyncio.sleep(0.02)
        began = time.perf_counter()
        problem = await recorder.save_message(message, opened.session.header)
        saves.append((time.perf_counter() - began) * 1e3)
        await asyncio.sleep(0.02)
        prober.cancel()
        if problem:
            raise RuntimeError(problem)
        held.append(max(lags) * 1e3)
        bare.append(write_bare(home / "bare.toml", path.read_bytes()))
    await recorder.aclose()
    size = path.stat().st_size
    return {
        "save": statistics.median(saves),
        "bare": statistics.median(bare),
        "held": statistics.median(held),
        "idle": statistics.median(idle),
        "size": size,
    }
