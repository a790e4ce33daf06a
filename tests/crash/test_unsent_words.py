"""kill -9 while somebody writes: the draft, its images and the prompts that wait are there at the next start."""

from __future__ import annotations

import stat
from pathlib import Path

from tests.crash.remains import read_remains
from tests.crash.terminal_app import TerminalApp

START_SECONDS = 20.0
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)
GRACE = 1.0
"""Seconds on screen after which what was written must be on the disk."""


def test_a_draft_and_the_queue_outlive_a_kill(tmp_path: Path, address: str) -> None:
    with TerminalApp(tmp_path, address, ["count"]) as app:
        assert app.watch(START_SECONDS, lambda: app.last_word > 0), app.text
        app.press("what comes next\r")
        assert app.watch(START_SECONDS, app.shows("queued")), app.text
        app.press("a draft in two\nlines")
        assert app.watch(START_SECONDS, app.shows("lines")), app.text
        app.watch(GRACE)
        app.kill()
    drafts = list((tmp_path / "state" / "drafts").iterdir())
    assert [stat.S_IMODE(draft.stat().st_mode) for draft in drafts] == [0o600]
    with TerminalApp(tmp_path, address, ["-c"]) as app:
        assert app.watch(START_SECONDS, app.shows("❯ what comes next", "a draft in two", "lines")), app.text
    assert [message.text for message in read_remains(tmp_path).messages][:1] == ["count"]


def test_what_was_written_before_the_first_prompt_is_there_in_the_next_new_session(
    tmp_path: Path, address: str
) -> None:
    with TerminalApp(tmp_path, address, []) as app:
        assert app.watch(START_SECONDS, app.shows("Message env/ticker")), app.text
        app.press("half a thought")
        assert app.watch(START_SECONDS, app.shows("half a thought")), app.text
        app.watch(GRACE)
        app.kill()
    with TerminalApp(tmp_path, address, []) as app:
        assert app.watch(START_SECONDS, app.shows("❯ half a thought")), app.text
        app.press("\x15")
        assert app.watch(START_SECONDS, app.shows("Message env/ticker")), app.text
        app.watch(GRACE)
        app.kill()


def test_an_image_that_was_attached_is_there_in_the_next_new_session(tmp_path: Path, address: str) -> None:
    home, cat = tmp_path / "home", tmp_path / "cat.png"
    cat.write_bytes(PNG)
    with TerminalApp(home, address, []) as app:
        assert app.watch(START_SECONDS, app.shows("Message env/ticker")), app.text
        app.press(f"/attach {cat}\r")
        assert app.watch(START_SECONDS, app.shows("cat.png (PNG, 208 bytes)", "Goes along with the next prompt")), (
            app.text
        )
        app.press("half a thought")
        assert app.watch(START_SECONDS, app.shows("half a thought")), app.text
        app.watch(GRACE)
        app.kill()
    cat.unlink()
    (image,) = (home / "data" / "attachments").iterdir()
    assert (image.read_bytes(), stat.S_IMODE(image.stat().st_mode)) == (PNG, 0o600)
    with TerminalApp(home, address, []) as app:
        assert app.watch(START_SECONDS, app.shows("❯ half a thought", "cat.png (PNG, 208 bytes)")), app.text
        app.press(" and its end\r")
        assert app.watch(START_SECONDS, lambda: app.last_word > 0), app.text
        app.watch(GRACE)
        app.kill()
    (prompt, *_) = read_remains(home).messages
    assert [attachment.name for attachment in prompt.attachments] == ["cat.png"]
    assert list((home / "state" / "drafts").iterdir()) == []
