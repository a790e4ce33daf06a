"""Files that go along with the next prompt: a text is put into it, an image waits beside it."""

from __future__ import annotations

import asyncio
import contextlib
import shlex
from pathlib import Path

from chatui.conversation.attachment import AttachedImage
from chatui.conversation.visible import make_visible_line
from chatui.engine.attached_files import AttachedText, AttachError, read_attached
from chatui.engine.image_fit import refuse_images
from chatui.ui.desk import Desk
from chatui.ui.timeline import show_footnote


async def attach(desk: Desk, argument: str) -> None:
    """Take a file along; without a name, leave the images behind that wait."""
    if not argument:
        _drop(desk)
        return
    live = desk.live
    if desk.runner.is_running:
        desk.tell(
            f"The reply still streams. {desk.ways['reply.stop']} stops it; then files can be attached.", "warning"
        )
        return
    try:
        attached = await asyncio.to_thread(lambda: read_attached(_find(argument)))
    except AttachError as error:
        desk.tell(str(error), "error")
        return
    if live.header.id != desk.live.header.id:
        name = attached.name if isinstance(attached, AttachedText) else attached.attachment.name
        desk.tell(
            f"{make_visible_line(name)} was not attached, for another session came on screen while it was read.",
            "warning",
        )
        return
    if isinstance(attached, AttachedText):
        if attached.notice:
            desk.tell(attached.notice, "warning")
        desk.prompt.paste(f"{attached.present()}\n\n")
        return
    _take_image(desk, attached)


def _find(argument: str) -> Path:
    """The file that is meant: as it is written, or as a terminal writes one that is dropped on it, quoted."""
    path = Path(argument).expanduser()
    if not path.exists():
        with contextlib.suppress(ValueError):
            words = shlex.split(argument)
            if len(words) == 1:
                return Path(words[0]).expanduser()
    return path


def _take_image(desk: Desk, image: AttachedImage) -> None:
    model = desk.live.model_info
    if model.takes_images is False:
        failure = refuse_images(model)
        desk.tell(f"{failure.message} {failure.advice}", "warning")
        return
    desk.live.attached.add(image)
    show_footnote(desk.transcript, desk.live)


def _drop(desk: Desk) -> None:
    if not desk.live.attached:
        desk.tell("Nothing is attached. /attach FILE takes a text or an image along with the next prompt.")
        return
    desk.live.attached.clear()
    show_footnote(desk.transcript, desk.live)
    desk.tell("Nothing goes along with the next prompt any more.")
