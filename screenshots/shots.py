"""The pictures: each runs the real app against a cassette and stops at the moment worth showing."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

from textual.pilot import Pilot

from chatui.cli.arguments import parse_arguments
from chatui.conversation.events import ReasoningDelta, TextDelta
from chatui.providers.cassette import Cassette, Reply, TimedEvent, decode_cassette, encode_cassette
from chatui.screen import make_app

CASSETTE = Path(__file__).parent / "conversation.toml"
SECONDS_TO_FIRST_TOKEN = 0.4
SECONDS_PER_WORD = 0.03
QUESTION = "How do server-sent events work? Show me a parser, and compare them with WebSockets."

Steps = Callable[[Pilot[int]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Shot:
    """How a picture comes about."""

    caption: str
    """What it shows, in one sentence."""
    take: Callable[[], Awaitable[str]]
    """Runs the app to the moment and returns `App.export_screenshot()`."""


def _pace(cassette: Cassette) -> Cassette:
    """Break its texts into words, each with its time, so that the figures in the pictures are measured ones."""
    at = SECONDS_TO_FIRST_TOKEN
    replies = []
    for reply in cassette.replies:
        events: list[TimedEvent] = []
        for timed in reply.events:
            match timed.event:
                case TextDelta(text) | ReasoningDelta(text):
                    for word in re.findall(r"\s*\S+|\s+$", text):
                        events.append(TimedEvent(at, type(timed.event)(word)))
                        at += SECONDS_PER_WORD
                case _:
                    events.append(replace(timed, at=at))
        replies.append(Reply(tuple(events)))
    return replace(cassette, replies=tuple(replies))


async def _take(steps: Steps, theme: str, size: tuple[int, int], is_played: bool = True) -> str:
    with tempfile.TemporaryDirectory() as home:
        arguments = ["--theme", theme]
        if is_played:
            played = Path(home) / "cassette.toml"
            played.write_bytes(encode_cassette(_pace(decode_cassette(CASSETTE.read_bytes(), CASSETTE.name))))
            arguments += ["--play", str(played)]
        app = make_app(parse_arguments(arguments), {"CHATUI_HOME": home})
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


SHOTS: Mapping[str, Shot] = MappingProxyType(
    {
        "chat-dark": Shot("A reply with code, in the theme ink.", partial(_take, _ask, "ink", (120, 40))),
        "chat-light": Shot("The same in paper.", partial(_take, _ask_and_go_up, "paper", (120, 40))),
        "chat-narrow": Shot("At 80×24 one line stands for the sidebar.", partial(_take, _ask, "dusk", (80, 24))),
        "welcome": Shot("The first start, without any key.", partial(_take, _welcome, "ink", (100, 30), False)),
        "models": Shot(
            "Ctrl+T: choose the model of the next reply.",
            partial(_take, partial(_open, key="ctrl+t"), "harbor", (100, 30)),
        ),
        "help": Shot("F1: every key and command.", partial(_take, partial(_open, key="f1"), "frost", (110, 40))),
        "error": Shot("A refused key, and what to do.", partial(_take, _fail, "ember", (100, 30), False)),
    }
)
"""By the name of the file; README.md shows `chat-dark`."""
