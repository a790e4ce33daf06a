"""What the tests of the whole app stand on."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatui.providers.local import FoundServer
from chatui.storage.drafts import DraftFolder
from chatui.storage.paths import find_places


@pytest.fixture(autouse=True)
def no_local_servers(monkeypatch: pytest.MonkeyPatch) -> list[FoundServer]:
    """No model server runs on this machine, whatever does; a test may add some."""
    found: list[FoundServer] = []

    async def probe(environ: object) -> list[FoundServer]:
        return found

    monkeypatch.setattr("chatui.providers.local.probe_local_servers", probe)
    return found


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits half a second until a draft is on the disk."""
    monkeypatch.setattr("chatui.engine.draft_keeper.DRAFT_SECONDS", 0.01)


@pytest.fixture
def folder(tmp_path: Path) -> DraftFolder:
    """The drafts of the app whose home is the test's folder."""
    return DraftFolder(find_places({"CHATUI_HOME": str(tmp_path)}, tmp_path))


@pytest.fixture
def cat(tmp_path: Path) -> Path:
    """An image of 208 bytes."""
    path = tmp_path / "cat.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    return path
