"""Searching the earlier prompts: newest first, each once, found by any of their words, taken or left."""

from __future__ import annotations

import json
from pathlib import Path
from time import process_time

from chatui.ui.prompt_search import list_prompts
from chatui.ui.screens.picker import Picker
from tests.ui.chat_stage import Chat, chat
from tests.ui.reading_stage import press


def save_prompts(home: Path, *prompts: str) -> None:
    (home / "state").mkdir(parents=True, exist_ok=True)
    (home / "state" / "prompts").write_text("".join(f"{json.dumps(prompt)}\n" for prompt in prompts))


async def open_search(c: Chat, prompts: int) -> None:
    await c.until(lambda: len(c.desk.services.memory.prompts) == prompts)
    await press(c, "ctrl+r")
    await c.sees("Earlier prompts")


def test_the_newest_comes_first_and_each_once() -> None:
    assert list_prompts(["a", "b", "a", "c"]) == ["c", "a", "b"]


async def test_a_prompt_is_found_while_it_is_typed_and_enter_takes_it(tmp_path: Path) -> None:
    save_prompts(tmp_path, "Explain SSE", "What is a monad?\nIn one line.", "explain TOML", "Explain SSE")
    async with chat(tmp_path) as c:
        await open_search(c, 4)
        assert c.text.index("Explain SSE") < c.text.index("explain TOML") < c.text.index("What is a monad?")
        assert c.text.count("Explain SSE") == 1 + 1, "in the list once, and below it as the selected one"
        await c.sees("What is a monad? ↵ In one line.")
        await c.type_into_dialog("expl")
        await c.sees("2 of 3")
        await c.type_into_dialog(" tom")
        await press(c, "enter")
        await c.until(lambda: c.desk.prompt.full_text == "explain TOML")
        assert c.app.focused is c.desk.prompt
        assert not c.desk.conversation


async def test_escape_gives_the_draft_back_and_undo_does_after_enter(tmp_path: Path) -> None:
    save_prompts(tmp_path, "one\ntwo")
    async with chat(tmp_path) as c:
        await c.type("my draft")
        await open_search(c, 1)
        await press(c, "escape")
        assert c.desk.prompt.full_text == "my draft"
        await open_search(c, 1)
        await press(c, "enter")
        await c.until(lambda: c.desk.prompt.full_text == "one\ntwo")
        await press(c, "ctrl+z")
        assert c.desk.prompt.full_text == "my draft"


async def test_the_newest_match_is_the_one_that_enter_takes(tmp_path: Path) -> None:
    save_prompts(tmp_path, "sort a list", "how to sort", "not this")
    async with chat(tmp_path) as c:
        await c.until(lambda: len(c.desk.services.memory.prompts) == 3)
        await c.enter("/history sort")
        await c.sees("2 of 3")
        await press(c, "enter")
        await c.until(lambda: c.desk.prompt.full_text == "how to sort")


async def test_a_match_far_down_in_a_long_prompt_is_shown(tmp_path: Path) -> None:
    save_prompts(tmp_path, f"{'word ' * 50}needle")
    async with chat(tmp_path) as c:
        await open_search(c, 1)
        await c.misses("needle")
        await c.type_into_dialog("needle")
        await c.sees("word needle")


async def test_ten_thousand_prompts_are_searched_at_typing_speed(tmp_path: Path) -> None:
    save_prompts(tmp_path, *(f"question {number} about some words of no use" for number in range(10_000)))
    async with chat(tmp_path) as c:
        await open_search(c, 10_000)
        await c.sees("10,000")
        picker = c.app.screen
        assert isinstance(picker, Picker)
        began = process_time()
        for letters in ("q", "qu", "que", "7", "77", "777"):
            picker._list.filter(letters)
        assert (process_time() - began) / 6 < 0.05
        await c.type_into_dialog("7777")
        await press(c, "enter")
        await c.until(lambda: c.desk.prompt.full_text == "question 7777 about some words of no use")
