"""The list of saved sessions."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.chat_stage import chat, read_toml
from tests.ui.saved_sessions import save_session

MARCH = "20260301-120000-aaaa"
MAY = "20260501-120000-bbbb"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    save_session(tmp_path, MARCH, "What is a monad?", "A monoid.", title="Monads")
    save_session(tmp_path, MAY, "How do I cook soup?", "With water.", title="Soup")
    return tmp_path


async def test_typing_narrows_the_list_and_enter_opens(home: Path) -> None:
    async with chat(home, "-m", "held/one") as c:
        await c.press("ctrl+o")
        await c.sees("Monads", "Soup", "Sessions")
        await c.type_into_dialog("mona")
        await c.misses("Soup")
        await c.press("enter")
        await c.sees("A monoid.")
        assert c.desk.live.header.id == MARCH


async def test_a_session_can_be_named_instead(home: Path) -> None:
    async with chat(home, "-m", "held/one") as c:
        await c.enter("/sessions soup")
        await c.sees("With water.")
        await c.enter("/sessions nothing like it")
        await c.until(lambda: any("No session fits" in notice for notice in c.notices))


async def test_a_session_is_renamed_from_the_list(home: Path) -> None:
    async with chat(home, "-m", "held/one") as c:
        await c.press("ctrl+o")
        await c.sees("Monads")
        await c.type_into_dialog("mona")
        await c.press("ctrl+r")
        await c.sees("Rename this session")
        await c.press("ctrl+u")
        await c.type_into_dialog("Burritos")
        await c.press("enter")
        await c.sees("Burritos", "Soup")
        assert read_toml(home / "data" / "sessions" / f"{MARCH}.toml")["title"] == "Burritos"
        await c.press("escape")
        await c.enter("/sessions burritos")
        await c.sees("A monoid.")


async def test_the_open_session_is_renamed_from_the_list_too(home: Path) -> None:
    async with chat(home, "-r", "monads") as c:
        await c.press("ctrl+o")
        await c.sees("Sessions")
        await c.press("ctrl+r")
        await c.sees("Rename this session")
        await c.type_into_dialog(" and more")
        await c.press("enter")
        await c.until(lambda: c.saved["title"] == "Monads and more")
        await c.press("escape")
        await c.misses("Sessions ─")
        await c.sees("Monads and more")


async def test_esc_in_the_rename_changes_nothing(home: Path) -> None:
    async with chat(home, "-r", "monads") as c:
        await c.press("ctrl+o")
        await c.sees("Sessions")
        await c.press("ctrl+r")
        await c.sees("Rename this session")
        await c.type_into_dialog("x")
        await c.press("escape")
        await c.sees("Soup")
        assert c.saved["title"] == "Monads"


async def test_a_deleted_session_lies_in_the_trash(home: Path) -> None:
    async with chat(home, "-m", "held/one") as c:
        await c.press("ctrl+o")
        await c.sees("Monads")
        await c.type_into_dialog("soup")
        await c.press("ctrl+d")
        await c.until(lambda: (home / "data" / "trash" / f"{MAY}.toml").exists())
        await c.sees("Monads")
        await c.misses("How do I cook")
        assert [path.stem for path in c.session_files] == [MARCH]


async def test_the_open_session_is_not_deleted(home: Path) -> None:
    async with chat(home, "-r", "soup") as c:
        await c.press("ctrl+o")
        await c.sees("Sessions")
        await c.press("ctrl+d")
        await c.until(lambda: any("This session is open" in notice for notice in c.notices))
        assert len(c.session_files) == 2


async def test_a_session_open_elsewhere_is_neither_deleted_nor_renamed(home: Path) -> None:
    async with chat(home, "-r", "soup"), chat(home, "-m", "held/one") as c:
        await c.press("ctrl+o")
        await c.sees("Soup")
        await c.type_into_dialog("soup")
        await c.press("ctrl+d")
        await c.until(lambda: any("Another chatui has this session open" in notice for notice in c.notices))
        await c.sees("Soup")
        await c.type_into_dialog("soup")
        await c.press("ctrl+r")
        await c.sees("Rename this session")
        await c.type_into_dialog("x")
        await c.press("enter")
        await c.until(lambda: len(c.notices) >= 2)
        assert read_toml(home / "data" / "sessions" / f"{MAY}.toml")["title"] == "Soup"


async def test_a_damaged_session_is_told_and_keeps_no_other_from_opening(home: Path) -> None:
    damaged = home / "data" / "sessions" / "20260401-120000-cccc.toml"
    damaged.write_bytes(b"format = 1\ntitle = \xff\xfe torn")
    async with chat(home, "-m", "held/one") as c:
        await c.press("ctrl+o")
        await c.sees("20260401-120000-cccc", "Monads")
        await c.type_into_dialog("cccc")
        await c.press("enter")
        await c.until(lambda: any("20260401-120000-cccc" in notice for notice in c.notices))
        await c.press("ctrl+o")
        await c.sees("Monads")
        await c.type_into_dialog("cccc")
        await c.press("ctrl+r")
        await c.until(lambda: len(c.notices) >= 2)
        await c.press("escape")
        await c.enter("/sessions monads")
        await c.sees("A monoid.")
    assert damaged.read_bytes() == b"format = 1\ntitle = \xff\xfe torn"


async def test_opening_the_session_on_screen_changes_nothing(home: Path) -> None:
    async with chat(home, "-r", "soup") as c:
        live = c.desk.live
        await c.enter("/sessions soup")
        await c.pilot.pause()
        assert c.desk.live is live


async def test_letters_typed_faster_than_the_list_follows_count_for_enter(home: Path) -> None:
    async with chat(home, "-m", "held/one") as c:
        await c.press("ctrl+o")
        await c.sees("Monads", "Soup")
        await c.press(*"monad", "enter")
        await c.sees("A monoid.")
