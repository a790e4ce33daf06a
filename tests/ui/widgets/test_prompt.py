from __future__ import annotations

import pytest
from textual.document._document import Selection

from chatui.ui.widgets.prompt import Prompt
from tests.ui.widgets.hosting import Host, read_rows


async def test_enter_sends_and_empties_the_prompt() -> None:
    prompt = Prompt()
    app = Host(prompt)
    async with app.run_test() as pilot:
        await pilot.press("h", "i", "enter")
        assert app.take_posted(Prompt.Submitted) == [Prompt.Submitted("hi")]
        assert prompt.is_empty


async def test_an_empty_prompt_is_not_sent() -> None:
    prompt = Prompt()
    app = Host(prompt)
    async with app.run_test() as pilot:
        await pilot.press("enter", "space", "ctrl+j", "enter")
        assert app.take_posted(Prompt.Submitted) == []
        assert prompt.text == " \n"


@pytest.mark.parametrize("key", ["ctrl+j", "shift+enter", "alt+enter", "shift+"])
async def test_newline_keys_begin_a_new_line(key: str) -> None:
    prompt = Prompt()
    app = Host(prompt)
    async with app.run_test() as pilot:
        await pilot.press("a", key, "b", "enter")
        assert app.take_posted(Prompt.Submitted) == [Prompt.Submitted("a\nb")]


async def test_a_backslash_before_enter_begins_a_new_line_and_goes() -> None:
    prompt = Prompt()
    app = Host(prompt)
    async with app.run_test() as pilot:
        await pilot.press("a", "backslash", "enter", "b")
        assert prompt.text == "a\nb"
        assert prompt.cursor_location == (1, 1)


async def test_an_escaped_backslash_before_enter_is_sent() -> None:
    prompt = Prompt()
    app = Host(prompt)
    async with app.run_test() as pilot:
        await pilot.press("a", "backslash", "backslash", "enter")
        assert app.take_posted(Prompt.Submitted) == [Prompt.Submitted("a\\\\")]


async def test_a_sent_chip_carries_its_text() -> None:
    prompt = Prompt()
    app = Host(prompt)
    text = "x" * 1_000_000
    async with app.run_test() as pilot:
        prompt.paste(text)
        assert len(prompt.text) < 40
        await pilot.press("!", "enter")
        assert app.take_posted(Prompt.Submitted) == [Prompt.Submitted(text + "!")]


async def test_the_placeholder_names_the_model_as_plain_text() -> None:
    prompt = Prompt()
    async with Host(prompt).run_test(size=(40, 10)):
        assert read_rows(prompt) == ["❯ Message …".ljust(38)]
        prompt.set_model_name("demo/[b]guide[/b]\x1b")
        assert str(prompt.placeholder) == "Message demo/[b]guide[/b]␛…"
        assert read_rows(prompt) == ["❯ Message demo/[b]guide[/b]␛…".ljust(38)]


async def test_a_long_placeholder_is_elided() -> None:
    prompt = Prompt()
    async with Host(prompt).run_test(size=(20, 10)):
        prompt.set_model_name("a-very-long-model-name")
        assert read_rows(prompt) == ["❯ Message a-very-…".ljust(18)]


@pytest.mark.parametrize(("screen_height", "rows"), [(50, 10), (24, 9), (10, 4), (3, 1), (1, 1)])
async def test_the_prompt_grows_to_ten_rows_or_two_fifths_of_the_screen(screen_height: int, rows: int) -> None:
    prompt = Prompt()
    async with Host(prompt).run_test(size=(40, screen_height)) as pilot:
        assert prompt.size.height == 1
        prompt.load_text("\n".join(["row"] * 3))
        await pilot.pause()
        assert prompt.size.height == min(3, rows)
        prompt.load_text("\n".join(["row"] * 30))
        await pilot.pause()
        assert prompt.size.height == rows


async def test_a_growing_prompt_stays_at_its_first_row() -> None:
    prompt = Prompt()
    async with Host(prompt).run_test(size=(40, 30)) as pilot:
        await pilot.press("a", "ctrl+j", "b", "ctrl+j", "c")
        assert prompt.scroll_offset.y == 0
        assert [row.rstrip() for row in read_rows(prompt)] == ["❯ a", "  b", "  c"]


async def test_marks_show_that_there_is_more() -> None:
    prompt = Prompt()
    async with Host(prompt).run_test(size=(40, 10)) as pilot:
        prompt.load_text("\n".join(f"row {number}" for number in range(9)))
        await pilot.pause()
        assert [row.rstrip() for row in read_rows(prompt)] == ["▴ row 5", "  row 6", "  row 7", "  row 8"]
        await pilot.press("pageup", "up")
        await pilot.pause()
        assert [row[0] for row in read_rows(prompt)][-1] == "▾"


async def test_arrows_at_the_edge_walk_the_history_and_restore_the_draft() -> None:
    prompt = Prompt()
    async with Host(prompt).run_test() as pilot:
        prompt.set_history(["first", "second\nof two rows"])
        await pilot.press("d", "r", "ctrl+j", "a", "up")
        assert prompt.text == "dr\na"
        await pilot.press("up")
        assert prompt.text == "second\nof two rows"
        await pilot.press("up")
        assert prompt.text == "first"
        await pilot.press("up", "!")
        assert prompt.text == "!first"
        await pilot.press("down")
        assert prompt.text == "second\nof two rows"
        await pilot.press("up", "up")
        assert prompt.text == "!first"
        await pilot.press("down", "down", "down")
        assert prompt.text == "dr\na"
        await pilot.press("down", "x")
        assert prompt.text == "dr\nax"


async def test_a_wrapped_row_counts_as_a_row() -> None:
    prompt = Prompt()
    async with Host(prompt).run_test(size=(20, 20)) as pilot:
        prompt.set_history(["earlier"])
        prompt.load_text("words enough for more than one row")
        await pilot.press("up")
        assert prompt.text.startswith("words")
        await pilot.press("up", "up", "up")
        assert prompt.text == "earlier"


async def test_a_draft_with_a_chip_survives_the_walk() -> None:
    prompt = Prompt()
    app = Host(prompt)
    async with app.run_test() as pilot:
        prompt.set_history(["earlier"])
        prompt.paste("a\n" * 1000)
        await pilot.press("up")
        assert prompt.text == "earlier"
        await pilot.press("down", "enter")
        assert app.take_posted(Prompt.Submitted) == [Prompt.Submitted("a\n" * 1000)]


async def test_a_huge_earlier_prompt_comes_back_as_a_chip() -> None:
    prompt = Prompt()
    app = Host(prompt)
    async with app.run_test() as pilot:
        prompt.set_history(["b" * 1_000_000])
        await pilot.press("up")
        assert prompt.text == "[pasted 1.0 MB · 1 line]"
        await pilot.press("enter")
        assert app.take_posted(Prompt.Submitted) == [Prompt.Submitted("b" * 1_000_000)]


async def test_selecting_with_the_arrows_does_not_walk() -> None:
    prompt = Prompt()
    async with Host(prompt).run_test() as pilot:
        prompt.set_history(["earlier"])
        await pilot.press("a", "shift+up")
        assert prompt.text == "a"
        assert prompt.selected_text == "a"
        await pilot.press("shift+down")
        assert prompt.text == "a"


async def test_up_in_an_empty_prompt_takes_the_queued_prompt_back() -> None:
    prompt = Prompt()
    app = Host(prompt)
    async with app.run_test() as pilot:
        prompt.set_history(["earlier"])
        prompt.has_queue = True
        await pilot.press("up")
        assert len(app.take_posted(Prompt.TakeBack)) == 1
        assert prompt.is_empty
        prompt.has_queue = False
        await pilot.press("up")
        assert prompt.text == "earlier"
        assert app.take_posted(Prompt.TakeBack) == []


async def test_a_slash_at_the_start_is_told_until_it_is_no_command() -> None:
    prompt = Prompt()
    app = Host(prompt)
    async with app.run_test() as pilot:
        await pilot.press("/", "m", "backspace", "n", "ctrl+j", "x")
        told = [message.prefix for message in app.take_posted(Prompt.SlashTyped)]
        assert told == ["", "m", "", "n", None]
        await pilot.press("enter", "/", "backspace")
        assert [message.prefix for message in app.take_posted(Prompt.SlashTyped)] == ["", None]


async def test_an_earlier_command_opens_no_list() -> None:
    prompt = Prompt()
    app = Host(prompt)
    async with app.run_test() as pilot:
        prompt.set_history(["/help"])
        await pilot.press("up")
        assert prompt.text == "/help"
        assert prompt.slash_prefix is None
        assert app.take_posted(Prompt.SlashTyped) == []


async def test_a_key_taken_by_the_list_does_nothing_else() -> None:
    prompt = Prompt()
    app = Host(prompt)
    taken: list[tuple[str, str]] = []

    def take(key: str, prefix: str) -> bool:
        taken.append((key, prefix))
        return key != "enter"

    prompt.key_taker = take
    async with app.run_test() as pilot:
        prompt.set_history(["earlier"])
        await pilot.press("a", "up", "down", "ctrl+u", "/", "m", "up", "tab", "escape")
        assert taken == [("up", "m"), ("tab", "m"), ("escape", "m")]
        assert prompt.text == "/m"
        assert prompt.has_focus
        await pilot.press("enter")
        assert app.take_posted(Prompt.Submitted) == [Prompt.Submitted("/m")]


async def test_loading_puts_the_cursor_at_the_end() -> None:
    prompt = Prompt()
    async with Host(prompt).run_test():
        prompt.load_text("one\ntwo")
        assert prompt.selection == Selection.cursor((1, 3))


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (3, 2), (5, 1), (200, 5)])
async def test_any_size_is_survived(size: tuple[int, int]) -> None:
    prompt = Prompt()
    async with Host(prompt).run_test(size=size) as pilot:
        await pilot.press("a", "日", "ctrl+j", "b")
        prompt.paste("c\n" * 1000)
        await pilot.pause()
        assert prompt.full_text == "a日\nb" + "c\n" * 1000
