"""Commands about what is on screen: stats, sidebar, theme, reasoning, scrolling."""

from __future__ import annotations

import time

from chatui.ui.commands.command import Command
from chatui.ui.desk import Desk
from chatui.ui.pick_theme import pick_theme
from chatui.ui.stats import describe_stats


def _stats(desk: Desk, argument: str) -> None:
    desk.note("stats", "\n".join(describe_stats(desk.live, time.monotonic())))


async def _sidebar(desk: Desk, argument: str) -> None:
    desk.is_sidebar_wanted = not desk.is_sidebar_wanted
    desk.changed()
    desk.tell_outcome("", await desk.services.memory.remember_sidebar(desk.is_sidebar_wanted))


def _reasoning(desk: Desk, argument: str) -> None:
    desk.transcript.toggle_reasoning()


def _mouse(desk: Desk, argument: str) -> None:
    desk.mouse.toggle()
    if desk.mouse.is_on:
        desk.tell("The mouse is back: clicks, the wheel and selecting work here again.")
    else:
        desk.tell(
            "The mouse is the terminal's now: its own selection works, clicks and the wheel do not. /mouse ends it."
        )


def _follow(desk: Desk, argument: str) -> None:
    desk.transcript.scroll_to_end()


VIEW_COMMANDS = (
    Command("view.stats", "Write all figures into the transcript", _stats, "stats"),
    Command("view.sidebar", "Show or hide the sidebar", _sidebar, "sidebar", keys="ctrl+b", label="sidebar"),
    Command("view.reasoning", "Show or hide the model's reasoning", _reasoning, "reasoning", keys="f3"),
    Command("view.theme", "Choose a theme", pick_theme, "theme", "[NAME]"),
    Command(
        "view.mouse",
        "Give the mouse to the terminal, for its own selection, or take it back",
        _mouse,
        "mouse",
        keys="f8",
    ),
    Command("view.end", "Go to the end and follow", _follow, keys="ctrl+end"),
)
