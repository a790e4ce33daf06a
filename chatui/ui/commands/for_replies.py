"""Commands about the reply: stop, ask again, copy."""

from __future__ import annotations

import re

from chatui.engine.stats import Phase
from chatui.ui.commands.command import Command
from chatui.ui.desk import Desk
from chatui.ui.widgets.clipboard import copy_text

_FENCE = re.compile(r"^(`{3,}|~{3,})[^\n]*\n(.*?)^\1[ \t]*$", re.DOTALL | re.MULTILINE)


def _is_streaming(desk: Desk) -> bool:
    return desk.live.is_streaming


def _has_reply(desk: Desk) -> bool:
    return not desk.live.is_streaming and desk.live.last_reply() is not None


def _can_retry(desk: Desk) -> bool:
    return _has_reply(desk) or desk.live.stats.phase is Phase.RETRYING


def _stop(desk: Desk, argument: str) -> None:
    if desk.live.is_streaming:
        desk.live.stop()
    else:
        desk.prompt.focus()


def _retry(desk: Desk, argument: str) -> None:
    if not desk.runner.is_running:
        desk.ask_again()
    else:
        desk.end_wait()


def _can_continue(desk: Desk) -> bool:
    return not desk.live.is_streaming and desk.live.continuable is not None


def _continue(desk: Desk, argument: str) -> None:
    desk.continue_reply()


async def _copy(desk: Desk, argument: str) -> None:
    reply = desk.live.last_reply()
    if reply is None or not reply.text:
        desk.tell("There is no reply to copy yet.", "warning")
        return
    text = reply.text
    if argument not in ("", "code"):
        desk.tell(
            f"“{argument}” means nothing here: /copy copies the reply, /copy code its last code block.", "warning"
        )
        return
    if argument == "code":
        fences = [match[2] for match in _FENCE.finditer(text)]
        if not fences:
            desk.tell("The last reply holds no code block.", "warning")
            return
        text = fences[-1]
    desk.tell(await copy_text(desk.app, text))


REPLY_COMMANDS = (
    Command(
        "reply.stop", "Stop the reply; its text stays", _stop, "stop", keys="escape", label="stop", works=_is_streaming
    ),
    Command(
        "reply.retry",
        "Ask the last prompt again, or retry now while waiting",
        _retry,
        "retry",
        keys="f5",
        label="retry",
        works=_can_retry,
    ),
    Command(
        "reply.continue",
        "Go on with a reply that was cut or stopped",
        _continue,
        "continue",
        keys="ctrl+g",
        label="continue",
        works=_can_continue,
    ),
    Command(
        "reply.copy",
        "Copy the last reply; /copy code: its last code block",
        _copy,
        "copy",
        "[code]",
        keys="ctrl+y",
        label="copy",
        works=_has_reply,
    ),
)
