"""Hostile text in every place of the whole app: nothing of it reaches the terminal as a control, none is markup."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from textual import events

from chatui.conversation.events import ReasoningDelta
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Message, Part, Role, Status
from chatui.conversation.word_diff import diff_words
from chatui.ui.screens.ask_text import AskText
from chatui.ui.screens.compare import CompareScreen
from chatui.ui.screens.confirm import Confirm
from chatui.ui.screens.diff import DiffScreen
from chatui.ui.screens.help import HelpScreen
from chatui.ui.screens.help_lines import HelpSection
from chatui.ui.screens.picker import Picker
from chatui.ui.screens.rows import PickerRow
from chatui.ui.widgets.completion import CompletionPopup, CompletionRow
from chatui.ui.widgets.footer import FooterLine
from chatui.ui.widgets.header import HeaderLine
from chatui.ui.widgets.status_line import StatusLine
from tests.ui.chat_stage import Chat, chat
from tests.ui.gated import GatedProvider
from tests.ui.held import HeldProvider
from tests.ui.hostile_stage import HOSTILE, PLAIN_MARKUP, SENT, Watch
from tests.ui.saved_sessions import NOON, save_session
from tests.ui.transcript.test_odd_text import CONTROL

SIZES = [(60, 20), (120, 40)]
MODEL = HOSTILE.replace("\ud800", "")
"""What cannot be encoded is in no file, and so no server's or file's name."""
REPLY = (
    f"{HOSTILE}\n\n```{HOSTILE}\n{HOSTILE}\n```\n\n[{HOSTILE}](http://x.org/{HOSTILE})\n\n<div>{HOSTILE}\n\n"
    f"# {HOSTILE}\n\n| {HOSTILE} |\n|---|\n| {HOSTILE} |\n\n> - [ ] {HOSTILE}\n\n"
    "[a\x9b7\u202e]: http://x.org/\x9b7\u202e\n\n[a\x9b7\u202e] http://x.org/\x9b7 <http://x.org/\u202ex>"
)
OLD = "20261101-120000-aaaa"


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    return Watch(monkeypatch)


async def paste(c: Chat, watch: Watch, text: str = HOSTILE) -> None:
    c.app.post_message(events.Paste(text))
    await c.pilot.pause()
    watch.check(c)


async def press(c: Chat, watch: Watch, *keys: str) -> None:
    for key in keys:
        await c.press(key)
        watch.check(c)


def test_the_watch_sees_what_it_watches_for() -> None:
    sent = SENT.sub(
        "", "\x1b[1;2H\x1b[38;2;1;2;3mtext\x1b[0m\x1b]8;id=1;http://a.b/c\x1b\\link\x1b]8;;\x1b\\\x1b[?2026h"
    )
    assert sent == "textlink"
    for bad in ("\x1b[7777z", "\x1b]0;t\x07", "\x1b]8;;http://a\x1b[b\x1b\\", "\x9b2J", "\x1bPq\x1b\\", "\u202e"):
        assert CONTROL.search(SENT.sub("", bad))


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_said_thought_failed_queued_and_noted(
    tmp_path: Path, size: tuple[int, int], watch: Watch
) -> None:
    async with chat(tmp_path, "-m", "held/one", size=size) as c:
        c.held.give(ReasoningDelta(HOSTILE))
        await c.ask_held("hello", REPLY)
        await c.sees(PLAIN_MARKUP)
        watch.check(c)
        await press(c, watch, "f3")
        c.held.fail(FailureKind.BAD_REQUEST, HOSTILE, 400, HOSTILE)
        await c.ask("and now")
        watch.check(c)
        c.held.fail(FailureKind.OVERLOADED, HOSTILE, 503)
        c.held.say(HOSTILE)
        await c.enter("wait")
        await paste(c, watch, f"{HOSTILE} queued")
        await press(c, watch, "enter")
        c.held.fail(FailureKind.NETWORK, HOSTILE)
        c.held.fail(FailureKind.NETWORK, HOSTILE)
        await c.until(lambda: not c.desk.runner.is_running)
        watch.check(c)
        await c.desk.live.rename(HOSTILE)
        c.desk.changed()
        c.desk.tell(HOSTILE)
        c.desk.tell(HOSTILE, "error")
        c.desk.note(HOSTILE, HOSTILE)
        await c.sees("␛[7777zred")
        await paste(c, watch)
        await press(c, watch, "alt+up", "k", "k", "y", "f", "v", "k", "escape", "ctrl+f")
        await paste(c, watch)
        await press(c, watch, "escape", "escape")


@pytest.mark.parametrize("size", SIZES)
async def test_what_a_model_is_called(tmp_path: Path, size: tuple[int, int], watch: Watch) -> None:
    held = HeldProvider(models=(MODEL, "two"))
    async with chat(tmp_path, "-m", f"held/{MODEL}", size=size, held=held) as c:
        await c.sees("Message held/␛[7777z")
        watch.check(c)
        await press(c, watch, "ctrl+t")
        await c.sees("two")
        await c.type_into_dialog("777")
        watch.check(c)
        await press(c, watch, "enter")
        await c.until(lambda: c.desk.live.model == f"held/{MODEL}")
        await c.ask_held("hello", "answer")
        await c.sees("answer")
        await press(c, watch, "f2")
        await c.enter("/model held/two")
        await c.ask_held("hello", "answer")
        await press(c, watch, "f1", "escape", "ctrl+p", "escape")
        await c.enter("/stats")
        watch.check(c)
        await c.enter(f"/model {PLAIN_MARKUP}[@click=app.quit]")
        await c.pilot.pause()
        watch.check(c)


@pytest.mark.parametrize("size", SIZES)
async def test_what_a_session_is_called_and_holds(tmp_path: Path, size: tuple[int, int], watch: Watch) -> None:
    save_session(tmp_path, OLD, MODEL, f"{MODEL} said", title=MODEL, model=f"held/{MODEL}", tags=(MODEL,))
    save_session(tmp_path, "20261102-120000-bbbb", "Other", "words", title="Other")
    folder = tmp_path / "data" / "sessions"
    (folder / "20261103-120000-cccc.toml").write_text(f"format = 1\ntitle = {json.dumps(MODEL)}\nbroken = {MODEL!r}")
    (folder / "20261104 \x1b[7777z [b]x.toml").write_text("not toml \x1b[7777z")
    async with chat(tmp_path, "--session", OLD, size=size) as c:
        await c.sees(PLAIN_MARKUP)
        watch.check(c)
        await press(c, watch, "ctrl+o")
        await c.sees("Sessions")
        await press(c, watch, "down", "down", "up", "up", "up")
        await c.type_into_dialog("red")
        watch.check(c)
        await press(c, watch, "ctrl+r")
        await c.sees("Rename")
        await press(c, watch, "escape", "ctrl+d", "escape", "escape", "ctrl+o")
        await c.sees("Sessions")
        await paste(c, watch)
        await press(c, watch, "escape")
        await c.until(lambda: c.app.screen is c.app.screen_stack[0])
        await c.enter("/rename")
        await c.sees("Rename")
        await press(c, watch, "escape")
        await c.enter(f"/sessions {PLAIN_MARKUP} [@click=app.quit]no[/]")
        await c.pilot.pause()
        watch.check(c)
        await press(c, watch, "escape", "ctrl+up", "e", "escape")


async def test_what_a_continued_reply_and_its_seam_say(tmp_path: Path, watch: Watch) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        cut = Message(
            "m2",
            Role.ASSISTANT,
            HOSTILE,
            NOON,
            "m1",
            Status.INTERRUPTED,
            model=f"held/{HOSTILE}",
            finish_reason=HOSTILE,
            failure=Failure(FailureKind.NETWORK, HOSTILE, advice=HOSTILE),
            reasoning=HOSTILE,
            parts=(
                Part(0, f"held/{HOSTILE}", NOON, Status.INTERRUPTED, failure=Failure(FailureKind.NETWORK, HOSTILE)),
                Part(9, f"held/{HOSTILE} two", NOON + timedelta(minutes=5), Status.INTERRUPTED),
            ),
        )
        c.desk.transcript.show([Message("m1", Role.USER, HOSTILE, NOON), cut])
        await c.pilot.pause()
        await c.sees("interrupted", "continued by ␛[7777z")
        watch.check(c)


async def test_what_models_say_side_by_side(tmp_path: Path, watch: Watch) -> None:
    gated = GatedProvider()
    async with chat(tmp_path, size=(120, 40)) as c:
        c.desk.services.roster.offer(gated)
        await c.enter("/compare gated/a gated/b Why [b]bold[/nothing] [@click=app.quit]x[/]?")
        await c.until(lambda: isinstance(c.app.screen, CompareScreen) and len(gated.models) > 1)
        gated.say("a", HOSTILE)
        gated.say("b", f"other {HOSTILE}")
        gated.fail("b", Failure(FailureKind.SERVER, HOSTILE, 500, HOSTILE))
        gated.end("a")
        await c.sees("Esc leave", PLAIN_MARKUP)
        watch.check(c)
        await press(c, watch, "1")
        await press(c, watch, "alt+left")
        await c.enter("/diff")
        await c.pilot.pause()
        watch.check(c)
        await press(c, watch, "escape")


async def test_every_dialog_shows_what_it_is_given(tmp_path: Path, watch: Watch) -> None:
    row = PickerRow("key", (HOSTILE, HOSTILE), HOSTILE, "★", HOSTILE, "", HOSTILE, HOSTILE)
    async with chat(tmp_path, size=(120, 40)) as c:
        for screen in (
            Confirm(HOSTILE, HOSTILE, title=HOSTILE),
            AskText(HOSTILE, HOSTILE, explanation=HOSTILE, placeholder=HOSTILE, check=lambda text: HOSTILE),
            AskText(
                HOSTILE, "", explanation=HOSTILE, placeholder=HOSTILE, is_multi_line=True, submit_label="\x9b7\u202e"
            ),
            Picker(HOSTILE, [row, replace(row, key="b", problem=HOSTILE)], headings=(HOSTILE,), status=HOSTILE),
            Picker(HOSTILE, query=HOSTILE, placeholder=HOSTILE, empty=HOSTILE, typed_label="use"),
            HelpScreen([HelpSection(HOSTILE, [(HOSTILE, HOSTILE, HOSTILE)] * 3)], title=HOSTILE, query="red"),
            DiffScreen(HOSTILE, HOSTILE, diff_words(f"{HOSTILE} a", f"{HOSTILE} b")),
            CompareScreen(c.desk.live, ("demo/guide", "demo/echo"), HOSTILE, c.desk.tell),
        ):
            watch.written.clear()
            c.app.push_screen(screen)
            await c.pilot.pause()
            watch.check(c)
            await press(c, watch, "enter", "down")
            assert "␛[7777z" in c.text or "␛[7777z" in "".join(watch.written), screen
            await c.press("escape", "escape")
            if c.app.screen is screen:
                await c.app.pop_screen()
            await c.pilot.pause()


async def test_every_bar_shows_what_it_is_given(tmp_path: Path, watch: Watch) -> None:
    async with chat(tmp_path, size=(60, 20)) as c:
        front = c.app.screen
        front.query_one(FooterLine).show([(HOSTILE, HOSTILE)])
        front.query_one(HeaderLine).show(HOSTILE, HOSTILE, "ready")
        front.query_one(StatusLine).show([(HOSTILE, 1)])
        await c.pilot.pause()
        watch.check(c)
        popup = front.query_one(CompletionPopup)
        popup.open([CompletionRow(HOSTILE, HOSTILE, HOSTILE)])
        await c.pilot.pause()
        watch.check(c)
        c.desk.transcript.set_welcome([HOSTILE, HOSTILE])
        c.desk.transcript.show([])
        await c.pilot.pause()
        watch.check(c)


async def test_what_is_typed_into_lists_and_dialogs(tmp_path: Path, watch: Watch) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "prompts").write_text(f"{json.dumps(HOSTILE)}\n{json.dumps('[b]x[/nothing]')}\n")
    async with chat(tmp_path, "-m", "held/one", "--system", HOSTILE) as c:
        for key in ("f1", "ctrl+p", "ctrl+o", "ctrl+t", "f6", "ctrl+r"):
            await press(c, watch, key)
            await paste(c, watch)
            await press(c, watch, "escape")
        await c.until(lambda: len(c.desk.services.memory.prompts) == 2)
        await press(c, watch, "ctrl+r", "up", "enter")
        for command in ("/system", "/params", "/theme", "/trash", "/key", "/edit"):
            await press(c, watch, "ctrl+u")
            c.desk.prompt.load_text("")
            await c.enter(command)
            watch.check(c)
            await paste(c, watch)
            await press(c, watch, "escape")
        c.desk.prompt.load_text("")
        await c.type("/mo")
        watch.check(c)
        await c.type("del [b]")
        watch.check(c)


async def test_what_a_configuration_and_a_theme_say(tmp_path: Path, watch: Watch) -> None:
    themes = tmp_path / "config" / "themes"
    themes.mkdir(parents=True)
    name = json.dumps("[b]bold[/nothing] \u202e\x1b[7777z")
    (themes / "bad.toml").write_text(f"name = {name}\ndark = true\n[colors]\nprimary = {name}\n")
    (themes / "\x1b[7777z[b].toml").write_text("nonsense \x1b")
    (tmp_path / "config" / "config.toml").write_text(
        f"{name} = 1\nmodel = {name}\ntheme = {name}\nsystem = {name}\n[keys]\n{name} = {name}\n"
        f"[providers.{name}]\nbase_url = {name}\n"
    )
    async with chat(tmp_path, size=(120, 40)) as c:
        await c.pilot.pause()
        watch.check(c)
        await c.enter("/theme")
        watch.check(c)
        await press(c, watch, "down", "escape", "f1", "escape", "ctrl+t", "escape")
