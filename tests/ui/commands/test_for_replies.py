"""Commands about the reply: stop, ask again, copy."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from chatui.conversation.failure import FailureKind
from chatui.providers.base import RetrySettings
from tests.ui.chat_stage import Chat, chat

CODE = "First:\n```py\nx = 1\n```\nthen:\n~~~sh\nls\n  -l\n~~~\nDone."


@pytest.fixture(autouse=True)
def no_clipboard_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """The terminal is the only way to the clipboard, and what goes there can be read."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "TMUX"):
        monkeypatch.delenv(name, raising=False)


def _catch_copies(c: Chat, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    copied: list[str] = []

    def write(data: str) -> None:
        if data.startswith("\x1b]52;c;"):
            copied.append(base64.b64decode(data[7:-1]).decode())

    monkeypatch.setattr(c.app._driver, "write", write)
    return copied


async def test_the_last_reply_is_copied_as_it_came(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        copied = _catch_copies(c, monkeypatch)
        await c.ask_held("Code", CODE)
        await c.enter("/copy")
        await c.until(lambda: copied == [CODE])
        await c.press("ctrl+y")
        await c.until(lambda: copied == [CODE, CODE])
        await c.sees("Copied")


async def test_the_last_code_block_is_copied_without_its_fence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        copied = _catch_copies(c, monkeypatch)
        await c.ask_held("Code", CODE)
        await c.enter("/copy code")
        await c.until(lambda: copied == ["ls\n  -l\n"])


async def test_there_may_be_nothing_to_copy(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.enter("/copy")
        await c.until(lambda: any("There is no reply to copy yet" in notice for notice in c.notices))
        await c.ask_held("Prose", "No code.")
        await c.enter("/copy code")
        await c.until(lambda: any("holds no code block" in notice for notice in c.notices))


async def test_asking_again_makes_a_sibling_and_keeps_the_first_answer(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.ask_held("Question", "alpha")
        await c.press("f5")
        await c.until(lambda: len(c.held.requests) == 2)
        c.held.say("beta")
        c.held.end()
        await c.sees("beta", "ready")
        await c.rests()
        assert "alpha" not in c.text
        assert [turn.text for turn in c.held.requests[1].turns] == ["Question"]
        assert [(m["text"], m.get("parent")) for m in c.saved["messages"]] == [
            ("Question", None),
            ("alpha", "m1"),
            ("beta", "m1"),
        ]
        assert c.saved["active"] == "m3"
        await c.enter("/retry")
        await c.until(lambda: len(c.held.requests) == 3)


async def test_a_failed_reply_is_asked_again(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.enter("Question")
        c.held.fail(FailureKind.AUTHENTICATION, "Wrong key.", 401, "Set HELD_KEY.")
        await c.sees("The key was refused (401)", "Wrong key.", "→ Set HELD_KEY.", "✕ failed")
        await c.rests()
        assert c.saved["messages"][1]["error"]["status"] == 401
        await c.press("f5")
        c.held.say("now it works")
        c.held.end()
        await c.sees("now it works", "○ ready")
        await c.rests()
        assert [m.get("status") for m in c.saved["messages"]] == [None, "failed", "complete"]


async def test_there_may_be_nothing_to_ask_again(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.press("f5")
        await c.until(lambda: any("nothing to ask again" in notice for notice in c.notices))


async def test_asking_again_twice_in_one_instant_asks_once(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.ask_held("Question", "alpha")
        await c.press("f5", "f5", "f5")
        await c.until(lambda: len(c.held.requests) == 2)
        c.held.say("beta")
        c.held.end()
        await c.sees("beta", "○ ready")
        await c.rests()
        assert len(c.held.requests) == 2


async def test_what_opening_brought_up_is_told_once(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.ask_held("Question", "alpha")
        c.desk.live.notices = ("A notice of the opening.",)
        await c.press("f5")
        await c.until(lambda: len(c.held.requests) == 2)
        assert not c.notices


async def test_a_wait_for_a_retry_counts_down_and_can_be_cut_short(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        c.held.retry = RetrySettings(initial_backoff=1000.0, max_backoff=1000.0)
        await c.enter("Question")
        c.held.fail(FailureKind.RATE_LIMIT, "Slow down.", 429)
        await c.sees("429 rate limited · retry 1/3", "↻ retrying", "F5 retry", "Esc stop")
        seconds = _shown_wait(c)
        await c.until(lambda: _shown_wait(c) < seconds)
        await c.press("f5")
        await c.until(lambda: len(c.held.requests) == 2)
        c.held.say("There.")
        c.held.end()
        await c.sees("There.", "○ ready")
        await c.rests()
        assert c.saved["messages"][1]["attempts"] == 2


def _shown_wait(c: Chat) -> int:
    line = next(line for line in c.text.splitlines() if "state" in line)
    return int(line.split()[-2])


async def test_esc_ends_a_wait_for_a_retry(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        c.held.retry = RetrySettings(initial_backoff=1000.0, max_backoff=1000.0)
        await c.enter("Question")
        c.held.fail(FailureKind.RATE_LIMIT, "Slow down.", 429)
        await c.sees("↻ retrying")
        await c.press("escape")
        await c.sees("— stopped")
        await c.rests()
        assert len(c.held.requests) == 1


async def test_esc_without_a_reply_goes_back_to_the_prompt(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.press("tab")
        await c.until(lambda: c.app.focused is c.desk.transcript)
        await c.press("escape")
        await c.until(lambda: c.app.focused is c.desk.prompt)


async def test_stop_can_be_typed(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.enter("Question")
        c.held.say("alpha")
        await c.sees("alpha")
        await c.enter("/stop")
        await c.sees("— stopped")
        await c.rests()


async def test_going_on_twice_in_one_instant_goes_on_once(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        c.held.say("It was a dark and")
        c.held.end("length")
        await c.ask("Tell")
        await c.press("ctrl+g", "ctrl+g", "f5")
        await c.until(lambda: len(c.held.requests) == 2)
        c.held.say(" stormy night.")
        c.held.end()
        await c.sees("stormy night.", "○ ready")
        await c.rests()
        assert len(c.held.requests) == 2


async def test_r_in_an_empty_prompt_ends_a_wait_and_in_a_draft_it_is_a_letter(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        c.held.retry = RetrySettings(initial_backoff=1000.0, max_backoff=1000.0)
        await c.enter("Question")
        c.held.fail(FailureKind.OVERLOADED, "Busy.", 503)
        await c.sees("↻ retrying")
        await c.type("dr")
        assert c.desk.prompt.text == "dr"
        assert len(c.held.requests) == 1
        await c.press("backspace", "backspace")
        await c.until(lambda: not c.desk.prompt.text)
        await c.press("r")
        await c.until(lambda: len(c.held.requests) == 2)
        assert c.desk.prompt.text == ""


async def test_another_model_chosen_during_a_wait_is_asked_at_once(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        c.held.retry = RetrySettings(initial_backoff=1000.0, max_backoff=1000.0)
        await c.enter("Question")
        c.held.fail(FailureKind.OVERLOADED, "Busy.", 503)
        await c.sees("↻ retrying")
        await c.enter("/model held/two")
        await c.until(lambda: len(c.held.requests) == 2)
        assert c.held.requests[1].model == "two"
        c.held.say("Here.")
        c.held.end()
        await c.sees("Here.", "○ ready")
        await c.rests()


async def test_flipping_through_answers_tells_nothing_twice(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.ask_held("Question", "alpha")
        c.held.say("beta")
        c.held.end()
        await c.press("f5")
        await c.sees("beta", "○ ready")
        await c.rests()
        c.desk.live.notices = ("A notice of the opening.",)
        await c.press("alt+left")
        await c.sees("alpha")
        await c.misses("beta")
        assert not c.notices
        assert c.saved["active"] == "m2"


@pytest.mark.parametrize("how", ["nothing yet", "complete", "empty"])
async def test_why_nothing_can_be_continued_is_told(tmp_path: Path, how: str) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        if how == "complete":
            await c.ask_held("Question", "alpha")
        elif how == "empty":
            c.held.fail(FailureKind.AUTHENTICATION, "Wrong key.", 401)
            await c.ask("Question")
        await c.enter("/continue")
        told = {"nothing yet": "no reply to continue", "complete": "is complete", "empty": "No text had come"}
        await c.until(lambda: any(told[how] in notice for notice in c.notices))


async def test_while_a_reply_streams_it_is_not_continued(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.enter("Question")
        c.held.say("alpha")
        await c.sees("alpha")
        await c.enter("/continue")
        await c.until(lambda: any("still streams" in notice for notice in c.notices))
