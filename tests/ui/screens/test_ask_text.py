from __future__ import annotations

import pytest

from chatui.ui.screens.ask_text import AskText
from tests.ui.screens.show_screen import show


async def test_enter_answers_with_the_text() -> None:
    async with show(AskText("Rename", "Explain SSE")) as shown:
        await shown.press("!", "enter")
        assert shown.answers == ["Explain SSE!"]


@pytest.mark.parametrize("is_multi_line", [False, True])
async def test_escape_changes_nothing(is_multi_line: bool) -> None:
    async with show(AskText("Rename", "old", is_multi_line=is_multi_line)) as shown:
        await shown.press("x", "escape")
        assert shown.answers == [None]


@pytest.mark.parametrize("key", ["ctrl+j", "shift+enter", "alt+enter"])
async def test_a_system_prompt_may_have_several_lines(key: str) -> None:
    async with show(AskText("System prompt", "Be terse.", is_multi_line=True)) as shown:
        assert "new line" in shown.text()
        await shown.press(key, *"ok", "enter")
        assert shown.answers == ["Be terse.\nok"]


async def test_a_title_stays_on_one_line() -> None:
    async with show(AskText("Rename", "one")) as shown:
        await shown.press("ctrl+j", "enter")
        assert shown.answers == ["one"]


async def test_a_refused_text_is_told_why_until_it_changes() -> None:
    def check(text: str) -> str:
        return "" if text.strip() else "A title needs a word."

    async with show(AskText("Rename", "", check=check, explanation="Shown in the list.")) as shown:
        await shown.press("enter")
        assert shown.answers == []
        assert "A title needs a word." in shown.text()
        await shown.press("a")
        assert "A title needs a word." not in shown.text()
        await shown.press("enter")
        assert shown.answers == ["a"]


async def test_a_refused_prompt_of_several_lines_is_told_too() -> None:
    async with show(
        AskText("System", "a", is_multi_line=True, check=lambda text: "No." if text == "a" else "")
    ) as shown:
        await shown.press("enter")
        assert "No." in shown.text()
        await shown.press("b", "enter")
        assert shown.answers == ["ab"]


@pytest.mark.parametrize("is_multi_line", [False, True])
async def test_escape_sequences_in_given_text_become_visible(is_multi_line: bool) -> None:
    screen = AskText("[b]t", "a\x1b[31m", explanation="\x1b[1m[i]", is_multi_line=is_multi_line)
    async with show(screen) as shown:
        if is_multi_line:
            await shown.press("z")
        assert "\x1b" not in shown.text()
        assert "a␛[31m" in shown.text()
        assert "␛[1m[i]" in shown.text()


@pytest.mark.parametrize("size", [(20, 6), (40, 10), (200, 60)])
async def test_the_field_is_in_view_at_every_size(size: tuple[int, int]) -> None:
    async with show(AskText("System prompt", "first\nlast", is_multi_line=True), size) as shown:
        assert "last" in shown.text()
