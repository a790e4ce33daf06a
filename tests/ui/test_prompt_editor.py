"""The prompt in the user's editor: it comes back as it was saved there, and no fault of the editor costs the draft."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.ui.chat_stage import Chat, chat
from tests.ui.lent_terminal import lend, set_editor
from tests.ui.reading_stage import press


async def told(c: Chat, text: str) -> None:
    await c.until(lambda: any(text in notice for notice in c.notices), text)


async def test_the_prompt_comes_back_as_it_was_saved_and_the_file_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "seen"
    set_editor(
        tmp_path, monkeypatch, f'stat -c "%a" "$2" > {seen}; cat "$2" >> {seen}; printf "\\n  ünd\\tmore\\n" >> "$2"'
    )
    async with chat(tmp_path) as c:
        lend(c, monkeypatch)
        await c.type("one\n\ntwo")
        await press(c, "f4")
        await c.until(lambda: c.desk.prompt.full_text == "one\n\ntwo\n  ünd\tmore")
        assert seen.read_text() == "600\none\n\ntwo"
        assert not list(tmp_path.glob("chatui-prompt*"))
        await press(c, "ctrl+z")
        assert c.desk.prompt.full_text == "one\n\ntwo"


async def test_a_long_paste_goes_into_the_editor_as_its_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_editor(tmp_path, monkeypatch, 'wc -l < "$2" > "$2.count"; cp "$2.count" "$2"')
    async with chat(tmp_path) as c:
        lend(c, monkeypatch)
        c.desk.prompt.paste("line\n" * 1000)
        await press(c, "f4")
        await c.until(lambda: c.desk.prompt.full_text.strip() == "1000")


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("exit 3", "ended with code 3. The prompt is as it was."),
        ("kill -9 $$", "was ended by signal 9. The prompt is as it was."),
        ('rm "$2"', "left no file behind"),
        ("true", "VISUAL='code --wait'"),
    ],
)
async def test_an_editor_that_fails_is_told_and_the_draft_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, words: str
) -> None:
    set_editor(tmp_path, monkeypatch, script)
    async with chat(tmp_path) as c:
        lend(c, monkeypatch)
        await c.type("my draft")
        await press(c, "f4")
        await told(c, words)
        assert c.desk.prompt.full_text == "my draft"
        assert not list(tmp_path.glob("chatui-prompt*"))


async def test_what_an_editor_saved_before_it_crashed_is_kept_in_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_editor(tmp_path, monkeypatch, 'echo "half a thought" > "$2"; kill -9 $$')
    async with chat(tmp_path) as c:
        lend(c, monkeypatch)
        await c.type("my draft")
        await press(c, "f4")
        await told(c, "what the editor saved is in")
        assert c.desk.prompt.full_text == "my draft"
        kept = next(tmp_path.glob("chatui-prompt*"))
        assert kept.read_text() == "half a thought\n"


async def test_without_an_editor_it_says_what_to_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "/no/such/editor")
    async with chat(tmp_path) as c:
        await c.enter("/editor")
        await told(c, "cannot be lent to an editor")
        lend(c, monkeypatch)
        await c.type("my draft")
        await press(c, "f4")
        await told(c, "“/no/such/editor” could not be started")
        monkeypatch.delenv("VISUAL")
        monkeypatch.delenv("EDITOR", raising=False)
        monkeypatch.setattr("shutil.which", lambda name: None)
        await press(c, "f4")
        await told(c, "set VISUAL or EDITOR in the environment")
        assert c.desk.prompt.full_text == "my draft"


async def test_control_c_in_the_editor_does_not_end_the_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waits = tmp_path / "waits"
    set_editor(tmp_path, monkeypatch, f'touch {waits}; while [ -e {waits} ]; do sleep 0.01; done; echo done > "$2"')
    async with chat(tmp_path) as c:
        lend(c, monkeypatch)
        await press(c, "f4")
        await c.until(waits.exists)
        c.app._take_signal(signal.SIGINT)
        await c.pilot.pause()
        waits.unlink()
        await c.until(lambda: c.desk.prompt.full_text == "done")
        assert c.app.is_running


async def test_a_queued_prompt_that_is_given_back_meanwhile_stands_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = tmp_path / "waits"
    set_editor(tmp_path, monkeypatch, f'touch {waits}; while [ -e {waits} ]; do sleep 0.01; done; echo edited > "$2"')
    async with chat(tmp_path, "-m", "held/one") as c:
        lend(c, monkeypatch)
        await c.enter("First?")
        c.held.say("alpha")
        await c.sees("alpha")
        await c.enter("Waits")
        await c.type("draft")
        await press(c, "f4")
        await c.until(waits.exists)
        c.desk.live.stop()
        await c.until(lambda: c.desk.prompt.full_text == "Waits\n\ndraft")
        waits.unlink()
        await c.until(lambda: c.desk.prompt.full_text == "Waits\n\nedited")
