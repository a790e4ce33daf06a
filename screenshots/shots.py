"""The pictures: each runs the real app against a cassette and stops at the moment worth showing."""

from __future__ import annotations

import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType

from textual.pilot import Pilot

from chatui.__main__ import make_app
from chatui.cli.arguments import parse_arguments

CASSETTE = Path(__file__).parent / "conversation.toml"
QUESTION = "How do server-sent events work? Show me a parser, and compare them with WebSockets."

Steps = Callable[[Pilot[int]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Shot:
    """How a picture comes about."""

    caption: str
    """What it shows, in one sentence."""
    take: Callable[[], Awaitable[str]]
    """Runs the app to the moment and returns `App.export_screenshot()`."""


async def _take(steps: Steps, theme: str, size: tuple[int, int], arguments: tuple[str, ...] = ()) -> str:
    with tempfile.TemporaryDirectory() as home:
        app = make_app(parse_arguments(["--theme", theme, *arguments]), {"CHATUI_HOME": home})
        async with app.run_test(size=size) as pilot:
            await steps(pilot)
            await pilot.pause()
            return app.export_screenshot(title="chatui")


async def _type(pilot: Pilot[int], text: str) -> None:
    await pilot.press(*("space" if letter == " " else letter for letter in text), "enter")
    await pilot.app.workers.wait_for_complete(
        [worker for worker in pilot.app.workers if worker.name in ("reply", "remember prompt")]
    )
    await pilot.pause()


async def _ask(pilot: Pilot[int]) -> None:
    pilot.app.screen.desk.prompt.load_text(QUESTION)  # type: ignore[attr-defined]  # the screen is the chat screen
    await pilot.press("enter")
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def _ask_and_go_up(pilot: Pilot[int]) -> None:
    await _ask(pilot)
    await pilot.press("tab", "home")


async def _fail(pilot: Pilot[int]) -> None:
    await _type(pilot, "/demo error 401")


async def _welcome(pilot: Pilot[int]) -> None:
    await pilot.pause()


async def _open(pilot: Pilot[int], key: str) -> None:
    await _ask(pilot)
    await pilot.press(key)
    await pilot.pause()


_PLAY = ("--play", str(CASSETTE))

SHOTS: Mapping[str, Shot] = MappingProxyType(
    {
        "chat-dark": Shot("A reply with code, in the theme ink.", partial(_take, _ask, "ink", (120, 40), _PLAY)),
        "chat-light": Shot("The same in paper.", partial(_take, _ask_and_go_up, "paper", (120, 40), _PLAY)),
        "chat-narrow": Shot("At 80×24 one line stands for the sidebar.", partial(_take, _ask, "dusk", (80, 24), _PLAY)),
        "welcome": Shot("The first start, without any key.", partial(_take, _welcome, "ink", (100, 30))),
        "models": Shot(
            "Ctrl+T: choose the model of the next reply.",
            partial(_take, partial(_open, key="ctrl+t"), "harbor", (100, 30), _PLAY),
        ),
        "help": Shot("F1: every key and command.", partial(_take, partial(_open, key="f1"), "frost", (110, 40), _PLAY)),
        "error": Shot("A refused key, and what to do.", partial(_take, _fail, "ember", (100, 30))),
    }
)
"""By the name of the file; README.md shows `chat-dark`."""
