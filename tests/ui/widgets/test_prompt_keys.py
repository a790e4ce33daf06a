from __future__ import annotations

from textual.binding import Binding

from chatui.ui.widgets.prompt import Prompt
from tests.ui.widgets.hosting import Host


class CommandHost(Host):
    """Binds keys on the app that the text area uses too."""

    BINDINGS = [  # noqa: RUF012 # Textual's own way
        Binding("ctrl+y", "note('copy reply')"),
        Binding("ctrl+e", "note('edit')"),
        Binding("ctrl+f", "note('find')"),
        Binding("ctrl+z", "note('back')"),
        Binding("ctrl+c", "note('stop')"),
        Binding("pageup", "note('page up')"),
        Binding("escape", "note('escape')"),
    ]

    def __init__(self, prompt: Prompt) -> None:
        super().__init__(prompt)
        self.noted: list[str] = []

    def action_note(self, what: str) -> None:
        self.noted.append(what)


async def test_keys_of_commands_reach_the_app_from_an_empty_prompt() -> None:
    prompt = Prompt()
    app = CommandHost(prompt)
    async with app.run_test() as pilot:
        await pilot.press("ctrl+y", "ctrl+e", "ctrl+f", "ctrl+z", "ctrl+c", "pageup", "escape")
        assert app.noted == ["copy reply", "edit", "find", "back", "stop", "page up", "escape"]


async def test_editing_keys_keep_their_meaning_in_a_prompt_that_holds_text() -> None:
    prompt = Prompt()
    app = CommandHost(prompt)
    async with app.run_test() as pilot:
        prompt.insert("one two")
        await pilot.press("ctrl+a", "ctrl+e", "ctrl+w")
        assert prompt.text == "one "
        await pilot.press("ctrl+z")
        assert prompt.text == "one two"
        await pilot.press("ctrl+y")
        assert prompt.text == "one "
        await pilot.press("ctrl+a", "ctrl+k")
        assert prompt.is_empty
        assert app.noted == []


async def test_a_cleared_prompt_can_be_undone() -> None:
    prompt = Prompt()
    app = CommandHost(prompt)
    async with app.run_test() as pilot:
        await pilot.press("a", "b", "ctrl+u")
        assert prompt.is_empty
        await pilot.press("ctrl+z")
        assert prompt.text == "ab"
        assert app.noted == []


async def test_ctrl_c_copies_a_selection_and_else_reaches_the_app() -> None:
    prompt = Prompt()
    app = CommandHost(prompt)
    async with app.run_test() as pilot:
        await pilot.press("a", "b", "ctrl+c")
        assert (app.noted, app.copied) == (["stop"], [])
        await pilot.press("shift+left", "ctrl+c")
        assert (app.noted, app.copied) == (["stop"], ["b"])


async def test_escape_is_left_to_the_app() -> None:
    prompt = Prompt()
    app = CommandHost(prompt)
    async with app.run_test() as pilot:
        await pilot.press("a", "escape")
        assert app.noted == ["escape"]
        assert prompt.text == "a"
