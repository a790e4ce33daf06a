"""Notices make room for newer ones, and for a dialog."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatui.ui import notices
from tests.ui.chat_stage import Chat, chat


async def tell(c: Chat, text: str, severity: str = "information") -> None:
    c.app.notify(text, severity=severity)  # type: ignore[arg-type]
    await c.until(lambda: text in c.notices)


@pytest.fixture
def _later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each notice come long after the one before."""
    monkeypatch.setattr(notices, "TOGETHER_SECONDS", -1.0)


@pytest.mark.usefixtures("_later")
async def test_what_is_done_now_takes_the_place_of_what_was_done_before(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        await tell(c, "Copied 5 characters")
        await tell(c, "Copied 28 characters")
        assert c.notices == ["Copied 28 characters"]


async def test_what_comes_at_once_stands_together(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        c.app.notify("One")
        c.app.notify("Two")
        await c.until(lambda: c.notices == ["One", "Two"])


@pytest.mark.usefixtures("_later")
async def test_a_warning_stays_whatever_is_done_meanwhile_and_is_not_told_twice(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        await tell(c, "No such folder", "warning")
        await tell(c, "Copied 5 characters")
        c.app.notify("No such folder", severity="warning")
        await c.until(lambda: c.notices == ["Copied 5 characters", "No such folder"])


async def test_nothing_but_errors_stands_in_front_of_a_question(tmp_path: Path) -> None:
    async with chat(tmp_path, size=(40, 12)) as c:
        await tell(c, "Not saved", "error")
        await tell(c, "There is no command /nosuch", "warning")
        await c.press("ctrl+c")
        await c.sees("Quit?", "Yes", "No")
        await c.until(lambda: c.notices == ["Not saved"])


async def test_a_notice_has_the_whole_width_of_a_narrow_terminal(tmp_path: Path) -> None:
    text = "A sentence of this length"
    async with chat(tmp_path, size=(40, 12)) as c:
        await tell(c, text)
        await c.sees(text)


async def test_a_textual_without_its_private_names_keeps_all_notices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with chat(tmp_path) as c:
        await tell(c, "Same")
        with monkeypatch.context() as patch:
            patch.delattr("textual.app.App._unnotify")
            c.app.notify("Same")
            await c.until(lambda: c.notices == ["Same", "Same"])
