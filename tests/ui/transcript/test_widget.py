"""The transcript on a screen: following, keys, the mark, deltas, themes, tiny sizes, and nothing that ticks."""

from __future__ import annotations

import asyncio

from chatui.conversation.events import (
    Added,
    Alive,
    Finished,
    Loaded,
    ReasoningDelta,
    Retrying,
    TextDelta,
)
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Status
from chatui.ui.transcript.note import Note
from tests.ui.transcript.stage import Stage, prompt, reply, rows, shown, started, stored, turns


async def test_a_conversation_opens_at_its_end() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        app.transcript.show(turns(100))
        await pilot.pause()
        assert rows(app.transcript)[-2:] == ["  answer 99", ""]
        assert app.transcript.is_following


async def test_what_is_shown_before_the_first_layout_is_there_after_it() -> None:
    app = Stage()
    app.transcript.set_welcome(["hello"])
    app.transcript.show(turns(3))
    app.transcript.add(Note("a note"))
    app.transcript.queue(["waiting"])
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "a note" in shown(app.transcript)
        assert "waiting" in shown(app.transcript)


async def test_keys_scroll_and_end_follows_again() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        app.transcript.show(turns(100))
        app.transcript.focus()
        await pilot.press("up")
        assert not app.transcript.is_following
        last = rows(app.transcript)
        await pilot.press("pageup")
        assert rows(app.transcript)[-2:] == last[:2]
        await pilot.press("pagedown")
        assert rows(app.transcript) == last
        await pilot.press("home")
        assert rows(app.transcript)[0] == "▌ question 0"
        await pilot.press("down")
        assert rows(app.transcript)[1] == "  guide  demo"
        await pilot.press("end")
        assert app.transcript.is_following
        assert rows(app.transcript)[-2] == "  answer 99"
        assert app.follow_changes[0] == (False, 0)
        assert app.follow_changes[-1] == (True, 0)


async def test_a_stream_is_followed_at_the_end_and_announced_elsewhere() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        app.transcript.show(turns(20))
        app.transcript.apply(Added(prompt(20, "go on")))
        app.transcript.apply(started(21))
        for n in range(60):
            app.transcript.apply(TextDelta(f"line {n}\n\n"))
        app.transcript.flush()
        await pilot.pause()
        assert "line 59" in shown(app.transcript)
        app.transcript.focus()
        await pilot.press("pageup")
        before = rows(app.transcript)
        app.transcript.apply(TextDelta("one more\n\nand another\n\n"))
        app.transcript.flush()
        await pilot.pause()
        assert rows(app.transcript)[:-1] == before[:-1]
        assert rows(app.transcript)[-1].endswith("↓ 4 new lines")
        assert app.follow_changes[-1] == (False, 4)
        app.transcript.apply(Finished(reply(21, "whole")))
        app.transcript.scroll_to_end()
        await pilot.pause()
        assert "new lines" not in shown(app.transcript)


async def test_every_event_finds_its_place() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        transcript = app.transcript
        for stray in (TextDelta("x"), ReasoningDelta("x"), Retrying(Failure(FailureKind.SERVER, ""), 1, 3, 1), Alive()):
            transcript.apply(stray)
        transcript.apply(Loaded(stored([prompt(0)])))
        transcript.apply(started(1))
        transcript.apply(Retrying(Failure(FailureKind.RATE_LIMIT, "", 429), 1, 3, 8))
        assert "429 rate limited · retry 1/3 in 8 s" in shown(transcript)
        transcript.apply(ReasoningDelta("hm"))
        transcript.flush()
        assert "▾ Thinking…" in shown(transcript)
        transcript.apply(TextDelta("text"))
        transcript.apply(Finished(reply(1, "text", reasoning="hm", status=Status.CANCELLED)))
        await pilot.pause()
        assert "— stopped · Ctrl+G continues —" in shown(transcript)
        transcript.toggle_reasoning()
        assert "│ hm" in shown(transcript)
        transcript.toggle_reasoning()
        assert "│ hm" not in shown(transcript)
        transcript.set_footnote(Note("model: a → b"))
        assert "· model: a → b" in shown(transcript)


async def test_nothing_to_toggle_changes_nothing() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)):
        app.transcript.show(turns(2))
        before = rows(app.transcript)
        app.transcript.toggle_reasoning()
        assert rows(app.transcript) == before


async def test_older_messages_in_front_leave_the_screen_still() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        app.transcript.show(turns(40, first=40))
        app.transcript.focus()
        await pilot.press("pageup", "up")
        before = rows(app.transcript)
        app.transcript.prepend(stored(turns(40)))
        await pilot.pause()
        assert [row[:70] for row in rows(app.transcript)] == [row[:70] for row in before]


async def test_deltas_between_two_flushes_cost_a_list_append() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        transcript = app.transcript
        transcript.show(stored(turns(10_000)))
        transcript.apply(started(99_999))
        transcript.apply(TextDelta("first"))
        transcript.apply(TextDelta(" second"))
        assert transcript.clock.is_due
        flushes = 0
        grow = transcript.view.grow

        def count() -> int | None:
            nonlocal flushes
            flushes += 1
            return grow()

        transcript.view.grow = count  # type: ignore[method-assign]  # counts
        for _ in range(300):
            transcript.apply(TextDelta(" w"))
        assert flushes == 0
        transcript.flush()
        assert flushes == 1
        await pilot.pause()
        assert "first second w w" in shown(transcript)


async def test_what_streams_comes_on_screen_by_itself_and_then_nothing_ticks() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        transcript = app.transcript
        flushed = asyncio.Event()
        grow = transcript.view.grow

        def tell() -> int | None:
            if transcript.view.document.live is not None:
                flushed.set()
            return grow()

        transcript.apply(started(1))
        transcript.apply(TextDelta("one"))
        transcript.view.grow = tell  # type: ignore[method-assign]  # hears of the flush
        transcript.apply(TextDelta(" two"))
        await asyncio.wait_for(flushed.wait(), 5)
        await pilot.pause()
        assert "one two" in shown(transcript)
        assert not transcript.clock.is_due
        assert not list(transcript._timers)


async def test_a_flush_that_is_due_does_not_outlive_the_transcript() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)):
        app.transcript.apply(started(1))
        app.transcript.apply(TextDelta("one"))
        app.transcript.apply(TextDelta(" two"))
        assert app.transcript.clock.is_due
        await app.transcript.remove()
        assert not app.transcript.clock.is_due


async def test_an_empty_conversation_welcomes_in_the_middle() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        app.transcript.set_welcome(["chatui", "", "Ask anything."])
        await pilot.pause()
        text = rows(app.transcript)
        middle = text.index(next(row for row in text if "chatui" in row))
        assert 9 <= middle <= 12
        assert text[middle].strip() == "chatui"
        assert abs(text[middle].index("chatui") - 37) <= 2
        app.transcript.add(prompt(0))
        assert "chatui" not in shown(app.transcript)


async def test_the_compositor_shows_the_same_rows() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        app.transcript.show(turns(30))
        await pilot.pause()
        text = "\n".join(strip.text.rstrip("▐").rstrip() for strip in app.screen._compositor.render_strips())
        assert text == shown(app.transcript)


async def test_textuals_own_scrolling_is_followed() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        app.transcript.show(turns(100))
        await pilot.pause()
        before = rows(app.transcript)
        app.transcript.scroll_relative(y=-7, animate=False)
        await pilot.pause()
        assert rows(app.transcript)[7:] == before[:-7]
        assert app.transcript.scroll_offset.y == app.transcript.view.top
        assert not app.transcript.is_following
