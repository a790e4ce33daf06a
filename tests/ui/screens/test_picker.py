from __future__ import annotations

import pytest
from textual.widgets import Input

from chatui.ui.screens.picker import Picker
from chatui.ui.screens.row_list import RowList
from chatui.ui.screens.rows import PickerAction, PickerResult, PickerRow
from tests.ui.screens.show_screen import show


def _rows(count: int, group: str = "") -> list[PickerRow]:
    return [PickerRow(f"k{n}", (f"title {n}", f"{n} min", "qwen3"), group, detail=f"detail {n}") for n in range(count)]


def _selected(picker: Picker) -> str:
    return picker.selected.key if picker.selected is not None else ""


async def test_enter_answers_with_the_selected_row() -> None:
    async with show(Picker("Sessions", _rows(5))) as shown:
        await shown.press("down", "down", "enter")
        assert shown.answers == [PickerResult("choose", "k2")]


async def test_escape_answers_with_nothing() -> None:
    async with show(Picker("Sessions", _rows(5))) as shown:
        await shown.press("escape")
        assert shown.answers == [None]


async def test_typing_filters_and_the_keys_move_while_the_focus_stays_in_the_input() -> None:
    picker = Picker("Sessions", _rows(30))
    async with show(picker) as shown:
        await shown.press(*"title", "space", "2")
        assert "12 of 30" in shown.text()
        await shown.press("down", "down")
        assert isinstance(picker.focused, Input)
        await shown.press("end")
        assert _selected(picker) == "k12"
        await shown.press("home")
        assert _selected(picker) == "k2"
        await shown.press("pagedown")
        assert _selected(picker) == "k12"
        await shown.press("pageup", "up")
        assert _selected(picker) == "k2"


async def test_ten_thousand_rows_need_no_widget_more_than_ten() -> None:
    async with show(Picker("Few", _rows(10))) as shown:
        few = len(shown.pilot.app.screen.query("*"))
    picker = Picker("Many", _rows(10_000))
    async with show(picker) as shown:
        await shown.press(*"9999")
        assert "1 of 10,000" in shown.text()
        assert len(picker.query("*")) == few
        assert _selected(picker) == "k9999"


async def test_the_selected_row_is_always_in_view() -> None:
    picker = Picker("Sessions", _rows(200, "a group"), headings=("title", "age", "model"))
    async with show(picker) as shown:
        for key in ("end", "pageup", "pageup", "up", "home", "pagedown"):
            await shown.press(key)
            assert f"▌ {picker.selected.cells[0] if picker.selected else ''}" in shown.text()
        await shown.press("home")
        assert "a group" in shown.text()


async def test_rows_may_come_later_and_what_is_selected_stays_where_it_is() -> None:
    picker = Picker("Models", _rows(3, "first"), status="asking…")
    async with show(picker) as shown:
        await shown.press("down")
        picker.add_rows([PickerRow("late", ("late one",), "second")])
        picker.set_status("")
        await shown.pilot.pause()
        assert "late one" in shown.text()
        assert "asking" not in shown.text()
        assert _selected(picker) == "k1"
        picker.replace_rows([PickerRow("new", ("new one",)), *_rows(3)])
        await shown.pilot.pause()
        assert _selected(picker) == "k1"


async def test_rows_put_in_above_do_not_move_what_the_reader_looks_at() -> None:
    rows = _rows(100)
    picker = Picker("Models", rows)
    async with show(picker) as shown:
        await shown.press("end", *["up"] * 5)
        before = next(y for y, line in enumerate(shown.text().splitlines()) if "▌" in line)
        picker.replace_rows([PickerRow(f"new{n}", (f"new {n}",)) for n in range(40)] + rows)
        await shown.pilot.pause()
        after = next(y for y, line in enumerate(shown.text().splitlines()) if "▌" in line)
        assert before == after


async def test_rows_that_come_do_not_fetch_a_reader_back_who_scrolled_away() -> None:
    picker = Picker("Models", _rows(100))
    async with show(picker) as shown:
        rows = picker.query_one(RowList)
        rows.scroll_to(y=50, animate=False)
        picker.add_rows([PickerRow("late", ("late one",))])
        await shown.pilot.pause()
        assert rows.scroll_offset.y == 50
        await shown.press("down")
        assert rows.scroll_offset.y < 2


async def test_rows_may_be_added_before_the_picker_is_on_screen() -> None:
    picker = Picker("Models", _rows(2))
    picker.add_rows([PickerRow("early", ("early bird",))])
    async with show(picker) as shown:
        assert "early bird" in shown.text()


async def test_an_extra_key_answers_with_its_action() -> None:
    picker = Picker("Sessions", _rows(3), actions=[PickerAction("ctrl+d", "delete", "delete")])
    async with show(picker) as shown:
        assert "Ctrl+D delete" in shown.text()
        await shown.press("down", "ctrl+d")
        assert shown.answers == [PickerResult("delete", "k1")]


async def test_a_staying_action_is_told_and_the_picker_stays_open() -> None:
    told: list[PickerResult] = []

    def act(picker: Picker, result: PickerResult) -> None:
        told.append(result)
        picker.replace_rows(row for row in _rows(3) if row.key != result.key)

    actions = [PickerAction("ctrl+d", "delete", "delete", is_staying=True)]
    picker = Picker("Sessions", _rows(3), actions=actions, on_action=act)
    async with show(picker) as shown:
        await shown.press("down", "ctrl+d")
        assert told == [PickerResult("delete", "k1")]
        assert shown.answers == []
        assert _selected(picker) == "k2"


async def test_actions_need_a_row() -> None:
    picker = Picker("Sessions", actions=[PickerAction("ctrl+d", "delete", "delete")], empty="no sessions yet")
    async with show(picker) as shown:
        assert "no sessions yet" in shown.text()
        await shown.press("ctrl+d", "enter")
        assert shown.answers == []


async def test_what_was_typed_can_be_taken_where_no_row_matches() -> None:
    async with show(Picker("Models", _rows(3), typed_label="use this name")) as shown:
        await shown.press(*"zz/q")
        assert "use this name – zz/q" in shown.text()
        await shown.press("enter")
        assert shown.answers == [PickerResult("typed", "zz/q")]


async def test_a_click_chooses_and_the_wheel_scrolls() -> None:
    picker = Picker("Sessions", _rows(100))
    async with show(picker) as shown:
        rows = picker.query_one(RowList)
        rows.scroll_relative(y=3, animate=False)
        await shown.pilot.pause()
        await shown.pilot.hover(RowList, offset=(5, 2))
        await shown.pilot.click(RowList, offset=(5, 2))
        await shown.pilot.pause()
        assert shown.answers == [PickerResult("choose", "k5")]


async def test_a_click_beside_the_dialog_closes_it() -> None:
    async with show(Picker("Sessions", _rows(3)), (120, 60)) as shown:
        await shown.pilot.click(offset=(1, 1))
        await shown.pilot.pause()
        assert shown.answers == [None]


async def test_each_row_that_becomes_the_selected_one_is_told() -> None:
    seen: list[str] = []
    async with show(Picker("Theme", _rows(3), selected="k1", on_move=seen.append)) as shown:
        await shown.press("down", "up")
        assert seen == ["k1", "k2", "k1"]


async def test_nothing_is_told_and_nothing_breaks_after_it_closed() -> None:
    seen: list[str] = []
    picker = Picker("Theme", _rows(3), on_move=seen.append)
    async with show(picker) as shown:
        await shown.press("escape")
        picker.replace_rows(_rows(5)[4:])
        picker.set_status("late")
        picker.action_move(1)
        await shown.pilot.pause()
        assert seen == ["k0"]
        assert shown.answers == [None]


async def test_text_from_outside_is_neither_markup_nor_an_escape_sequence() -> None:
    evil = "[bold]x[/bold] \x1b[31mred [@click=app.quit]q[/]"
    picker = Picker(evil, [PickerRow("k", (evil,), evil, detail=evil)], status=evil, query="\x1bb")
    async with show(picker, (120, 30)) as shown:
        await shown.press("backspace", "backspace")
        text = shown.text()
        assert "\x1b" not in text
        assert text.count("[bold]x[/bold] ␛[31mred [@click=app.quit]q[/]") == 5


async def test_a_problem_is_told_in_place_of_the_detail() -> None:
    async with show(Picker("Sessions", [PickerRow("k", ("t",), detail="fine", problem="damaged")])) as shown:
        assert "damaged" in shown.text()
        assert "fine" not in shown.text()


@pytest.mark.parametrize("size", [(10, 4), (40, 10), (80, 24), (200, 60)])
async def test_no_line_is_wider_than_the_terminal(size: tuple[int, int]) -> None:
    rows = [
        PickerRow(f"k{n}", ("日本語の勉強計画を立てる👍🏽" * 3, "3 min", "claude", "12"), "群", "★") for n in range(30)
    ]
    picker = Picker("題", rows, headings=("title", "age", "model", "messages"), status="聞いています…")
    async with show(picker, size) as shown:
        await shown.press("down", *"日")
        widget = picker.query_one(RowList)
        strips = [widget.render_line(y) for y in range(widget.size.height)]
        assert all(strip.cell_length <= widget.size.width for strip in strips)
        assert all(len(line) <= size[0] for line in shown.text().splitlines())
