"""Commands about models and their keys."""

from __future__ import annotations

from pathlib import Path

from tests.ui.chat_stage import chat
from tests.ui.saved_sessions import save_session


async def test_a_provider_without_a_key_says_so(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        await c.enter("/key")
        await c.sees("demo needs no key: it answers by itself.")


async def test_a_provider_that_is_not_there_is_told(tmp_path: Path) -> None:
    async with chat(tmp_path, size=(80, 24)) as c:
        await c.enter("/key nobody/")
        await c.sees("There is no provider “nobody”.")


async def test_a_key_that_is_missing_is_told_with_where_to_put_it(tmp_path: Path) -> None:
    async with chat(tmp_path, size=(80, 24)) as c:
        await c.enter("/key deepseek")
        await c.sees("DEEPSEEK_API_KEY")


async def test_old_messages_are_left_out_and_sent_again(tmp_path: Path) -> None:
    texts = [f"message {number} " + "word " * 100 for number in range(1, 21)]
    save_session(tmp_path, "20261101-120000-aaaa", *texts)
    async with chat(tmp_path, "-c", size=(80, 24)) as c:
        await c.enter("/trim")
        await c.reads("are not sent.")
        await c.reads("/trim off sends all again.")
        await c.ask_held("Next", "Yes.")
        trimmed = len(c.held.requests[0].turns)
        assert trimmed < 21
        await c.enter("/trim off")
        await c.sees("All messages are sent again")
        await c.ask_held("Next", "Yes.")
        assert len(c.held.requests[1].turns) == 23


async def test_of_one_prompt_nothing_can_be_left_out(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one", size=(80, 24)) as c:
        await c.enter("/trim")
        await c.sees("There is nothing to leave out")
