"""Code of a reply becomes a file, or opens in an editor: names, paths, what exists, what fails."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from chatui.ui.code_files import name_file
from chatui.ui.external_editor import find_editor
from tests.ui.chat_stage import chat
from tests.ui.lent_terminal import lend, set_editor
from tests.ui.reading_stage import block_of, press, start_reading


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("python", "code-1.py"),
        ("py", "code-1.py"),
        ("rust", "code-1.rs"),
        ("c++", "code-1.cpp"),
        ("sh", "code-1.sh"),
        ("yaml", "code-1.yaml"),
        ("", "code-1.txt"),
        ("no-such-language", "code-1.txt"),
        ("../../etc/passwd", "code-1.txt"),
    ],
)
def test_a_file_is_named_after_its_language(language: str, name: str) -> None:
    assert name_file(language, 1) == name


def test_the_visual_editor_comes_before_the_other_one() -> None:
    assert find_editor({"VISUAL": "code --wait", "EDITOR": "ed"}) == ["code", "--wait"]
    assert find_editor({"VISUAL": " ", "EDITOR": "'my editor' -x"}) == ["my editor", "-x"]
    assert find_editor({"EDITOR": "it's"}) == ["it's"]


def test_without_a_choice_it_is_vi_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    assert find_editor({}) == ["vi"]
    monkeypatch.setattr("shutil.which", lambda name: None)
    assert find_editor({}) is None


async def test_code_is_written_to_a_file_and_nothing_is_overwritten_unasked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with chat(tmp_path) as c:
        await start_reading(c)
        await press(c, "alt+up", "w")
        await c.sees("Which code block? Type its number, 1 to 2.")
        await press(c, "1")
        await c.sees("Write code 1 to a file", "code-1.py")
        await press(c, "enter")
        await c.sees("Wrote 1 line to code-1.py")
        file = tmp_path / "code-1.py"
        assert file.read_text() == "x = 1\n"
        file.write_text("mine")
        await press(c, "w", "1")
        await c.sees("Write code 1 to a file")
        await press(c, "enter")
        await c.sees("Replace this file?")
        await press(c, "n")
        await c.sees("Not written.")
        assert file.read_text() == "mine"
        await press(c, "w", "1")
        await c.sees("Write code 1 to a file")
        await press(c, "enter")
        await c.sees("Replace this file?")
        await press(c, "y")
        await c.until(lambda: file.read_text() == "x = 1\n")
        await press(c, "w", "2")
        await c.sees("code-2.sh")
        await press(c, "escape")
        await c.misses("Write code 2")
        assert not (tmp_path / "code-2.sh").exists()


async def test_enter_writes_the_code_that_the_cursor_is_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with chat(tmp_path) as c:
        await start_reading(c)
        await press(c, "alt+up", "k", "w")
        await c.sees("Enter for this one")
        await press(c, "enter")
        await c.sees("Write code 2 to a file")
        await press(c, "escape")
        await c.misses("Write code 2")
        await press(c, "w", "escape", "1")
        assert block_of(c).source == "x = 1\n"


async def test_a_path_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    async with chat(tmp_path) as c:
        await start_reading(c, "```\nx\n```\n")
        await press(c, "alt+up")
        for path, told in (("no/such/folder.txt", "No such file"), ("folder", "Is a directory"), ("~nobdy/x", "home")):
            await press(c, "w")
            await c.sees("Write code 1 to a file", "code-1.txt")
            await press(c, "ctrl+u")
            await c.type_into_dialog(path)
            await press(c, "enter")
            if path == "folder":
                await c.sees("Replace this file?")
                await press(c, "y")
            await c.until(lambda told=told: any(told in notice for notice in c.notices), told)  # type: ignore[misc]  # bound early


async def test_code_opens_in_the_editor_and_a_change_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = tmp_path / "seen"
    set_editor(tmp_path, monkeypatch, f'stat -c "%a" "$2" > {seen}; cat "$2" >> {seen}; echo changed >> "$2"')
    async with chat(tmp_path) as c:
        lend(c, monkeypatch)
        await start_reading(c)
        await press(c, "alt+up", "o", "1")
        await c.until(lambda: any("What you changed is in" in notice for notice in c.notices))
        assert seen.read_text() == "600\nx = 1\n"
        kept = next(tmp_path.glob("chatui-code-1-*.py"))
        assert kept.read_text() == "x = 1\nchanged\n"
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600


async def test_an_editor_that_is_not_there_and_a_terminal_that_cannot_be_lent_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", "/no/such/editor")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    async with chat(tmp_path) as c:
        await start_reading(c, "```\nx\n```\n")
        await press(c, "alt+up", "o")
        await c.until(lambda: any("This terminal cannot be lent" in notice for notice in c.notices))
        lend(c, monkeypatch)
        await press(c, "o")
        await c.until(lambda: any("“/no/such/editor” could not be started" in notice for notice in c.notices))
        monkeypatch.delenv("VISUAL")
        monkeypatch.delenv("EDITOR", raising=False)
        monkeypatch.setattr("shutil.which", lambda name: None)
        await press(c, "o")
        await c.until(lambda: any("There is no editor" in notice for notice in c.notices))
        assert not list(tmp_path.glob("chatui-code*"))
