"""Sending, streaming, stopping, and the prompts that wait meanwhile."""

from __future__ import annotations

from pathlib import Path

from chatui.conversation.failure import FailureKind
from tests.ui.chat_stage import Chat, chat


async def _ask_and_hear(c: Chat, prompt: str, beginning: str) -> None:
    await c.enter(prompt)
    c.held.say(beginning)
    await c.sees(beginning)


async def test_the_prompt_is_on_disk_before_the_reply_and_the_reply_after_it(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.enter("What is SSE?")
        await c.until(lambda: c.held.requests)
        assert [(m["role"], m["text"]) for m in c.saved["messages"]] == [("user", "What is SSE?")]
        c.held.say("A stream ", "of *events*.")
        await c.sees("A stream of events.", "● streaming")
        c.held.end()
        await c.sees("○ ready")
        await c.rests()
        assert [(m["role"], m["text"]) for m in c.saved["messages"]] == [
            ("user", "What is SSE?"),
            ("assistant", "A stream of *events*."),
        ]
        assert c.saved["messages"][1]["status"] == "complete"
        assert c.saved["title"] == "What is SSE?"


async def test_esc_stops_and_what_has_come_is_kept(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await _ask_and_hear(c, "Count", "one two three")
        await c.press("escape")
        await c.sees("one two three", "— stopped", "■ stopped")
        await c.rests()
        assert c.held.closed == 1
        reply = c.saved["messages"][1]
        assert (reply["text"], reply["status"]) == ("one two three", "cancelled")
        assert "error" not in reply
        assert not list((tmp_path / "data" / "sessions").glob("*checkpoint*"))


async def test_esc_before_the_first_word_leaves_a_stopped_empty_reply(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.enter("Hello")
        await c.until(lambda: c.held.requests)
        await c.press("escape")
        await c.sees("— stopped")
        await c.rests()
        assert c.saved["messages"][1]["status"] == "cancelled"


async def test_typing_goes_on_while_a_reply_streams(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await _ask_and_hear(c, "First", "streaming")
        await c.type("half a thought")
        c.held.say(" on")
        await c.sees("streaming on", "❯ half a thought")
        c.held.end()
        await c.sees("○ ready", "❯ half a thought")
        await c.rests()


async def test_a_second_prompt_waits_visibly_and_is_sent_after_the_reply(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await _ask_and_hear(c, "First", "alpha")
        await c.enter("Second")
        await c.sees("Second", "queued")
        assert len(c.held.requests) == 1
        c.held.end()
        await c.until(lambda: len(c.held.requests) == 2)
        assert [turn.text for turn in c.held.requests[1].turns] == ["First", "alpha", "Second"]
        c.held.say("beta")
        c.held.end()
        await c.sees("beta", "○ ready")
        await c.rests()
        await c.misses("queued")
        assert [m["text"] for m in c.saved["messages"]] == ["First", "alpha", "Second", "beta"]


async def test_the_up_key_takes_the_newest_waiting_prompt_back(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await _ask_and_hear(c, "First", "alpha")
        await c.enter("Second")
        await c.enter("Third")
        await c.sees("Third")
        await c.press("up")
        assert c.desk.prompt.text == "Third"
        assert c.desk.live.queue.prompts == ("Second",)
        c.held.end()
        await c.until(lambda: len(c.held.requests) == 2)
        assert c.held.requests[1].turns[-1].text == "Second"


async def test_after_a_stop_the_waiting_prompts_come_back_into_the_prompt(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await _ask_and_hear(c, "First", "alpha")
        await c.enter("Second")
        await c.enter("Third")
        await c.type("draft")
        await c.press("escape")
        await c.sees("stopped")
        await c.rests()
        await c.until(lambda: c.desk.prompt.text == "Second\n\nThird\n\ndraft")
        assert len(c.held.requests) == 1
        await c.misses("queued")


async def test_after_a_failure_nothing_that_waits_is_sent(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await _ask_and_hear(c, "First", "alpha")
        await c.enter("Second")
        c.held.fail(FailureKind.SERVER, "It broke.", 500)
        await c.sees("The server failed (500)", "It broke.")
        await c.until(lambda: c.desk.prompt.text == "Second")
        assert len(c.held.requests) == 1


async def test_prompts_sent_in_the_same_instant_wait_for_one_another(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        c.desk.send("First")
        c.desk.send("Second")
        c.held.say("alpha")
        c.held.end()
        c.held.say("beta")
        c.held.end()
        await c.until(lambda: len(c.held.requests) == 2 and not c.desk.runner.is_running)
        assert [m["text"] for m in c.saved["messages"]] == ["First", "alpha", "Second", "beta"]


async def test_an_empty_reply_is_told(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.enter("Say nothing")
        c.held.end()
        await c.sees("— the reply is empty —")
        await c.rests()
        assert c.saved["messages"][1]["status"] == "complete"


async def test_a_prompt_that_cannot_be_saved_is_told_and_still_sent(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / "sessions").write_text("in the way")
        await c.enter("Hello")
        await c.until(lambda: any("sessions" in notice for notice in c.notices))
        c.held.say("still here")
        await c.sees("still here")
        (tmp_path / "data" / "sessions").unlink()
        c.held.end()
        await c.until(lambda: c.session_files)
        assert [m["text"] for m in c.saved["messages"]] == ["Hello", "still here"]
