"""Commands about the prompt box: edit an earlier prompt there."""

from __future__ import annotations

from chatui.ui.branches import edit_prompt, leave_editing
from chatui.ui.commands.command import Command
from chatui.ui.desk import Desk


def _is_editing(desk: Desk) -> bool:
    return desk.editing.message is not None


def _edit(desk: Desk, argument: str) -> None:
    edit_prompt(desk, desk.live.last_prompt())


def _leave(desk: Desk, argument: str) -> None:
    leave_editing(desk)


PROMPT_COMMANDS = (
    Command("prompt.edit", "Edit the last prompt; sent, it begins a branch beside the old one", _edit, "edit"),
    Command(
        "prompt.leave",
        "Leave the editing of an earlier prompt; the draft comes back",
        _leave,
        keys="escape",
        label="leave",
        works=_is_editing,
        is_modal=True,
    ),
)
