"""Start-up: when the first frame stands, and what was loaded by then."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.terminal import Terminal, make_environment

_HELLO = """
from textual.app import App
from textual.widgets import Static
class Hello(App):
    def compose(self):
        yield Static("hello, terminal")
Hello().run()
"""
_EDITOR = """
from textual.app import App
from textual.widgets import TextArea
class Editor(App):
    def compose(self):
        yield TextArea()
Editor().run()
"""
_TYPED = b"zqx"
_PRINT = "print('hello, terminal', flush=True); input()"
_LOOK = """
import asyncio, json, os, pathlib, sys
from chatui.screen import make_app
from chatui.cli.arguments import Arguments
app = make_app(Arguments(), os.environ)
def look():
    del app.post_display_hook
    names = ("httpx", "markdown_it", "pygments", "rich.markdown", "textual.widgets._markdown")
    pathlib.Path(sys.argv[1]).write_text(json.dumps([name for name in names if name in sys.modules]))
    app.exit()
app.post_display_hook = look
app.run()
"""
FRAME_MARK = b"ready"
"""Stands in the first frame of chatui, and nowhere before it."""
SKELETON_MARK = b"starting"
"""Stands in the first picture of chatui that a person can see."""


def time_start(home: Path, arguments: Sequence[str], mark: bytes) -> float:
    """Milliseconds of wall from the start of a program until its mark is on the terminal."""
    with Terminal.python(make_environment(home), *arguments) as terminal:
        terminal.expect(mark)
        seen = terminal.wait_seen(20)
        if seen is None:
            raise TimeoutError(f"{arguments} showed nothing")
        return (seen - terminal.started) * 1e3


def measure_starts(home: Path, repeats: int) -> dict[str, tuple[float, float]]:
    """Best and median of each program, taken in turn so that all see the same machine."""
    programs: dict[str, tuple[Sequence[str], bytes]] = {
        "print": (("-c", _PRINT), b"hello, terminal"),
        "hello": (("-c", _HELLO), b"hello, terminal"),
        "chatui": (("-m", "chatui"), FRAME_MARK),
        "skeleton": (("-m", "chatui"), SKELETON_MARK),
    }
    found: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(repeats + 1):
        for name, (arguments, mark) in programs.items():
            found[name].append(time_start(home, arguments, mark))
    return {name: (min(times[1:]), statistics.median(times[1:])) for name, times in found.items()}


def time_first_keys(home: Path, arguments: Sequence[str], mark: bytes) -> float:
    """Milliseconds of wall from the start of a program until keys typed at its mark stand on screen."""
    with Terminal.python(make_environment(home), *arguments) as terminal:
        terminal.expect(mark)
        if terminal.wait_seen(20) is None:
            raise TimeoutError(f"{arguments} showed nothing")
        terminal.expect(_TYPED)
        terminal.send(_TYPED)
        seen = terminal.wait_seen(20)
        if seen is None:
            raise TimeoutError(f"{arguments} took no keys")
        return (seen - terminal.started) * 1e3


def measure_first_keys(home: Path, repeats: int) -> tuple[float, float]:
    """Medians of chatui, whose keys are typed onto the skeleton, and of a bare Textual editor."""
    ours, bare = [], []
    for _ in range(repeats):
        # Both are past the point from which the terminal does not echo by itself.
        ours.append(time_first_keys(home, ("-m", "chatui"), SKELETON_MARK))
        bare.append(time_first_keys(home, ("-c", _EDITOR), b"\x1b[?1004h"))
    return statistics.median(ours), statistics.median(bare)


def find_early_imports(home: Path) -> list[str]:
    """Which of the slow packages are loaded when the first frame is out."""
    result = home / "modules.json"
    with Terminal.python(make_environment(home), "-c", _LOOK, str(result)) as terminal:
        terminal.wait(20)
    names: list[str] = json.loads(result.read_text(encoding="utf-8"))
    return names
