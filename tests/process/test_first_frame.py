"""The first frame: what it does without."""

from __future__ import annotations

from pathlib import Path

from tests.process.terminal import run

_WATCHED = """
import os, sys
from textual.app import App
from chatui.__main__ import run

HEAVY = ("httpx", "markdown_it", "pygments")
display = App._display

def watched(self, screen, renderable):
    if renderable is not None and "first" not in seen:
        seen["first"] = [name for name in HEAVY if name in sys.modules]
    return display(self, screen, renderable)

seen = {}
App._display = watched
code = run(sys.argv[1:], os.environ)
print("first frame with", seen.get("first"), "at last with", [name for name in HEAVY if name in sys.modules])
sys.exit(code)
"""


async def test_the_first_frame_needs_neither_httpx_nor_markdown_nor_pygments_and_they_follow(tmp_path: Path) -> None:
    script = tmp_path / "watched.py"
    script.write_text(_WATCHED)
    environ = {"PYTHONPATH": str(Path(__file__).parents[2]), "DEEPSEEK_API_KEY": "sk-x"}
    async with run(home=tmp_path, environ=environ, program=(str(script),)) as terminal:
        await terminal.sees("Message deepseek/")
        await terminal.sees("❯")
        terminal.send("ctrl+q")
        assert await terminal.ended() == 0
        await terminal.sees("first frame with [] at last with ['httpx', 'markdown_it', 'pygments']")
