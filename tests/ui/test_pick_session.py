"""The list of saved sessions."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.chat_stage import chat, read_toml
from tests.ui.saved_sessions import save_session

MARCH = "20260301-120000-aaaa"
MAY = "20260501-120000-bbbb"


@pytest.fixture
def two_sessions(tmp_path: Path) -> Path:
    save_session(tmp_path, MARCH, "What is a monad?", "A monoid.", title="Monads")
    save_session(tmp_path, MAY, "How do I cook soup?", "With water.", title="Soup")
    return tmp_path


async def test_typing_narrows_the_list_and_enter_opens(two_sessions: Path) -> None:
    async with chat(two_sessions, "-m", "held/one") as c:
        await c.press("ctrl+o")
        await c.sees("Monads", "Soup", "Sessions")
        await c.type_into_dialog("mona")
        await c.misses("Soup")
        await c.press("enter")
        await c.sees("A monoid.")
        assert c.desk.live.header.id == MARCH


async def test_what_was_said_is_found_below_the_titles_and_opens_where_it_was_said(two_sessions: Path) -> None:
    save_session(two_sessions, "20260601-120000-cccc", "Lunch?", "Water and soup, of course.", title="Lunch")
    async with chat(two_sessions, "-m", "held/one", size=(120, 30)) as c:
        await c.press("ctrl+o")
        await c.sees("Lunch", "Monads", "Soup")
        await c.type_into_dialog("soup")
        await c.sees("what was said", "Water and soup, of course.", "2 of 3")
        assert (
            c.text.index("Soup  How do I cook soup?") < c.text.index("what was said") < c.text.index("Water and soup")
        )
        await c.press("down")
        await c.sees("Lunch · held/one: Water and soup")
        await c.press("enter")
        await c.until(lambda: c.desk.live.header.id == "20260601-120000-cccc")
        await c.sees("Find soup", "1 of 1")


async def test_a_session_is_found_by_what_was_said_alone_and_by_nothing_else(two_sessions: Path) -> None:
    async with chat(two_sessions, "-m", "held/one") as c:
        await c.press("ctrl+o")
        await c.sees("Monads", "Soup")
        await c.type_into_dialog("monoid")
        await c.sees("what was said", "A monoid.", "1 of 2")
        await c.type_into_dialog("ic")
        await c.misses("A monoid.")
        await c.sees("nothing matches")
        await c.press("escape")
        await c.misses("Sessions ─")


async def test_a_session_can_be_named_instead(two_sessions: Path) -> None:
    async with chat(two_sessions, "-m", "held/one") as c:
        await c.enter("/sessions soup")
        await c.sees("With water.")
        await c.enter("/sessions nothing like it")
        await c.until(lambda: any("No session fits" in notice for notice in c.notices))


async def test_a_session_is_renamed_from_the_list(two_sessions: Path) -> None:
    async with chat(two_sessions, "-m", "held/one") as c:
        await c.press("ctrl+o")
        await c.sees("Monads")
        await c.type_into_dialog("mona")
        await c.press("ctrl+r")
        await c.sees("Rename this session")
        await c.press("ctrl+u")
        await c.type_into_dialog("Burritos")
        await c.press("enter")
        await c.sees("Burritos", "Soup")
        assert read_toml(two_sessions / "data" / "sessions" / f"{MARCH}.toml")["title"] == "Burritos"
        await c.press("escape")
        await c.enter("/sessions burritos")
        await c.sees("A monoid.")


async def test_the_open_session_is_renamed_from_the_list_too(two_sessions: Path) -> None:
    async with chat(two_sessions, "-r", "monads") as c:
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


async def test_esc_in_the_rename_changes_nothing(two_sessions: Path) -> None:
    async with chat(two_sessions, "-r", "monads") as c:
        await c.press("ctrl+o")
        await c.sees("Sessions")
        await c.press("ctrl+r")
        await c.sees("Rename this session")
        await c.type_into_dialog("x")
        await c.press("escape")
        await c.sees("Soup")
        assert c.saved["title"] == "Monads"


async def test_a_deleted_session_lies_in_the_trash(two_sessions: Path) -> None:
    async with chat(two_sessions, "-m", "held/one") as c:
        await c.press("ctrl+o")
        await c.sees("Monads")
        await c.type_into_dialog("soup")
        await c.press("ctrl+d")
        await c.until(lambda: (two_sessions / "data" / "trash" / f"{MAY}.toml").exists())
        await c.sees("Monads")
        await c.misses("How do I cook")
        assert [path.stem for path in c.session_files] == [MARCH]


async def test_the_open_session_is_not_deleted(two_sessions: Path) -> None:
    async with chat(two_sessions, "-r", "soup") as c:
        await c.press("ctrl+o")
        await c.sees("Sessions")
        await c.press("ctrl+d")
        await c.until(lambda: any("This session is open" in notice for notice in c.notices))
        assert len(c.session_files) == 2


async def test_a_session_open_elsewhere_is_neither_deleted_nor_renamed(two_sessions: Path) -> None:
    async with chat(two_sessions, "-r", "soup"), chat(two_sessions, "-m", "held/one") as c:
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
        assert read_toml(two_sessions / "data" / "sessions" / f"{MAY}.toml")["title"] == "Soup"


async def test_a_damaged_session_is_told_and_keeps_no_other_from_opening(two_sessions: Path) -> None:
    damaged = two_sessions / "data" / "sessions" / "20260401-120000-cccc.toml"
    damaged.write_bytes(b"format = 1\ntitle = \xff\xfe torn")
    async with chat(two_sessions, "-m", "held/one") as c:
        await c.press("ctrl+o")
        await c.sees("20260401-120000-cccc", "Monads")
        await c.type_into_dialog("cccc")
        await c.press("enter")
        await c.until(lambda: any("20260401-120000-cccc" in notice for notice in c.notices))
        await c.press("ctrl+o")
        await c.sees("Monads")
        await c.type_into_dialog("cccc")
        c.app.clear_notifications()
        await c.press("ctrl+r")
        await c.until(lambda: any("20260401-120000-cccc" in notice for notice in c.notices))
        await c.press("escape")
        await c.enter("/sessions monads")
        await c.sees("A monoid.")
    assert damaged.read_bytes() == b"format = 1\ntitle = \xff\xfe torn"


async def test_opening_the_session_on_screen_changes_nothing(two_sessions: Path) -> None:
    async with chat(two_sessions, "-r", "soup") as c:
        live = c.desk.live
        await c.enter("/sessions soup")
        await c.pilot.pause()
        assert c.desk.live is live


async def test_letters_typed_faster_than_the_list_follows_count_for_enter(two_sessions: Path) -> None:
    async with chat(two_sessions, "-m", "held/one") as c:
        await c.press("ctrl+o")
        await c.sees("Monads", "Soup")
        await c.press(*"monad", "enter")
        await c.sees("A monoid.")


async def test_a_folder_that_cannot_be_listed_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "sessions").write_text("in the way")
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.press("ctrl+o")
        await c.until(lambda: any("sessions" in notice for notice in c.notices))
        assert c.app.is_running


async def test_what_was_deleted_comes_back_from_the_trash(two_sessions: Path) -> None:
    async with chat(two_sessions, "-m", "held/one") as c:
        await c.press("ctrl+o")
        await c.sees("Monads")
        await c.type_into_dialog("soup")
        await c.press("ctrl+d")
        await c.until(lambda: (two_sessions / "data" / "trash" / f"{MAY}.toml").exists())
        await c.press("escape")
        await c.enter("/trash")
        await c.sees("Trash", "Soup")
        await c.press("enter")
        await c.sees("With water.")
        assert not (two_sessions / "data" / "trash" / f"{MAY}.toml").exists()


async def test_what_has_a_namesake_stays_in_the_trash_and_that_is_told(two_sessions: Path) -> None:
    (two_sessions / "data" / "trash").mkdir()
    (two_sessions / "data" / "trash" / f"{MAY}.toml").write_bytes(
        (two_sessions / "data" / "sessions" / f"{MAY}.toml").read_bytes()
    )
    async with chat(two_sessions, "-m", "held/one") as c:
        await c.enter("/trash")
        await c.sees("Trash", "Soup")
        await c.press("enter")
        await c.until(lambda: any("already" in notice for notice in c.notices))
        await c.enter("/trash empty")
        await c.sees("Empty the trash?")
        await c.press("n")
        await c.misses("Empty the trash?")
        assert (two_sessions / "data" / "trash" / f"{MAY}.toml").exists()
        await c.enter("/trash empty")
        await c.sees("Empty the trash?")
        await c.press("y")
        await c.until(lambda: any("1 file removed" in notice for notice in c.notices))
        assert not (two_sessions / "data" / "trash" / f"{MAY}.toml").exists()


async def test_a_trash_that_cannot_be_listed_is_told(two_sessions: Path) -> None:
    (two_sessions / "data" / "trash").write_text("in the way")
    async with chat(two_sessions, "-m", "held/one") as c:
        await c.enter("/trash")
        await c.until(lambda: any("trash" in notice for notice in c.notices))
        await c.enter("/trash empty")
        await c.sees("Empty the trash?")
        c.app.clear_notifications()
        await c.press("y")
        await c.until(lambda: any("trash" in notice for notice in c.notices))
