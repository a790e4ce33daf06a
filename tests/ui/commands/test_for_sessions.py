"""Commands about the session: title, system prompt, parameters."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.chat_stage import chat


async def test_a_title_can_be_typed_or_asked_for(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.ask_held("Hello", "Hi.")
        await c.enter("/rename Of  greetings")
        await c.sees("Of greetings")
        assert c.saved["title"] == "Of greetings"
        await c.enter("/rename")
        await c.sees("Rename this session")
        await c.type_into_dialog(" and more")
        await c.press("enter")
        await c.until(lambda: c.saved["title"] == "Of greetings and more")
        await c.enter("/rename")
        await c.sees("Rename this session")
        await c.press("ctrl+u", "enter")
        await c.misses("Rename this session")
        assert c.saved["title"] == "Of greetings and more"


async def test_a_title_given_before_the_first_prompt_stays(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.enter("/rename Mine")
        await c.sees("Mine")
        await c.ask_held("Hello", "Hi.")
        assert c.saved["title"] == "Mine"


async def test_a_system_prompt_goes_out_with_the_next_request(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.enter("/system Be terse.\nSpeak French.")
        await c.until(lambda: any("System prompt set" in notice for notice in c.notices))
        await c.ask_held("Hello", "Salut.")
        assert c.held.requests[0].system == "Be terse.\nSpeak French."
        assert c.saved["system"] == "Be terse.\nSpeak French."
        await c.enter("/system")
        await c.sees("System prompt of this session", "Speak French.")
        await c.press("ctrl+a")
        for _ in range(40):
            await c.press("backspace")
        await c.press("escape")
        await c.misses("System prompt of this session")
        assert c.saved["system"] == "Be terse.\nSpeak French."


async def test_an_emptied_system_prompt_is_gone(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one", "--system", "x") as c:
        await c.enter("/system")
        await c.sees("System prompt of this session")
        await c.press("end", "backspace", "enter")
        await c.until(lambda: any("No system prompt" in notice for notice in c.notices))
        await c.ask_held("Hello", "Hi.")
        assert c.held.requests[0].system == ""


async def test_parameters_are_set_shown_and_taken_away(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.enter("/params")
        await c.sees("parameters: none, so")
        await c.enter('/params temperature=0.5 top_p=1 stop=["END"] user=me logprobs=true')
        await c.sees("temperature=0.5")
        await c.ask_held("Hello", "Hi.")
        wanted = {"temperature": 0.5, "top_p": 1, "stop": ["END"], "user": "me", "logprobs": True}
        assert c.held.requests[0].params == wanted
        assert c.saved["params"] == wanted
        await c.enter("/params stop= user= logprobs=")
        await c.until(lambda: c.saved["params"] == {"temperature": 0.5, "top_p": 1})
        await c.enter("/params")
        await c.sees("parameters: temperature=0.5, top_p=1")


@pytest.mark.parametrize(
    "argument",
    ["temperature", "=1", "a-b=1", "x=nan", "x=inf", "x=2026-01-01", "messages=1", "stream=false", "x=[nan]"],
)
async def test_what_is_no_parameter_is_told_and_nothing_changes(tmp_path: Path, argument: str) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.enter(f"/params temperature=1 {argument}")
        await c.until(lambda: any(f"“{argument}”" in notice for notice in c.notices))
        assert c.desk.live.header.params == {}


@pytest.mark.parametrize(
    ("argument", "example"),
    [
        ("temperature=hot", "temperature=0.7"),
        ("temperature=0,7", "temperature=0.7"),
        ("top_p=true", "top_p=0.9"),
        ("max_tokens=1.5", "max_tokens=1024"),
        ("seed=x", "seed=42"),
    ],
)
async def test_a_number_that_is_none_is_told_with_an_example(tmp_path: Path, argument: str, example: str) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.enter(f"/params {argument}")
        await c.until(lambda: any(f"as in {example}" in notice for notice in c.notices))
        assert c.desk.live.header.params == {}


@pytest.mark.parametrize("command", ["/trim x", "/trash all", "/copy text", "/theme papr"])
async def test_a_word_that_means_nothing_is_told_and_nothing_is_done(tmp_path: Path, command: str) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.ask_held("Hello", "Hi.")
        await c.enter(command)
        word = command.partition(" ")[2]
        await c.until(lambda: any(f"“{word}”" in notice and "/" in notice for notice in c.notices))
        assert c.app.screen is c.app.screen_stack[0]


async def test_what_cannot_be_saved_is_told(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.ask_held("Hello", "Hi.")
        file = c.session_files[0]
        file.unlink()
        file.parent.rmdir()
        file.parent.write_text("in the way")
        for command in ("/rename Other", "/system Other", "/params top_p=1"):
            c.app.clear_notifications()
            await c.enter(command)
            await c.until(lambda: c.notices)
            assert not any("set," in notice for notice in c.notices)
