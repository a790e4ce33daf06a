"""Choosing a theme."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.strip import Strip

from chatui.ui.screens.chat import ChatScreen
from tests.ui.chat_stage import Chat, chat


async def test_moving_through_the_list_shows_each_theme_and_esc_brings_the_old_one_back(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        await c.enter("/theme")
        await c.sees("Theme", "dark")
        await c.press("down")
        await c.until(lambda: c.app.theme != "ink")
        await c.press("escape")
        await c.until(lambda: c.app.theme == "ink")
        assert not (tmp_path / "state" / "state.toml").exists()


async def test_a_chosen_theme_is_remembered(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        await c.enter("/theme")
        await c.sees("Theme", "dark")
        await c.type_into_dialog("paper")
        await c.press("enter")
        await c.until(lambda: (tmp_path / "state" / "state.toml").exists() and c.state["theme"] == "paper")
    async with chat(tmp_path) as c:
        assert c.app.theme == "paper"


async def test_a_theme_can_be_named(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        await c.enter("/theme paper")
        await c.until(lambda: c.app.theme == "paper")
        await c.enter("/theme nowhere")
        await c.until(lambda: any("There is no theme “nowhere”" in notice for notice in c.notices))
        assert c.app.theme == "paper"


async def test_what_cannot_be_remembered_is_told(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        (tmp_path / "state" / "state.toml").mkdir(parents=True)
        await c.enter("/theme paper")
        await c.until(lambda: c.notices)
        assert c.app.theme == "paper"


def _draw(c: Chat) -> list[list[Strip]]:
    screen = c.desk.transcript.screen
    assert isinstance(screen, ChatScreen)
    widgets = (screen.header, screen.sidebar, screen.status_line, screen.prompt, screen.footer)
    return [widget.render_lines(widget.outer_size.region) for widget in widgets if widget.display]


@pytest.mark.parametrize("size", [(120, 40), (80, 24)], ids=["sidebar", "status line"])
async def test_another_theme_gives_all_that_stands_there_its_colours(tmp_path: Path, size: tuple[int, int]) -> None:
    drawn = {}
    for theme in ("ink", "paper"):
        async with chat(tmp_path / theme, "--theme", theme, size=size) as c:
            await c.type("some words")
            await c.rests()
            drawn[theme] = _draw(c)
    assert not any(rows in drawn["paper"] for rows in drawn["ink"])
    async with chat(tmp_path, "--theme", "ink", size=size) as c:
        await c.type("some words")
        for theme in ("paper", "ink"):
            c.app.theme = theme
            wanted = drawn[theme]
            await c.until(lambda wanted=wanted: _draw(c) == wanted, theme)  # type: ignore[misc]  # a default binds it
