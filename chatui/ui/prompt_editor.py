"""The prompt in the user's editor: it goes there as it is written, and comes back as it was saved."""

from __future__ import annotations

import asyncio

from chatui.ui.desk import Desk
from chatui.ui.external_editor import Edited, edit_text


async def open_prompt(desk: Desk) -> None:
    """Open what is in the prompt box in `$VISUAL` or `$EDITOR`; whatever happens there, the draft is not lost."""
    draft = desk.prompt.full_text
    edited = await edit_text(desk, draft, "prompt", ".md")
    is_changed = edited.text not in (None, draft)
    if edited.problem and is_changed:
        # An editor that failed may have written half of it; neither the draft nor that is to be thrown away.
        desk.tell(f"{edited.problem} The prompt is as it was; what the editor saved is in {edited.path}.", "error")
        return
    if edited.path is not None:
        await asyncio.to_thread(edited.path.unlink, missing_ok=True)
    if edited.problem:
        desk.tell(f"{edited.problem} The prompt is as it was.", "error")
    elif edited.text is None:
        desk.tell("The editor left no file behind, so the prompt is as it was.", "warning")
    elif is_changed:
        _take_back(desk, draft, _drop_added_end(edited, draft))
    elif edited.is_instant:
        desk.tell(
            "The editor was back at once with nothing changed. One with a window of its own has to wait for it: "
            "VISUAL='code --wait'",
            "warning",
        )
    desk.prompt.focus()


def _drop_added_end(edited: Edited, draft: str) -> str:
    """What was saved, without the line end that editors put at the end of a file."""
    text = edited.text or ""
    return text if draft.endswith("\n") else text.removesuffix("\n").removesuffix("\r")


def _take_back(desk: Desk, draft: str, text: str) -> None:
    now = desk.prompt.full_text
    if now != draft:
        # Waiting prompts were given back meanwhile: they stand in front of the draft.
        front = now.removesuffix(draft) if now.endswith(draft) else f"{now}\n\n"
        text = front + text
    desk.prompt.replace_text(text)
