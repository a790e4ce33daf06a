"""What reaches the screen: themes without a layout, no control characters, no markup."""

from __future__ import annotations

import random
import unicodedata

import pytest
from textual.geometry import Region

from chatui.conversation.events import (
    ReasoningDelta,
    Retrying,
    TextDelta,
)
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Status
from chatui.ui.markdown.line import Ink, Line, Run
from chatui.ui.transcript.note import Note
from chatui.ui.transcript.painter import KEPT_STRIPS, Bar, Painter
from chatui.ui.transcript.section import Row
from chatui.ui.transcript.widget import Transcript
from tests.ui.transcript.stage import Stage, prompt, reply, rows, shown, started, stored, turns


async def test_a_theme_change_drops_only_the_strips() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        app.transcript.show(stored(turns(100)))
        await pilot.pause()
        whole = Region(0, 0, 80, 24)
        before = app.transcript.render_lines(whole)
        laid_out = app.transcript.view.document.laid_out()
        entries = [app.transcript.view.document.entry(order) for order in laid_out]
        app.theme = "textual-light"
        await pilot.pause()
        await pilot.pause()
        after = app.transcript.render_lines(whole)
        assert [strip.text for strip in before] == [strip.text for strip in after]
        assert list(before[0]) != list(after[0])
        assert all(app.transcript.view.document.entry(o) is e for o, e in zip(laid_out, entries, strict=True))


@pytest.mark.parametrize("theme", ["textual-ansi", "nord", "dracula", "textual-light"])
async def test_every_theme_can_be_painted(theme: str) -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        app.theme = theme if theme in app.available_themes else "nord"
        app.transcript.show([*turns(30), reply(31, "", status=Status.FAILED), Note("note", "error", "detail")])
        await pilot.pause()
        assert "the reply failed" in shown(app.transcript)


async def test_control_characters_never_reach_a_strip() -> None:
    hostile = "a\x1b[31mb\x07c\x9bd\u202ee\x7ff\u2028g\rh\x00\x85"
    app = Stage()
    async with app.run_test(size=(80, 40)) as pilot:
        transcript = app.transcript
        failure = Failure(FailureKind.SERVER, hostile, 500, hostile)
        transcript.set_welcome([hostile])
        await pilot.pause()
        seen = shown(transcript)
        transcript.show(
            [
                prompt(0, hostile),
                reply(
                    1,
                    f"{hostile}\n\n```py\n{hostile}\n```\n\n|{hostile}|b|\n|-|-|\n|1|{hostile}|",
                    model=f"{hostile}/{hostile}",
                ),
                reply(2, hostile, status=Status.FAILED, failure=failure, reasoning=hostile),
                Note(hostile, detail=hostile),
            ]
        )
        transcript.toggle_reasoning()
        transcript.queue([hostile])
        await pilot.pause()
        transcript.scroll_rows(-99)
        seen += shown(transcript)
        transcript.scroll_to_end()
        seen += shown(transcript)
        transcript.apply(started(5, hostile))
        transcript.apply(Retrying(failure, 1, 3, 1.0))
        seen += shown(transcript)
        for letter in hostile:
            transcript.apply(ReasoningDelta(letter))
            transcript.apply(TextDelta(letter))
            transcript.flush()
        seen += shown(transcript)
        bad = {c for c in seen if c != "\n" and (unicodedata.category(c) in ("Cc", "Zl", "Zp") or c in "\u202e\u2066")}
        assert bad == set()


async def test_markup_is_shown_as_it_stands() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        app.transcript.show([prompt(0, "[bold]x[/] [@click=app.quit]y[/]")])
        app.transcript.add(Note("[/] unclosed ["))
        await pilot.pause()
        assert "[bold]x[/] [@click=app.quit]y[/]" in shown(app.transcript)
        assert "[/] unclosed [" in shown(app.transcript)


@pytest.mark.parametrize("size", [(0, 0), (1, 1), (3, 2), (5, 24), (12, 4), (40, 10), (200, 3)])
async def test_every_size_is_survived(size: tuple[int, int]) -> None:
    app = Stage()
    async with app.run_test(size=(40, 10)) as pilot:
        transcript = app.transcript
        transcript.set_welcome(["chatui", "", "日本語 " * 10])
        await pilot.resize_terminal(*size)
        transcript.show([*turns(4), Note("a long note " * 9, "warning"), reply(9, "日本語 wide\n\n```\ncode\n```\n")])
        transcript.apply(started(10))
        transcript.apply(ReasoningDelta("thinking " * 20))
        transcript.apply(TextDelta("text " * 50))
        transcript.queue(["waiting " * 9])
        transcript.flush()
        transcript.focus()
        await pilot.press("pageup", "home", "down")
        transcript.apply(TextDelta("more " * 50))
        transcript.flush()
        width, height = transcript.size
        strips = transcript.render_lines(Region(0, 0, width, height))
        assert [strip.cell_length for strip in strips] == [width] * height
        await pilot.resize_terminal(40, 10)
        assert "more" not in rows(transcript)[0]


async def test_only_rows_that_changed_are_painted_and_none_is_forgotten() -> None:
    app = Stage()
    async with app.run_test(size=(60, 16)) as pilot:
        transcript = app.transcript
        transcript.show(turns(30))
        await pilot.pause()
        width, height = transcript.size
        whole = Region(0, 0, width, height)
        screen = [strip.text for strip in transcript.render_lines(whole)]
        painted_cells = 0
        chance = random.Random(7)
        transcript.apply(started(99))
        dirty: list[Region] = [whole]
        refresh = transcript.refresh

        def watch(*regions: Region, **options: bool) -> Transcript:
            dirty.extend(regions or [whole])
            return refresh(*regions, **options)

        transcript.refresh = watch  # type: ignore[method-assign]  # sees what is asked to be painted
        for _ in range(300):
            what = chance.random()
            if what < 0.8:
                transcript.apply(
                    TextDelta(chance.choice(["word ", "other ", "\n\n", "- item\n", "longer words here "]))
                )
            elif what < 0.97:
                transcript.scroll_rows(chance.randrange(-6, 9))
            else:
                transcript.add(Note("a note"))
            transcript.flush()
            for region in dirty:
                painted_cells += region.area
                for y, strip in enumerate(transcript.render_lines(region), region.y):
                    screen[y] = screen[y][: region.x] + strip.text + screen[y][region.right :]
            dirty.clear()
            assert screen == [strip.text for strip in transcript.render_lines(whole)]
        assert painted_cells < 300 * whole.area * 0.6


async def test_strips_are_found_again_when_the_screen_scrolls() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        app.transcript.show(turns(100))
        app.transcript.focus()
        await pilot.press("up")
        painter = app.transcript.picture.painter
        painted = painter.painted
        app.transcript.scroll_rows(-1)
        rows(app.transcript)
        # One new row, and the two where the thumb may have moved.
        assert painter.painted - painted <= 3


def test_a_filled_row_has_its_ground_under_every_cell_but_the_margin() -> None:
    painter = Painter({}, True)
    painter.set_width(40)
    ground = painter._palette.fill("prompt").bgcolor
    strip = painter.paint(Row(Line((Run("some words", Ink()),)), fill="prompt"), Bar.TRACK)
    assert strip.cell_length == 40
    filled = sum(part.cell_length for part in strip if part.style is not None and part.style.bgcolor == ground)
    assert filled == 39
    bare = painter.paint(Row(Line((Run("some words", Ink()),))), Bar.TRACK)
    *cells, _bar = bare
    assert {part.style.bgcolor for part in cells if part.style is not None} == {painter._palette.fill("").bgcolor}


def test_strips_that_were_not_looked_at_for_long_are_dropped() -> None:
    painter = Painter({}, True)
    painter.set_width(40)
    lines = [Row(Line((Run(str(n), Ink()),))) for n in range(KEPT_STRIPS + 1)]
    for row in lines:
        painter.paint(row, Bar.TRACK)
    painter.paint(lines[-1], Bar.TRACK)
    assert painter.painted == KEPT_STRIPS + 1
    painter.paint(lines[0], Bar.TRACK)
    assert painter.painted == KEPT_STRIPS + 2
