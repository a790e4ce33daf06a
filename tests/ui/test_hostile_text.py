"""Hostile text in every place of the whole app: nothing of it reaches the terminal as a control, none is markup."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from chatui.conversation.failure import FailureKind
from tests.ui.chat_stage import Chat, chat
from tests.ui.transcript.test_odd_text import CONTROL

HOSTILE = "\x1b[31mred\x1b]0;title\x07\x9b2J\u202egnp\u2066.\u2028x [b]bold[/nothing] [@click=app.quit]go[/] \x00\x7f"


def _assert_clean(c: Chat) -> None:
    for strip in c.app.screen._compositor.render_strips():
        assert not CONTROL.search(strip.text), repr(strip.text)
    for notice in c.app._notifications:
        assert not CONTROL.search(notice.message.replace("\n", "")), repr(notice.message)
        assert not notice.markup


@pytest.mark.parametrize("size", [(60, 20), (120, 40)])
async def test_no_text_from_outside_is_a_control_or_markup_anywhere(tmp_path: Path, size: tuple[int, int]) -> None:
    async with chat(tmp_path, size=size) as c:
        await c.press("ctrl+t")
        await c.type_into_dialog("held/one")
        await c.press("enter")
        await c.until(lambda: c.desk.live.model == "held/one")
        await c.ask_held("hello", f"{HOSTILE}\n\n```{HOSTILE}\n{HOSTILE}\n```\n\n[{HOSTILE}](http://x.org/{HOSTILE})")
        await c.sees("[b]bold[/nothing]")
        _assert_clean(c)
        c.held.fail(FailureKind.BAD_REQUEST, HOSTILE, 400, HOSTILE)
        await c.ask("and now")
        _assert_clean(c)
        await c.desk.live.rename(HOSTILE)
        c.desk.changed()
        c.desk.tell(HOSTILE)
        c.desk.tell(HOSTILE, "error")
        c.desk.note(HOSTILE, HOSTILE)
        c.app.post_message(events.Paste(HOSTILE))
        await c.pilot.pause()
        await c.sees("␛[31mred")
        _assert_clean(c)
        for keys in (["alt+up"], ["k"], ["k"], ["ctrl+f"]):
            await c.press(*keys)
            _assert_clean(c)
        c.app.post_message(events.Paste(HOSTILE))
        await c.pilot.pause()
        _assert_clean(c)
        await c.press("escape")
        for key in ("f1", "ctrl+p", "ctrl+o", "ctrl+t"):
            await c.press(key)
            _assert_clean(c)
            await c.press("escape")
