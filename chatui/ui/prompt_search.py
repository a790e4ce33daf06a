"""Searching the earlier prompts, and taking one into the prompt box."""

from __future__ import annotations

from collections.abc import Sequence

from chatui.ui.desk import Desk
from chatui.ui.screens.picker import Picker
from chatui.ui.screens.rows import PickerRow

_FIRST_ROWS = 200
"""Rows that are there when the list opens; more than a screen shows."""
_NEXT_ROWS = 2_000
_SHOWN = 300
"""Characters of a prompt that its row is made of; what follows is searched and not shown."""
_SEARCHED = 20_000
"""Characters of a prompt that are searched."""


async def search_prompts(desk: Desk, argument: str) -> None:
    """Show the prompts of all sessions, newest first, each once; the chosen one replaces what is in the box.

    Undo brings back what was there.
    """
    prompts = list_prompts(desk.services.memory.prompts)
    picker = Picker(
        "Earlier prompts",
        _make_rows(prompts[:_FIRST_ROWS], 0),
        query=argument,
        choose_label="take",
        placeholder="type to find",
        empty="no prompt was sent yet",
        is_ranked=False,
    )

    def add_others() -> None:
        for start in range(_FIRST_ROWS, len(prompts), _NEXT_ROWS):
            picker.add_rows(_make_rows(prompts[start : start + _NEXT_ROWS], start))

    picker.call_after_refresh(add_others)
    result = await desk.app.push_screen_wait(picker)
    desk.prompt.focus()
    if result is None:
        return
    had_draft = bool(desk.prompt.full_text.strip())
    desk.prompt.replace_text(prompts[int(result.key)])
    if had_draft:
        desk.tell("Ctrl+Z brings back what was in the prompt.")


def list_prompts(prompts: Sequence[str]) -> list[str]:
    """The prompts, newest first, each once; `prompts` are oldest first."""
    return list(dict.fromkeys(reversed(prompts)))


def _make_rows(prompts: Sequence[str], start: int) -> list[PickerRow]:
    return [_make_row(str(number), prompt) for number, prompt in enumerate(prompts, start)]


def _make_row(key: str, prompt: str) -> PickerRow:
    lines = [line for line in (" ".join(line.split()) for line in prompt[:_SEARCHED].splitlines()) if line]
    shown = " ↵ ".join(lines)
    more = f"{prompt.count(chr(10)) + 1:,} lines · " if len(lines) > 1 else ""
    return PickerRow(key, (shown[:_SHOWN],), detail=more + shown[:_SHOWN], search=shown[_SHOWN:])
