"""Keys that come faster than a dialog follows take effect in the order in which they came."""

from __future__ import annotations

import pytest

from chatui.ui.screens.ask_text import AskText
from chatui.ui.screens.picker import Picker
from chatui.ui.screens.rows import CHOOSE, PickerAction, PickerResult, PickerRow
from tests.ui.screens.show_screen import show

_ROWS = [PickerRow(name, (name,)) for name in ("apple", "banana", "cherry")]


@pytest.mark.parametrize("is_multi_line", [False, True], ids=["one line", "several lines"])
async def test_enter_takes_the_text_with_all_that_was_typed_before_it(is_multi_line: bool) -> None:
    async with show(AskText("Title", "xy", is_multi_line=is_multi_line)) as shown:
        await shown.burst("a", "b", "enter")
        assert shown.answers == ["xyab"]


async def test_enter_takes_the_text_after_keys_that_are_bindings_of_the_field() -> None:
    async with show(AskText("Title", "xy")) as shown:
        await shown.burst("end", "backspace", "enter")
        assert shown.answers == ["x"]


async def test_enter_takes_the_row_that_fits_what_was_typed_before_it() -> None:
    async with show(Picker("Fruit", _ROWS)) as shown:
        await shown.burst(*"cherry", "enter")
        assert shown.answers == [PickerResult(CHOOSE, "cherry")]


async def test_an_action_means_the_row_that_fits_what_was_typed_before_it() -> None:
    picker = Picker("Fruit", _ROWS, actions=[PickerAction("ctrl+d", "delete", "delete")])
    async with show(picker) as shown:
        await shown.burst(*"banan", "ctrl+d")
        assert shown.answers == [PickerResult("delete", "banana")]
