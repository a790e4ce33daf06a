"""Reading in the whole app: the block cursor, folding, copying, code to files and editors, finding; all by keys."""

from __future__ import annotations

import stat
from contextlib import contextmanager
from pathlib import Path

import pytest
from textual.widgets import Input

from chatui.ui.commands.table import find_command
from chatui.ui.transcript.entry_block import EntryBlock
from chatui.ui.widgets.find_bar import FindBar
from tests.ui.chat_stage import Chat, chat

REPLY = "First.\n\n```python\nx = 1\n```\n\nThen a word.\n\n```sh\nls\n```\n\nLast word.\n"


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


def _block(c: Chat) -> EntryBlock:
    block = c.desk.transcript.cursor.block()
    assert block is not None
    return block


def _bar(c: Chat) -> FindBar:
    return c.app.screen_stack[0].query_one(FindBar)


async def _press(c: Chat, *keys: str) -> None:
    """Press keys one after the other as a person does: the app has taken each before the next one comes."""
    for key in keys:
        await c.press(key)


async def _start(c: Chat, text: str = REPLY) -> None:
    await _press(c, "ctrl+t")
    await c.type_into_dialog("held/one")
    await _press(c, "enter")
    await c.until(lambda: c.desk.live.model == "held/one")
    await c.ask_held("hello", text)


async def test_alt_up_takes_the_keys_from_the_prompt_and_escape_gives_them_back(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        await _start(c)
        await c.type("draft")
        await _press(c, "alt+up")
        assert _block(c).source.strip() == "Last word."
        await _press(c, "k")
        assert _block(c).source == "ls\n"
        await _press(c, "j", "alt+up", "alt+up")
        assert _block(c).source.strip() == "Then a word."
        assert c.desk.prompt.full_text == "draft"
        await c.sees("y copy", "c copy code", "Esc leave")
        await _press(c, "escape")
        assert not c.desk.transcript.cursor.is_shown
        assert c.app.focused is c.desk.prompt
        await c.misses("y copy")


async def test_control_up_goes_from_prompt_to_prompt(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        await _start(c)
        await c.ask_held("and now", "More.\n\nYet more.")
        await _press(c, "ctrl+up")
        assert _block(c).source == "and now"
        await _press(c, "ctrl+up")
        assert _block(c).source == "hello"
        await _press(c, "ctrl+down")
        assert _block(c).source == "and now"


async def test_a_click_into_the_prompt_leaves_the_cursor(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        await _start(c)
        await _press(c, "alt+up")
        await c.pilot.click(c.desk.prompt)
        assert not c.desk.transcript.cursor.is_shown


async def test_a_block_is_copied_as_it_was_written_and_code_alone(tmp_path: Path, copied: list[str]) -> None:
    async with chat(tmp_path) as c:
        await _start(c, "- **bold** item\n- two\n\n```sh\nls\n```\n\n```\nx\n```\n")
        await _press(c, "alt+up", "y")
        await c.until(lambda: len(copied) == 1)
        await _press(c, "c")
        await c.until(lambda: len(copied) == 2)
        await _press(c, "1")
        await c.until(lambda: len(copied) == 3)
        await _press(c, "k", "k", "y")
        await c.until(lambda: len(copied) == 4)
        await _press(c, "c")
        await c.until(lambda: len(copied) == 5)
        assert [text.strip() for text in copied] == ["x", "x", "ls", "- **bold** item\n- two", "ls\n\nx"]
        await c.sees("Code 1: Copied 3 characters")


async def test_what_has_no_code_says_so(tmp_path: Path, copied: list[str]) -> None:
    async with chat(tmp_path) as c:
        await _start(c, "no code here")
        await _press(c, "alt+up")
        assert "copy code" not in c.text
        for name in ("copy_code", "write", "open"):
            c.app.screen.run_command(find_command(f"block.{name}"))  # type: ignore[attr-defined]  # the screen is the chat screen
        await c.until(lambda: c.notices.count("This message holds no code block.") == 3)
        assert copied == []


async def test_blocks_are_selected_and_copied_by_keys(tmp_path: Path, copied: list[str]) -> None:
    async with chat(tmp_path) as c:
        await _start(c)
        await _press(c, "alt+up", "v", "k", "k", "y")
        await c.until(lambda: copied)
        assert copied == ["Then a word.\n\nls\n\nLast word."]
        assert not c.desk.transcript.is_selected
        await _press(c, "v", "k", "escape")
        assert not c.desk.transcript.is_selected
        assert c.desk.transcript.cursor.is_shown
        await _press(c, "v", "ctrl+c")
        await c.until(lambda: len(copied) == 2)
        assert copied[1] == "x = 1"


async def test_code_is_written_to_a_file_and_nothing_is_overwritten_unasked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with chat(tmp_path) as c:
        await _start(c)
        await _press(c, "alt+up", "w")
        await c.sees("Which code block? Type its number, 1 to 2.")
        await _press(c, "1")
        await c.sees("Write code 1 to a file", "code-1.py")
        await _press(c, "enter")
        await c.sees("Wrote 1 lines to code-1.py")
        file = tmp_path / "code-1.py"
        assert file.read_text() == "x = 1\n"
        file.write_text("mine")
        await _press(c, "w", "1")
        await c.sees("Write code 1 to a file")
        await _press(c, "enter")
        await c.sees("Replace this file?")
        await _press(c, "n")
        await c.sees("Not written.")
        assert file.read_text() == "mine"
        await _press(c, "w", "1")
        await c.sees("Write code 1 to a file")
        await _press(c, "enter")
        await c.sees("Replace this file?")
        await _press(c, "y")
        await c.until(lambda: file.read_text() == "x = 1\n")
        await _press(c, "w", "2")
        await c.sees("code-2.sh")
        await _press(c, "escape")
        await c.misses("Write code 2")
        assert not (tmp_path / "code-2.sh").exists()


async def test_enter_writes_the_code_that_the_cursor_is_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with chat(tmp_path) as c:
        await _start(c)
        await _press(c, "alt+up", "k", "w")
        await c.sees("Enter for this one")
        await _press(c, "enter")
        await c.sees("Write code 2 to a file")
        await _press(c, "escape")
        await c.misses("Write code 2")
        await _press(c, "w", "escape", "1")
        assert _block(c).source == "x = 1\n"


async def test_a_path_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    async with chat(tmp_path) as c:
        await _start(c, "```\nx\n```\n")
        await _press(c, "alt+up")
        for path, told in (("no/such/folder.txt", "No such file"), ("folder", "Is a directory"), ("~nobdy/x", "home")):
            await _press(c, "w")
            await c.sees("Write code 1 to a file", "code-1.txt")
            await _press(c, "ctrl+u")
            await c.type_into_dialog(path)
            await _press(c, "enter")
            if path == "folder":
                await c.sees("Replace this file?")
                await _press(c, "y")
            await c.until(lambda told=told: any(told in notice for notice in c.notices), told)  # type: ignore[misc]  # bound early


async def test_code_opens_in_the_editor_and_a_change_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = tmp_path / "editor.sh"
    seen = tmp_path / "seen"
    editor.write_text(f'#!/bin/sh\nstat -c "%a" "$2" > {seen}\ncat "$2" >> {seen}\necho changed >> "$2"\n')
    editor.chmod(0o700)
    monkeypatch.setenv("VISUAL", f"{editor} --wait")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    async with chat(tmp_path) as c:
        monkeypatch.setattr(c.app, "suspend", _suspend)
        await _start(c)
        await _press(c, "alt+up", "o", "1")
        await c.until(lambda: any("What you changed is in" in notice for notice in c.notices))
        assert seen.read_text() == "600\nx = 1\n"
        kept = next(tmp_path.glob("chatui-code-1-*.py"))
        assert kept.read_text() == "x = 1\nchanged\n"
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600


@contextmanager
def _suspend():  # type: ignore[no-untyped-def]  # stands for App.suspend, which a headless app has not
    yield


async def test_an_editor_that_is_not_there_and_a_terminal_that_cannot_be_lent_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", "/no/such/editor")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    async with chat(tmp_path) as c:
        await _start(c, "```\nx\n```\n")
        await _press(c, "alt+up", "o")
        await c.until(lambda: any("This terminal cannot be lent" in notice for notice in c.notices))
        monkeypatch.setattr(c.app, "suspend", _suspend)
        await _press(c, "o")
        await c.until(lambda: any("“/no/such/editor” could not be started" in notice for notice in c.notices))
        monkeypatch.delenv("VISUAL")
        monkeypatch.delenv("EDITOR", raising=False)
        monkeypatch.setattr("shutil.which", lambda name: None)
        await _press(c, "o")
        await c.until(lambda: any("There is no editor" in notice for notice in c.notices))
        assert not list(tmp_path.glob("chatui-code*"))


async def test_long_code_folds_by_key_and_what_has_no_fold_says_so(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        await _start(c, "```\n" + "line\n" * 60 + "```\n\nText.\n")
        await _press(c, "alt+up", "f")
        await c.misses("more lines")
        await _press(c, "k", "f")
        await c.sees("48 more lines", "f fold")
        await _press(c, "enter")
        await c.misses("48 more lines")
        await _press(c, "space")
        await c.sees("48 more lines")


async def test_control_f_searches_counts_and_moves(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        await _start(c)
        await _press(c, "ctrl+f")
        assert _bar(c).is_open
        await c.type_into_dialog("word")
        await c.sees("Find word", "1 of 2")
        await _press(c, "enter")
        await c.sees("2 of 2")
        await _press(c, "up")
        await c.sees("1 of 2")
        await _press(c, "down", "down")
        await c.sees("1 of 2")
        await _press(c, "shift+enter")
        await c.sees("2 of 2")
        await _press(c, "tab")
        await c.sees("n next match")
        await _press(c, "n")
        await c.sees("1 of 2")
        await _press(c, "N")
        await c.sees("2 of 2")
        await _press(c, "ctrl+f")
        await c.type_into_dialog("zzz")
        await c.sees("no match")
        await _press(c, "escape")
        assert not _bar(c).is_open
        assert c.app.focused is c.desk.prompt
        await _press(c, "n")
        assert c.desk.prompt.full_text == "n"


async def test_escape_leaves_the_search_where_the_view_is_and_stops_nothing(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        await _start(c, "\n\n".join(f"paragraph {n}" for n in range(60)))
        await c.enter("go on")
        await c.until(lambda: c.desk.live.is_streaming)
        await c.enter("/find paragraph 7")
        await c.until(lambda: c.desk.transcript.finder.total == 1)
        top = c.desk.transcript.view.top
        await _press(c, "escape")
        assert not _bar(c).is_open
        assert c.desk.transcript.view.top == top
        assert not c.desk.transcript.is_following
        assert c.desk.live.is_streaming
        await _press(c, "alt+up", "escape")
        assert c.desk.live.is_streaming
        await _press(c, "escape")
        await c.until(lambda: not c.desk.live.is_streaming)


async def test_whoever_sends_a_prompt_follows_its_answer(tmp_path: Path) -> None:
    async with chat(tmp_path, size=(60, 20)) as c:
        await _start(c, "\n\n".join(f"paragraph {n}" for n in range(60)))
        await _press(c, "ctrl+up", "escape")
        assert not c.desk.transcript.is_following
        await c.ask_held("and now", "An answer.")
        assert c.desk.transcript.is_following
        await c.sees("An answer.")


async def test_closing_the_search_at_the_end_follows_it_again(tmp_path: Path) -> None:
    async with chat(tmp_path, size=(60, 20)) as c:
        await _start(c, "\n\n".join(f"paragraph {n}" for n in range(60)))
        await _press(c, "ctrl+f", "up", "escape")
        assert c.desk.transcript.is_following


async def test_selecting_with_the_mouse_leaves_the_keys_to_the_prompt(tmp_path: Path, copied: list[str]) -> None:
    async with chat(tmp_path) as c:
        await _start(c)
        await c.type("draft")
        transcript = c.desk.transcript
        y = next(y for y in range(20) if "Then a word" in transcript.render_line(y).text)
        await c.pilot.click(transcript, offset=(10, y), times=2)
        assert transcript.selected_text == "word."[:4]
        assert c.app.focused is c.desk.prompt
        await _press(c, "ctrl+c")
        await c.until(lambda: copied)
        assert copied == ["word"]
        await c.type("s")
        assert c.desk.prompt.full_text == "drafts"


async def test_a_search_goes_back_to_where_it_came_from(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        await _start(c)
        await c.type("draft")
        await _press(c, "ctrl+f", "w")
        assert isinstance(c.app.focused, Input)
        await _press(c, "escape", "s")
        assert c.desk.prompt.full_text == "drafts"
        await _press(c, "alt+up", "ctrl+f", "escape")
        assert c.desk.transcript.has_focus
        assert c.desk.transcript.cursor.is_shown


async def test_the_mouse_goes_to_the_terminal_and_comes_back(tmp_path: Path) -> None:
    written: list[str] = []
    async with chat(tmp_path) as c:
        driver = c.app._driver
        assert driver is not None
        driver.write = written.append  # type: ignore[method-assign, assignment]  # keeps
        await _press(c, "f8")
        assert written == ["\x1b[?1000l\x1b[?1003l"]
        await c.until(lambda: any("the terminal's now" in notice for notice in c.notices))
        c.app.app_resume_signal.publish(c.app)
        assert written[1:] == written[:1]
        await c.enter("/mouse")
        await c.until(lambda: len(written) == 3)
        assert written[2] == "\x1b[?1000h\x1b[?1003h"
        c.app.app_resume_signal.publish(c.app)
        assert len(written) == 3
