"""A terminal that can be lent to an editor, and editors that are scripts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.ui.chat_stage import Chat


@contextmanager
def suspend() -> Iterator[None]:
    """Stands for App.suspend, which a headless app has not."""
    yield


def lend(c: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the app lend its terminal."""
    monkeypatch.setattr(c.app, "suspend", suspend)


def set_editor(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Make a shell script the user's editor, called as `editor --wait FILE`; temporary files go into `folder`."""
    editor = folder / "editor.sh"
    editor.write_text(f"#!/bin/sh\n{script}\n")
    editor.chmod(0o700)
    monkeypatch.setenv("VISUAL", f"{editor} --wait")
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", None)
