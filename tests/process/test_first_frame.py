"""The first frame: what it does without."""

from __future__ import annotations

from pathlib import Path

from tests.process.terminal import run

_WATCHED = """
import os, sys
from pathlib import Path
from textual.app import App
from chatui.__main__ import run
from chatui.ui.app import ChatApp

HEAVY = ("httpx", "markdown_it", "pygments")
display, warm_up = App._display, ChatApp._warm_up
seen = {}

def watched_display(self, screen, renderable):
    if renderable is not None and "first" not in seen:
        seen["first"] = [name for name in HEAVY if name in sys.modules]
    return display(self, screen, renderable)

async def watched_warm_up(self):
    await warm_up(self)
    seen["then"] = [name for name in HEAVY if name in sys.modules]
    Path(os.environ["WARM"]).touch()

App._display, ChatApp._warm_up = watched_display, watched_warm_up
code = run(sys.argv[1:], os.environ)
print("first frame with", seen.get("first"), "then", seen.get("then"))
sys.exit(code)
"""


async def test_the_first_frame_needs_neither_httpx_nor_markdown_nor_pygments_and_they_follow(tmp_path: Path) -> None:
    script, warm = tmp_path / "watched.py", tmp_path / "warm"
    script.write_text(_WATCHED)
    environ = {"PYTHONPATH": str(Path(__file__).parents[2]), "DEEPSEEK_API_KEY": "sk-x", "WARM": str(warm)}
    async with run(home=tmp_path, environ=environ, program=(str(script),)) as terminal:
        await terminal.sees("Message deepseek/")
        await terminal.until(warm.exists)
        terminal.send("ctrl+q")
        assert await terminal.ended() == 0
        await terminal.sees("first frame with [] then ['httpx', 'markdown_it', 'pygments']")
