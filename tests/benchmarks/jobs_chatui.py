"""What only the real app can be asked: open sessions, move around in them, list them."""

from __future__ import annotations

import asyncio
import gc
import os
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.jobs import middle
from tests.benchmarks.stage import Frames, wait_until
from tests.benchmarks.stage_chatui import ChatuiStage


def resident_bytes() -> int:
    """Memory of this process that is in RAM now; Linux only."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


async def cost_of(frames: Frames, act: Callable[[], Awaitable[object] | object]) -> float:
    """CPU in milliseconds from an action to its frame, by all threads."""
    gc.collect()
    frames.arm()
    began = time.process_time()
    result = act()
    if isinstance(result, Awaitable):
        await result
    await frames.wait(30)
    return (time.process_time() - began) * 1e3


async def open_session(stage: ChatuiStage, session: str, count: int) -> dict[str, Any]:
    """Open a session of so many messages: to the first frame, until all is there, and then moving around in it."""
    frames = Frames(stage.app)
    desk = stage.screen.desk
    transcript = desk.transcript
    before = resident_bytes()
    wall = time.perf_counter()
    first = await cost_of(frames, lambda: desk.open_session(session))
    wall = time.perf_counter() - wall
    all_cpu = time.process_time()
    await wait_until(lambda: len(transcript.view.document) >= count)
    all_cpu = time.process_time() - all_cpu
    await asyncio.sleep(1.0)
    gc.collect()
    grown = resident_bytes() - before
    moves = await _move_around(stage, frames)
    return {"first": first, "wall": wall * 1e3, "rest": all_cpu * 1e3, "rss": grown, **moves}


async def _move_around(stage: ChatuiStage, frames: Frames) -> dict[str, float]:
    from textual import events  # After `make_app`: Textual reads its environment when it is imported.

    transcript = stage.screen.desk.transcript
    app = stage.app

    async def quiet() -> None:
        await asyncio.sleep(0.15)

    found: dict[str, list[float]] = {"page": [], "jump": [], "resize": [], "theme": [], "key": [], "wheel": []}
    for _ in range(20):
        if transcript.view.top == 0:
            break
        found["page"].append(await cost_of(frames, transcript.action_page_up))
        await quiet()
    transcript.action_scroll_end()
    await quiet()
    total = transcript.view.document.total
    for share in (0.0, 0.5, 0.9, 0.25, 0.75):

        def jump(row: int = int(total * share)) -> None:
            transcript.view.scroll_to(row)
            transcript.show_changes()

        found["jump"].append(await cost_of(frames, jump))
        await quiet()
    for rows in [-3] * 5 + [3] * 5:

        def scroll(rows: int = rows) -> None:
            transcript.scroll_rows(rows)

        found["wheel"].append(await cost_of(frames, scroll))
        await quiet()
    for name in ("paper", "ink", "paper", "ink"):
        if name not in app.available_themes:
            continue

        def change(name: str = name) -> None:
            app.theme = name

        found["theme"].append(await cost_of(frames, change))
        await quiet()
    for _ in range(10):
        found["key"].append(await cost_of(frames, lambda: app.post_message(events.Key("x", "x"))))
        await quiet()
    from textual.geometry import Size  # As above.

    for width in (120, 100, 128, 130):

        def resize(width: int = width) -> None:
            size = Size(width, 40)
            app.post_message(events.Resize(size, size))

        found["resize"].append(await cost_of(frames, resize))
        await quiet()
    return {name: middle(values) for name, values in found.items()} | {
        f"{name} worst": max(values, default=0.0) for name, values in found.items()
    }


async def list_sessions(stage: ChatuiStage) -> dict[str, Any]:
    """Open the list of sessions: CPU and wall until rows stand on the screen; beside it, naming the files."""
    from chatui.ui.commands.table import find_command  # It loads Textual, see above.
    from chatui.ui.screens.picker import Picker

    sessions = Path(os.environ["CHATUI_HOME"]) / "data" / "sessions"
    began = time.process_time()
    with os.scandir(sessions) as entries:
        names = sorted((entry.name for entry in entries), reverse=True)
    scan = (time.process_time() - began) * 1e3
    frames = Frames(stage.app)
    gc.collect()
    cpu, wall = time.process_time(), time.perf_counter()
    stage.screen.run_command(find_command("session.list"))
    screen = stage.app.screen
    while not (isinstance(screen := stage.app.screen, Picker) and screen.is_attached and screen.selected is not None):
        await asyncio.sleep(0.002)
    frames.arm()
    await frames.wait()
    return {
        "cpu": (time.process_time() - cpu) * 1e3,
        "wall": (time.perf_counter() - wall) * 1e3,
        "scan": scan,
        "files": len(names),
    }
