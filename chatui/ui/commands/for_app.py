"""Commands about the app: help, demo, redraw, quit."""

from __future__ import annotations

from chatui.conversation.model_info import split_model_name
from chatui.ui.commands.command import Command
from chatui.ui.desk import Desk
from chatui.ui.screens.confirm import Confirm
from chatui.ui.widgets.clipboard import copy_text


async def _demo(desk: Desk, argument: str) -> None:
    if split_model_name(desk.live.model)[0] != "demo":
        await desk.choose_model("demo/guide")
    desk.send(f"/demo {argument}".strip())


def _redraw(desk: Desk, argument: str) -> None:
    desk.app.refresh(repaint=True, layout=True)


async def _quit(desk: Desk, argument: str) -> None:
    await desk.app.run_action("app.quit")


async def _help(desk: Desk, argument: str) -> None:
    await desk.app.run_action(("screen", "show_help", (argument,)))


async def _palette(desk: Desk, argument: str) -> None:
    await desk.app.run_action("screen.show_palette")


async def _interrupt(desk: Desk, argument: str) -> None:
    if selected := desk.app.screen.get_selected_text():
        desk.tell(await copy_text(desk.app, selected))
        # The next Ctrl+C stops.
        desk.app.screen.clear_selection()
    elif desk.live.is_streaming:
        desk.live.stop()
    elif desk.unsaved.is_any(desk.live) or await desk.app.push_screen_wait(
        # What is not saved is asked about by quitting itself.
        Confirm("Quit?", f"The conversation is saved. {desk.ways['app.quit']} quits without asking.")
    ):
        await desk.app.run_action("app.quit")


APP_COMMANDS = (
    Command("app.palette", "Find a command by its words", _palette, keys="ctrl+p", label="commands"),
    Command("app.help", "Show all keys and commands", _help, "help", keys="f1", label="help"),
    Command(
        "app.demo",
        "Let the demo show something: markdown, code, long, slow, reasoning, error 429",
        _demo,
        "demo",
        "[WHAT]",
    ),
    Command("app.redraw", "Draw the screen anew", _redraw, keys="ctrl+l"),
    Command("app.interrupt", "Stop the reply, else ask before quitting", _interrupt, keys="ctrl+c"),
    Command("app.quit", "Quit; a reply that streams is kept", _quit, "quit", keys="ctrl+q", label="quit"),
)
