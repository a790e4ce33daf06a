from __future__ import annotations

import pytest
from rich.cells import cell_len
from textual.app import ComposeResult
from textual.widgets import Static

from chatui.ui.widgets.completion import CompletionPopup, CompletionRow, rank_rows
from chatui.ui.widgets.prompt import Prompt
from tests.ui.widgets.hosting import Host, read_rows

ROWS = [
    CompletionRow("model", "Choose the model", "Ctrl+T"),
    CompletionRow("new", "Begin a new session", "Ctrl+N"),
    CompletionRow("rename", "Rename this session"),
    CompletionRow("help", "Keys and commands", "F1"),
]
MANY = [CompletionRow(f"command{number}", "日本語 [b]help[/b]") for number in range(12)]


class ChatHost(Host):
    """A prompt at the bottom with the list above it, wired as the chat screen does."""

    CSS = "#transcript { height: 1fr; } Prompt { dock: bottom; }"

    def __init__(self, rows: list[CompletionRow]) -> None:
        self.prompt = Prompt()
        self.popup = CompletionPopup(self.prompt)
        self.transcript = Static(id="transcript")
        self.rows = rows
        super().__init__(self.prompt)

    def compose(self) -> ComposeResult:
        self.prompt.key_taker = self.popup.take_key
        yield from (self.transcript, self.prompt, self.popup)

    def on_prompt_slash_typed(self, message: Prompt.SlashTyped) -> None:
        if message.prefix is None:
            self.popup.close()
        else:
            self.popup.open(self.rows, message.prefix)


@pytest.mark.parametrize(
    ("prefix", "names"),
    [
        ("", ["model", "new", "rename", "help"]),
        ("ne", ["new", "rename"]),
        ("mo", ["model"]),
        ("N", ["new", "rename"]),
        ("nm", ["rename"]),
        ("e", ["model", "new", "rename", "help"]),
        ("model x", []),
    ],
)
def test_names_that_begin_so_come_first(prefix: str, names: list[str]) -> None:
    assert [row.name for row in rank_rows(ROWS, prefix)] == names


async def test_a_slash_opens_the_list_above_the_prompt() -> None:
    app = ChatHost(ROWS)
    async with app.run_test(size=(80, 24)) as pilot:
        before = app.transcript.region
        assert not app.popup.display
        await pilot.press("/")
        await pilot.pause()
        assert app.popup.is_open
        assert app.popup.region.bottom == app.prompt.region.y == 23
        assert app.popup.region.height == 4
        assert [row.split()[0] for row in read_rows(app.popup)] == ["/model", "/new", "/rename", "/help"]
        assert app.transcript.region == before
        assert app.prompt.has_focus


async def test_typing_narrows_and_arrows_select_around_the_ends() -> None:
    app = ChatHost(ROWS)
    async with app.run_test() as pilot:
        await pilot.press("/", "n")
        assert app.popup.selected == ROWS[1]
        await pilot.press("down")
        assert app.popup.selected == ROWS[2]
        await pilot.press("down")
        assert app.popup.selected == ROWS[1]
        await pilot.press("up")
        assert app.popup.selected == ROWS[2]
        await pilot.press("backspace")
        assert app.popup.selected == ROWS[0]


@pytest.mark.parametrize(("key", "is_final"), [("tab", False), ("enter", True)])
async def test_tab_and_enter_choose(key: str, is_final: bool) -> None:
    app = ChatHost(ROWS)
    async with app.run_test() as pilot:
        await pilot.press("/", "m", key)
        assert app.take_posted(CompletionPopup.Chosen) == [CompletionPopup.Chosen("model", is_final)]
        assert not app.popup.is_open
        assert app.take_posted(Prompt.Submitted) == []


async def test_enter_on_a_name_typed_in_full_sends_it() -> None:
    app = ChatHost(ROWS)
    async with app.run_test() as pilot:
        await pilot.press("/", "n", "e", "w", "enter")
        assert app.take_posted(Prompt.Submitted) == [Prompt.Submitted("/new")]
        assert app.take_posted(CompletionPopup.Chosen) == []
        assert not app.popup.display


async def test_escape_closes_until_another_command_is_begun() -> None:
    app = ChatHost(ROWS)
    async with app.run_test() as pilot:
        await pilot.press("/", "escape")
        assert not app.popup.is_open
        await pilot.press("n")
        assert not app.popup.is_open
        await pilot.press("backspace", "backspace", "/")
        assert app.popup.is_open


async def test_what_matches_nothing_hides_the_list_and_frees_its_keys() -> None:
    app = ChatHost(ROWS)
    async with app.run_test() as pilot:
        app.prompt.set_history(["earlier"])
        await pilot.press("/", "x")
        await pilot.pause()
        assert not app.popup.display
        await pilot.press("up")
        assert app.prompt.text == "earlier"


async def test_at_most_eight_rows_scroll_with_the_selection() -> None:
    app = ChatHost(MANY)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("/")
        await pilot.pause()
        rows = read_rows(app.popup)
        assert len(rows) == 8
        assert rows[-1].endswith("↓")
        await pilot.press(*["down"] * 9)
        rows = read_rows(app.popup)
        assert "/command2 " in rows[0]
        assert rows[0].endswith("↑")
        assert "/command9 " in rows[7]
        await pilot.press("up", "up", "up", "up", "up", "up", "up", "up")
        assert "/command1 " in read_rows(app.popup)[0]
        await pilot.press("up", "up")
        assert "/command11 " in read_rows(app.popup)[-1]


async def test_a_click_chooses_and_leaves_the_focus_in_the_prompt() -> None:
    app = ChatHost(ROWS)
    async with app.run_test() as pilot:
        await pilot.press("/")
        await pilot.pause()
        await pilot.hover(app.popup, offset=(5, 2))
        assert app.popup.selected == ROWS[2]
        await pilot.click(app.popup, offset=(5, 1))
        assert app.take_posted(CompletionPopup.Chosen) == [CompletionPopup.Chosen("new", False)]
        assert app.prompt.has_focus


async def test_the_list_follows_the_prompt_when_the_terminal_changes() -> None:
    app = ChatHost(ROWS)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("/")
        await pilot.resize_terminal(30, 4)
        await pilot.pause()
        assert app.popup.region.bottom == app.prompt.region.y == 3
        assert app.popup.region.height == 3
        assert app.popup.region.right <= 30


@pytest.mark.parametrize("size", [(1, 1), (2, 5), (7, 3), (12, 24), (200, 24)])
async def test_any_size_is_survived(size: tuple[int, int]) -> None:
    app = ChatHost(MANY)
    async with app.run_test(size=size) as pilot:
        await pilot.press("/", "down")
        await pilot.pause()
        assert all(cell_len(row) == app.popup.size.width for row in read_rows(app.popup))
        assert app.popup.take_key("left", "") is False
