"""Commands about what is on screen."""

from __future__ import annotations

from pathlib import Path

from chatui.conversation.events import ReasoningDelta, UsageReported
from chatui.conversation.usage import Usage
from tests.ui.chat_stage import chat


async def test_stats_are_written_with_the_part_they_belong_to(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one", size=(80, 24)) as c:
        c.held.give(UsageReported(Usage(input=10, output=20, cached=4, reasoning=5)))
        await c.ask_held("Hello", "Hi.")
        await c.enter("/stats")
        await c.sees("stats")
        for part in (
            "Model: model one",
            "provider held",
            "in 10",
            "cached 4",
            "Session: messages 2",
            "Context: used 30 / 1k (3 %)",
        ):
            await c.reads(part)


async def test_stats_of_a_model_without_a_known_window_name_what_is_used(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "nobody/x", size=(80, 24)) as c:
        await c.enter("/stats")
        await c.reads("Context: used 0")


async def test_reasoning_unfolds_and_folds(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        c.held.give(ReasoningDelta("I weigh it."))
        await c.ask_held("Think", "Yes.")
        await c.sees("▸ Thought for")
        assert "I weigh it." not in c.text
        await c.press("f3")
        await c.sees("▾ Thought for", "I weigh it.")
        await c.enter("/reasoning")
        await c.misses("I weigh it.")
        assert c.saved["messages"][1]["reasoning"] == "I weigh it."


async def test_ctrl_end_goes_to_the_end_and_follows(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.ask_held("Many", "\n\n".join(f"line {n}" for n in range(100)))
        await c.sees("line 99")
        await c.press("tab", "home")
        await c.sees("line 1")
        await c.press("ctrl+end")
        await c.sees("line 99")
        assert c.desk.transcript.is_following
