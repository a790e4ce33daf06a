from __future__ import annotations

import pytest

from chatui.ui.screens.confirm import Confirm
from tests.ui.screens.show_screen import show


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        (["y"], True),
        (["n"], False),
        (["escape"], False),
        (["enter"], True),
        (["right", "enter"], False),
        (["right", "left", "enter"], True),
        (["tab", "enter"], False),
    ],
)
async def test_a_key_answers(keys: list[str], answer: bool) -> None:
    async with show(Confirm("Quit while a reply streams?", "The text is kept.", yes="Quit", no="Stay")) as shown:
        assert "Quit while a reply streams?" in shown.text()
        await shown.press(*keys)
        assert shown.answers == [answer]


async def test_enter_says_no_where_that_is_the_default() -> None:
    async with show(Confirm("Delete?", default=False, is_danger=True)) as shown:
        await shown.press("enter")
        assert shown.answers == [False]


async def test_a_button_can_be_clicked() -> None:
    async with show(Confirm("Delete?", yes="Delete", no="Keep")) as shown:
        await shown.pilot.click("#no")
        await shown.pilot.pause()
        assert shown.answers == [False]


@pytest.mark.parametrize("size", [(40, 10), (80, 24)])
async def test_question_and_buttons_are_in_view_and_not_markup(size: tuple[int, int]) -> None:
    question = "Delete “[b]\x1b[1mx”?"
    async with show(Confirm(question, "It moves to the trash.", yes="[b]Go", no="Keep"), size) as shown:
        text = shown.text()
        assert "Delete “[b]␛[1mx”?" in text
        assert "[b]Go (y)" in text
        assert "Keep (n)" in text
