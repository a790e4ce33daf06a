"""The chat screen: commands typed and chosen, keys remapped, sidebar and status line, small terminals."""

from __future__ import annotations

from pathlib import Path

from tests.ui.chat_stage import chat
from tests.ui.saved_sessions import save_session


def _set_keys(home: Path, *lines: str) -> None:
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text("\n".join(["[keys]", *lines]))


async def test_a_command_that_is_not_there_keeps_the_text(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.enter("/frobnicate now")
        await c.until(lambda: any("There is no command /frobnicate" in notice for notice in c.notices))
        assert c.desk.prompt.text == "/frobnicate now"
        assert not c.held.requests


async def test_a_path_is_no_command_and_is_sent(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.enter("/usr/bin is what?")
        await c.until(lambda: c.held.requests)
        assert c.held.requests[0].turns[-1].text == "/usr/bin is what?"


async def test_a_slash_offers_commands_and_tab_completes_one(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        await c.type("/re")
        await c.sees("/retry", "/rename")
        await c.press("down")
        await c.press("tab")
        assert c.desk.prompt.text in ("/rename ", "/retry", "/reasoning")
        await c.misses("Ask the last prompt again")


async def test_enter_in_the_list_runs_a_command_that_needs_nothing_more(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        await c.type("/sta")
        await c.sees("/stats")
        await c.press("enter")
        await c.sees("state ready")
        assert c.desk.prompt.text == ""


async def test_enter_in_the_list_waits_for_an_argument(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        await c.type("/renam")
        await c.sees("Give this session a title")
        await c.press("enter")
        await c.until(lambda: c.desk.prompt.text == "/rename ")


async def test_esc_closes_the_list_and_the_text_stays(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        await c.type("/sta")
        await c.sees("Write all figures")
        await c.press("escape")
        await c.misses("Write all figures")
        assert c.desk.prompt.text == "/sta"


async def test_a_key_can_be_moved_and_the_old_one_means_nothing_then(tmp_path: Path) -> None:
    _set_keys(tmp_path, '"session.list" = "F9"', '"session.rename" = "f12, alt+r"')
    async with chat(tmp_path, size=(120, 30)) as c:
        await c.sees("F9 sessions")
        await c.press("ctrl+o")
        assert len(c.app.screen_stack) == 1
        await c.press("f9")
        await c.sees("no saved session yet")
        await c.press("escape")
        await c.press("f12")
        await c.sees("Rename this session")
        await c.press("escape")
        await c.press("alt+r")
        await c.sees("Rename this session")


async def test_wrong_keys_are_told_and_the_defaults_stay(tmp_path: Path) -> None:
    _set_keys(tmp_path, '"session.list" = "ctl+q"', '"no.such" = "f9"')
    async with chat(tmp_path, size=(80, 24)) as c:
        await c.reads("“ctl+q” for session.list is no key")
        await c.reads("“no.such”, which is no command")
        await c.press("ctrl+o")
        await c.sees("no saved session yet")


async def test_help_shows_the_keys_that_hold(tmp_path: Path) -> None:
    _set_keys(tmp_path, '"session.list" = "f9"')
    async with chat(tmp_path, size=(110, 50)) as c:
        await c.press("f1")
        await c.type_into_dialog("saved session")
        await c.sees("/sessions", "F9")
        await c.press(*["backspace"] * 13)
        await c.press("end")
        await c.sees("Ctrl+Q", "/demo [WHAT]")
        await c.press("escape")
        await c.misses("/demo [WHAT]")
        await c.enter("/help")
        await c.sees("/stop")


async def test_a_narrow_terminal_has_one_line_in_place_of_the_sidebar(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one", size=(100, 30)) as c:
        await c.sees("Context ───")
        await c.pilot.resize_terminal(89, 30)
        await c.misses("Context ───")
        await c.ask_held("Hello", "Hi.")
        await c.sees("ready", "first token")
        await c.pilot.resize_terminal(90, 30)
        await c.sees("Context ───")


async def test_ctrl_b_hides_the_sidebar_and_that_is_remembered(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        await c.sees("Context ───")
        await c.press("ctrl+b")
        await c.misses("Context ───")
        await c.until(lambda: c.state["sidebar"] is False)
    async with chat(tmp_path) as c:
        await c.sees("Message demo/guide")
        assert "Context ───" not in c.text
        await c.press("ctrl+b")
        await c.sees("Context ───")


async def test_a_terminal_of_40_by_10_can_be_used(tmp_path: Path) -> None:
    save_session(tmp_path, "20261101-120000-aaaa", "An older question", "An older answer")
    async with chat(tmp_path, "-m", "held/one", size=(40, 10)) as c:
        await c.ask_held("A question that is longer than one row of it", "An answer with *words* of its own")
        await c.sees("An answer with words of its own", "❯ Message held/one")
        for key, seen in (("f1", "Help"), ("ctrl+t", "Model of the next reply"), ("ctrl+o", "An older question")):
            await c.press(key)
            await c.sees(seen)
            await c.press("escape")
            await c.sees("❯ Message held/one")


async def test_a_click_in_the_footer_runs_its_command(tmp_path: Path) -> None:
    async with chat(tmp_path, size=(120, 30)) as c:
        await c.sees("Ctrl+O sessions")
        row = c.text.splitlines()[-1]
        await c.pilot.click(offset=(row.index("Ctrl+O") + 2, 29))
        await c.sees("no saved session yet")


async def test_nothing_of_a_reply_reaches_the_terminal_as_a_control_or_as_markup(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one", size=(80, 24)) as c:
        await c.ask_held(
            "[b]Paint[/b] it", "[red]red[/red] [@click=app.quit]x[/] \x1b[31mcolour\x1b", "]0;title\x07 \u202eevil"
        )
        await c.sees("[red]red[/red] [@click=app.quit]x[/]", "␛[31mcolour␛]0;title␇", "<202E>evil", "[b]Paint[/b] it")
        strips = c.app.screen._compositor.render_strips()
        assert not any("\x1b" in segment.text for strip in strips for segment in strip)
        assert c.saved["messages"][1]["text"].endswith("\x1b]0;title\x07 \u202eevil")


async def test_notices_take_no_markup_and_no_controls(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        c.desk.tell("[b]bold[/b] \x1b[31m")
        await c.sees("[b]bold[/b] ␛[31m")
