"""Hostile text, and a watch on all that the app sends to the terminal while it shows some."""

from __future__ import annotations

import re

import pytest
from textual.drivers.headless_driver import HeadlessDriver

from tests.ui.chat_stage import Chat
from tests.ui.transcript.test_odd_text import CONTROL

HOSTILE = (
    "\x1b[7777zred\x1b]0;title\x07\x1bPq7\x1b\\\x9b2J\x9d0;t\x9c\u202egnp\u2066.\u2028x "
    "[b]bold[/nothing] [@click=app.quit]go[/] [link=http://a.b]l[/link [red \\[ $x {y} \x00\x7f\ud800"
)
PLAIN_MARKUP = "[b]bold[/nothing]"
"""A part of it that stands on the screen as it is."""

SENT = re.compile(
    # Frames of Textual: movements, colours, modes, erasing (ECMA-48), synchronized output (DEC 2026), the keyboard.
    r"\x1b\[[0-9;?=<>]*\$?[A-HJKSTXdfhlmnpqrsuct]|\x1b[78=>]"
    # Links, to web addresses without a control in them; the mouse's shape; the clipboard.
    r"|\x1b\]8;(?:id=[0-9-]+)?;(?:https?://[!-~]*)?\x1b\\"
    r"|\x1b\]22;[a-z-]*\x07|\x1b\]52;c;[A-Za-z0-9+/=]*\x07"
)
"""Control sequences that the app may send."""


class Watch:
    """All that the app sends to the terminal."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.written: list[str] = []
        monkeypatch.setattr(HeadlessDriver, "write", lambda driver, data: self.written.append(data))
        monkeypatch.setattr(HeadlessDriver, "is_headless", property(lambda driver: False))

    def check(self, c: Chat) -> None:
        """Assert that nothing that was sent or is shown is a control or markup."""
        sent = SENT.sub("", "".join(self.written)).replace("\r", "").replace("\n", "")
        if found := CONTROL.search(sent):
            raise AssertionError(repr(sent[max(found.start() - 200, 0) : found.end() + 60]))
        for strip in c.app.screen._compositor.render_strips():
            assert not CONTROL.search(strip.text), repr(strip.text)
            # Nothing in it was read as markup: no click runs anything.
            for segment in strip:
                assert segment.style is None or "app.quit" not in str(segment.style.meta)
        for notice in c.app._notifications:
            assert not CONTROL.search(notice.message.replace("\n", "")), repr(notice.message)
            assert not notice.markup
        for widget in c.app.screen.query("*"):
            for text in (widget.border_title, widget.border_subtitle, widget.tooltip):
                assert text is None or not CONTROL.search(str(text)), repr(text)
