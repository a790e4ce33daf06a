"""Commands about finding text in the conversation."""

from __future__ import annotations

from collections.abc import Callable

from chatui.ui.commands.command import Command
from chatui.ui.desk import Desk
from chatui.ui.widgets.find_bar import FindBar


def _bar(desk: Desk) -> FindBar:
    return desk.app.screen_stack[0].query_one(FindBar)


def _is_open(desk: Desk) -> bool:
    return _bar(desk).is_open


def _has_keys(desk: Desk) -> bool:
    bar = _bar(desk)
    return bar.is_open and not bar.has_focus_within


def _has_text(desk: Desk) -> bool:
    return desk.live.is_streaming or len(desk.conversation) > 0


def _search(desk: Desk, argument: str) -> None:
    _bar(desk).open(argument)
    desk.changed()


def _move(step: int) -> Callable[[Desk, str], None]:
    def run(desk: Desk, argument: str) -> None:
        _bar(desk).action_move(step)

    return run


def _leave(desk: Desk, argument: str) -> None:
    # First the focus: what hides with it gives it to the prompt, and that ends the block cursor.
    if desk.transcript.cursor.is_shown:
        desk.transcript.focus(scroll_visible=False)
    else:
        desk.prompt.focus()
    _bar(desk).close()
    desk.changed()


SEARCH_COMMANDS = (
    Command(
        "session.search",
        "Find text in this conversation",
        _search,
        "find",
        "[TEXT]",
        keys="ctrl+f",
        label="find",
        works=_has_text,
    ),
    Command(
        "search.next", "Go to the next match", _move(1), keys="n", label="next match", works=_has_keys, is_modal=True
    ),
    Command(
        "search.previous",
        "Go to the match before",
        _move(-1),
        keys="N",
        label="match before",
        works=_has_keys,
        is_modal=True,
    ),
    Command("search.leave", "Leave the search", _leave, keys="escape", label="leave", works=_is_open, is_modal=True),
)
