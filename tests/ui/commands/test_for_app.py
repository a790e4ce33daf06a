"""Commands about the app: demo, interrupt, quit, redraw."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from tests.ui.chat_stage import chat


async def test_the_demo_plays_a_refused_key_and_says_what_to_do(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        await c.ask("/demo error 401")
        await c.sees("401", "✕ failed")
        await c.rests()
        assert c.saved["messages"][0]["text"] == "/demo error 401"
        assert c.saved["messages"][1]["status"] == "failed"


async def test_the_demo_plays_a_rate_limit_with_a_countdown_that_can_be_cut_short(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        await c.enter("/demo error 429")
        await c.sees("429 rate limited · retry 1/3", "↻ retrying")
        await c.press("f5")
        await c.until(lambda: c.desk.live.stats.phase != "retrying")


async def test_the_demo_can_be_called_from_another_model(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.enter("/demo error 401")
        await c.sees("✕ failed", "demo/guide")
        await c.rests()
        assert not c.held.requests


async def test_ctrl_c_stops_a_reply_also_with_a_draft(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.enter("Question")
        c.held.say("alpha")
        await c.sees("alpha")
        await c.type("a draft")
        await c.press("ctrl+c")
        await c.sees("— stopped")
        await c.rests()
        assert c.desk.prompt.text == "a draft"
        assert len(c.app.screen_stack) == 1


@pytest.mark.parametrize(("answer", "runs_on"), [("n", True), ("escape", True), ("y", False), ("ctrl+q", False)])
async def test_ctrl_c_with_nothing_to_stop_asks_before_quitting(tmp_path: Path, answer: str, runs_on: bool) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.press("ctrl+c")
        await c.sees("Quit?")
        await c.press(answer)
        if runs_on:
            await c.misses("Quit?")
            assert c.app.is_running
        else:
            await c.until(lambda: not c.app.is_running)


async def test_ctrl_c_copies_what_is_selected_once_and_then_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "TMUX"):
        monkeypatch.delenv(name, raising=False)
    async with chat(tmp_path, "-m", "held/one") as c:
        written: list[str] = []
        monkeypatch.setattr(c.app._driver, "write", written.append)
        await c.enter("Question")
        c.held.say("alpha beta gamma")
        await c.sees("alpha beta gamma")
        row = next(y for y, line in enumerate(c.text.splitlines()) if "alpha" in line)
        column = c.text.splitlines()[row].index("alpha")
        await c.pilot.mouse_down(offset=(column, row))
        await c.pilot.hover(offset=(column + 10, row))
        await c.pilot.mouse_up(offset=(column + 10, row))
        await c.until(lambda: c.app.screen.get_selected_text())
        await c.press("ctrl+c")
        await c.until(lambda: any(data.startswith("\x1b]52;c;") for data in written))
        copied = next(data for data in written if data.startswith("\x1b]52;c;"))
        assert base64.b64decode(copied[7:-1]).decode().startswith("alpha beta")
        assert c.desk.live.is_streaming
        await c.press("ctrl+c")
        await c.sees("— stopped")
        await c.rests()


async def test_quit_can_be_typed(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        await c.enter("/quit")
        await c.until(lambda: not c.app.is_running)
        assert c.app.return_code == 0


async def test_redrawing_changes_nothing(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        await c.sees("Message demo/guide")
        before = c.text
        await c.press("ctrl+l")
        assert c.text == before


async def test_the_help_that_is_asked_for_with_words_shows_what_they_are_about(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        await c.enter("/help theme")
        await c.sees("Choose a theme")
        await c.misses("Stop the reply; its text stays")
        await c.press("escape")
        await c.enter("/help")
        await c.sees("Stop the reply; its text stays")
