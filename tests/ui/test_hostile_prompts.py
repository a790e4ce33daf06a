"""Hostile text that comes back into the prompt or the lists: from the history, other sessions, a draft, an editor."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chatui.storage.drafts import Draft, DraftFolder
from chatui.storage.paths import find_places
from tests.ui.chat_stage import chat
from tests.ui.hostile_stage import HOSTILE, Watch
from tests.ui.lent_terminal import lend, set_editor
from tests.ui.reading_stage import press
from tests.ui.saved_sessions import save_session

OLD, OTHER = "20261101-120000-aaaa", "20261102-120000-bbbb"
TEXT = HOSTILE.replace("\ud800", "")


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    return Watch(monkeypatch)


async def test_what_comes_back_from_the_history_a_draft_or_an_edit_is_plain(tmp_path: Path, watch: Watch) -> None:
    save_session(tmp_path, OLD, f"first {TEXT}", f"second {TEXT}", title=TEXT)
    (tmp_path / "state").mkdir(parents=True, exist_ok=True)
    (tmp_path / "state" / "prompts").write_text(f"{json.dumps(f'earlier {TEXT}')}\n", encoding="utf-8")
    folder = DraftFolder(find_places({"CHATUI_HOME": str(tmp_path)}, tmp_path))
    folder.save(OLD, Draft(f"draft {TEXT}", (f"waiting {TEXT}",)))
    async with chat(tmp_path, "--session", OLD) as c:
        await c.sees("waiting", "draft")
        watch.check(c)
        await c.press("ctrl+r")
        await c.sees("Earlier prompts")
        watch.check(c)
        await c.type_into_dialog("earlier")
        await c.press("enter")
        await c.until(lambda: c.desk.prompt.full_text.startswith("earlier"))
        watch.check(c)
        await press(c, "ctrl+up", "e")
        await c.sees("Editing a prompt")
        watch.check(c)
        await c.press("ctrl+n")
        await c.sees("New session")
        watch.check(c)


async def test_what_was_said_elsewhere_is_plain_in_the_list(tmp_path: Path, watch: Watch) -> None:
    save_session(tmp_path, OLD, f"first needle {TEXT}", f"second {TEXT}", title="One")
    save_session(tmp_path, OTHER, "x", f"{TEXT * 20} needle {TEXT}", title=TEXT)
    async with chat(tmp_path, size=(120, 30)) as c:
        await c.press("ctrl+o")
        await c.sees("One")
        await c.type_into_dialog("needle")
        await c.sees("what was said", "2 of 2")
        for _ in range(2):
            watch.check(c)
            await c.press("down")
        watch.check(c)


async def test_what_an_editor_saved_is_plain(tmp_path: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "saved").write_text(f"edited {TEXT}", encoding="utf-8")
    set_editor(tmp_path, monkeypatch, f'cat {tmp_path / "saved"} > "$2"')
    async with chat(tmp_path) as c:
        lend(c, monkeypatch)
        await c.press("f4")
        await c.until(lambda: c.desk.prompt.full_text.startswith("edited"))
        watch.check(c)
