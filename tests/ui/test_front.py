"""The first frame: what it shows of a new session, and what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from textual import events
from textual.strip import Strip

from chatui.ui.app import ChatApp
from chatui.ui.services import Opened
from tests.ui.chat_stage import chat, make_chat_app


class FirstFrame:
    """What stands on the screen when the rest is about to be loaded."""

    def __init__(self, app: ChatApp) -> None:
        self.strips: Sequence[Strip] = ()
        self._app = app
        self._make = app._make
        app._make = self._note

    @property
    def text(self) -> str:
        return "\n".join(strip.text.rstrip() for strip in self.strips)

    def _note(self) -> Opened:
        self.strips = self._app.screen._compositor.render_strips()
        # What is typed onto the first frame, in the order in which it comes.
        for key in ("h", "i", "ctrl+j", "x"):
            self._app.post_message(events.Key(key, key if len(key) == 1 else None))
        return self._make()


@pytest.mark.parametrize("theme", ["ink", "paper"])
@pytest.mark.parametrize("size", [(80, 24), (130, 40), (60, 12)], ids=str)
async def test_the_first_frame_stays_as_it_is_when_the_rest_comes(
    tmp_path: Path, size: tuple[int, int], theme: str
) -> None:
    app = make_chat_app(tmp_path, "-m", "demo/guide", "--theme", theme)
    first = FirstFrame(app)
    async with app.run_test(size=size) as pilot:
        while not app.is_open:
            await pilot.pause()
        app.screen.query_one("Prompt").load_text("")  # type: ignore[attr-defined]  # the class does not matter here
        await pilot.pause()
        then = app.screen._compositor.render_strips()
        await app.leave(0)
    assert "New session" in first.text
    assert "ready  demo/guide" in first.text
    assert "Message demo/guide…" in first.text
    assert "built-in demo answers" in first.text or size[0] == 60
    kept = [number for number, strip in enumerate(first.strips) if strip.text[: size[0] - 30].strip()]
    assert len(kept) >= 3
    for number in kept:
        shown, later = (strips[number].crop(0, min(size[0], 90)) for strips in (first.strips, then))
        # Each cell by itself: the two cut their rows into other pieces.
        assert [*_cells(shown)] == [*_cells(later)], shown.text


def _cells(strip: Strip) -> list[tuple[str, object, object, bool]]:
    cells: list[tuple[str, object, object, bool]] = []
    for text, style, _ in strip:
        assert style is not None
        for letter in text:
            ink = None if letter == " " else style.color
            cells.append((letter, ink, style.bgcolor, letter != " " and bool(style.bold)))
    return cells


async def test_what_is_typed_onto_the_first_frame_comes_in_its_order(tmp_path: Path) -> None:
    app = make_chat_app(tmp_path, "-m", "demo/guide")
    FirstFrame(app)
    async with app.run_test() as pilot:
        while not app.is_open:
            await pilot.pause()
        await pilot.press("y")
        assert app.screen.query_one("Prompt").text == "hi\nxy"  # type: ignore[attr-defined]  # as above
        await app.leave(0)


async def test_leaving_before_the_rest_is_loaded_is_an_ordinary_end(tmp_path: Path) -> None:
    app = make_chat_app(tmp_path, "-m", "demo/guide")

    def make() -> Opened:
        raise AssertionError("the rest is loaded all the same")

    app._make = make
    # As if the first frame were still to come.
    app._has_frame = True
    async with app.run_test():
        await app.leave(143)
        await app._open_up()
    assert app.return_code == 143


async def test_a_narrow_first_frame_has_a_status_line_for_the_sidebar(tmp_path: Path) -> None:
    app = make_chat_app(tmp_path, "-m", "demo/guide")
    first = FirstFrame(app)
    async with app.run_test(size=(80, 24)) as pilot:
        while not app.is_open:
            await pilot.pause()
        await app.leave(0)
    lines = [strip.text.strip() for strip in first.strips]
    assert lines[-3] == "ready"
    assert "provider" not in first.text


@pytest.mark.parametrize("width", [80, 130])
async def test_the_very_first_frame_is_laid_out_for_the_width(tmp_path: Path, width: int) -> None:
    app = make_chat_app(tmp_path, "-m", "demo/guide")
    frames: list[str] = []

    def note() -> None:
        frames.append("\n".join(strip.text for strip in app.screen._compositor.render_strips()))
        ChatApp.post_display_hook(app)

    app.post_display_hook = note  # type: ignore[method-assign]  # this one only
    async with app.run_test(size=(width, 24)) as pilot:
        while not app.is_open:
            await pilot.pause()
        await app.leave(0)
    first = next(frame for frame in frames if frame.strip())
    assert ("provider" in first) == (width == 130)
    assert (first.splitlines()[-3].strip() == "ready") == (width == 80)


async def test_a_session_that_is_asked_for_is_there_in_the_first_frame(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one", "--session", "notes") as c:
        await c.ask_held("Remember milk", "Noted.")
    app = make_chat_app(tmp_path, "-c")
    frames: list[str] = []

    def note() -> None:
        frames.append("\n".join(strip.text for strip in app.screen._compositor.render_strips()))
        ChatApp.post_display_hook(app)

    app.post_display_hook = note  # type: ignore[method-assign]  # this one only
    async with app.run_test(size=(80, 24)):
        await app.leave(0)
    assert "Noted." in next(frame for frame in frames if frame.strip())


@pytest.mark.parametrize(("argv", "is_kept"), [((), True), (("--theme", "paper"), False)], ids=["its own", "for once"])
async def test_the_look_is_kept_for_the_next_start_unless_its_theme_was_for_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, argv: tuple[str, ...], is_kept: bool
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    async with chat(tmp_path, "-m", "held/one", *argv) as c:
        await c.sees("Message held/one")
    assert (tmp_path / "cache" / "look").exists() == is_kept
