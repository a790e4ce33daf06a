"""Reading in the whole app: the block cursor, copying, folding, selecting; all by keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatui.ui.commands.table import find_command
from tests.ui.chat_stage import chat
from tests.ui.reading_stage import LONG_REPLY, block_of, press, start_reading


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What went to the clipboard."""
    texts: list[str] = []

    async def keep(app: object, text: str) -> str:
        texts.append(text)
        return f"Copied {len(text)} characters"

    monkeypatch.setattr("chatui.ui.commands.for_blocks.copy_text", keep)
    monkeypatch.setattr("chatui.ui.commands.for_app.copy_text", keep)
    return texts


async def test_alt_up_takes_the_keys_from_the_prompt_and_escape_gives_them_back(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        await start_reading(c)
        await c.type("draft")
        await press(c, "alt+up")
        assert block_of(c).source.strip() == "Last word."
        await press(c, "k")
        assert block_of(c).source == "ls\n"
        await press(c, "j", "alt+up", "alt+up")
        assert block_of(c).source.strip() == "Then a word."
        assert c.desk.prompt.full_text == "draft"
        await c.sees("y copy", "c copy code", "Esc leave")
        await press(c, "escape")
        assert not c.desk.transcript.cursor.is_shown
        assert c.app.focused is c.desk.prompt
        await c.misses("y copy")


async def test_control_up_goes_from_prompt_to_prompt(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        await start_reading(c)
        await c.ask_held("and now", "More.\n\nYet more.")
        await press(c, "ctrl+up")
        assert block_of(c).source == "and now"
        await press(c, "ctrl+up")
        assert block_of(c).source == "hello"
        await press(c, "ctrl+down")
        assert block_of(c).source == "and now"


async def test_a_click_into_the_prompt_leaves_the_cursor(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        await start_reading(c)
        await press(c, "alt+up")
        await c.pilot.click(c.desk.prompt)
        assert not c.desk.transcript.cursor.is_shown


async def test_a_block_is_copied_as_it_was_written_and_code_alone(tmp_path: Path, copied: list[str]) -> None:
    async with chat(tmp_path) as c:
        await start_reading(c, "- **bold** item\n- two\n\n```sh\nls\n```\n\n```\nx\n```\n")
        await press(c, "alt+up", "y")
        await c.until(lambda: len(copied) == 1)
        await press(c, "c")
        await c.until(lambda: len(copied) == 2)
        await press(c, "1")
        await c.until(lambda: len(copied) == 3)
        await c.sees("Code 1: copied 3 characters")
        await press(c, "k", "k", "y")
        await c.until(lambda: len(copied) == 4)
        await press(c, "c")
        await c.until(lambda: len(copied) == 5)
        assert [text.strip() for text in copied] == ["x", "x", "ls", "- **bold** item\n- two", "ls\n\nx"]


async def test_what_has_no_code_says_so(tmp_path: Path, copied: list[str]) -> None:
    async with chat(tmp_path) as c:
        await start_reading(c, "no code here")
        await press(c, "alt+up")
        assert "copy code" not in c.text
        for name in ("copy_code", "write", "open"):
            c.app.clear_notifications()
            c.app.screen.run_command(find_command(f"block.{name}"))  # type: ignore[attr-defined]  # the screen is the chat screen
            await c.until(lambda: c.notices == ["This message holds no code block."])
        assert copied == []


async def test_blocks_are_selected_and_copied_by_keys(tmp_path: Path, copied: list[str]) -> None:
    async with chat(tmp_path) as c:
        await start_reading(c)
        await press(c, "alt+up", "v", "k", "k", "y")
        await c.until(lambda: copied)
        assert copied == ["Then a word.\n\nls\n\nLast word."]
        assert not c.desk.transcript.is_selected
        await press(c, "v", "k", "escape")
        assert not c.desk.transcript.is_selected
        assert c.desk.transcript.cursor.is_shown
        await press(c, "v", "ctrl+c")
        await c.until(lambda: len(copied) == 2)
        assert copied[1] == "x = 1"


async def test_long_code_folds_by_key_and_what_has_no_fold_says_so(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        await start_reading(c, "```\n" + "line\n" * 60 + "```\n\nText.\n")
        await press(c, "alt+up", "f")
        await c.misses("more lines")
        await press(c, "k", "f")
        await c.sees("48 more lines", "f fold")
        await press(c, "enter")
        await c.misses("48 more lines")
        await press(c, "space")
        await c.sees("48 more lines")


async def test_whoever_sends_a_prompt_follows_its_answer(tmp_path: Path) -> None:
    async with chat(tmp_path, size=(60, 20)) as c:
        await start_reading(c, LONG_REPLY)
        await press(c, "ctrl+up", "escape")
        assert not c.desk.transcript.is_following
        await c.ask_held("and now", "An answer.")
        assert c.desk.transcript.is_following
        await c.sees("An answer.")


async def test_selecting_with_the_mouse_leaves_the_keys_to_the_prompt(tmp_path: Path, copied: list[str]) -> None:
    async with chat(tmp_path) as c:
        await start_reading(c)
        await c.type("draft")
        transcript = c.desk.transcript
        y = next(y for y in range(20) if "Then a word" in transcript.render_line(y).text)
        await c.pilot.click(transcript, offset=(10, y), times=2)
        assert transcript.selected_text == "word."[:4]
        assert c.app.focused is c.desk.prompt
        await press(c, "ctrl+c")
        await c.until(lambda: copied)
        assert copied == ["word"]
        await c.type("s")
        assert c.desk.prompt.full_text == "drafts"


async def test_the_mouse_goes_to_the_terminal_and_comes_back(tmp_path: Path) -> None:
    written: list[str] = []
    async with chat(tmp_path) as c:
        driver = c.app._driver
        assert driver is not None
        driver.write = written.append  # type: ignore[method-assign,assignment]  # keeps
        await press(c, "f8")
        assert written == ["\x1b[?1000l\x1b[?1003l"]
        await c.until(lambda: any("the terminal's now" in notice for notice in c.notices))
        c.app.app_resume_signal.publish(c.app)
        assert written[1:] == written[:1]
        await c.enter("/mouse")
        await c.until(lambda: len(written) == 3)
        assert written[2] == "\x1b[?1000h\x1b[?1003h"
        c.app.app_resume_signal.publish(c.app)
        assert len(written) == 3
