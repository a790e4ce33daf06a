"""Commands about the prompt box: edit an earlier prompt there, write it elsewhere, take files along."""

from __future__ import annotations

from chatui.ui.attach import attach
from chatui.ui.branches import edit_prompt, leave_editing
from chatui.ui.commands.command import Command
from chatui.ui.desk import Desk
from chatui.ui.prompt_editor import open_prompt
from chatui.ui.prompt_search import search_prompts


def _is_editing(desk: Desk) -> bool:
    return desk.editing.message is not None


def _edit(desk: Desk, argument: str) -> None:
    edit_prompt(desk, desk.live.last_prompt())


async def _open(desk: Desk, argument: str) -> None:
    await open_prompt(desk)


def _leave(desk: Desk, argument: str) -> None:
    leave_editing(desk)


PROMPT_COMMANDS = (
    Command("prompt.edit", "Edit the last prompt; sent, it begins a branch beside the old one", _edit, "edit"),
    Command("prompt.editor", "Write the prompt in your editor ($VISUAL, $EDITOR)", _open, "editor", keys="f4"),
    Command(
        "prompt.search", "Find an earlier prompt, of all sessions", search_prompts, "history", "[TEXT]", keys="ctrl+r"
    ),
    Command(
        "prompt.attach",
        "Take a text or an image along with the next prompt; without a name, leave the images behind",
        attach,
        "attach",
        "[FILE]",
    ),
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
