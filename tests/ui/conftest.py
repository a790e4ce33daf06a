"""What the tests of the whole app stand on."""

from __future__ import annotations

import pytest

from chatui.providers.local import FoundServer


@pytest.fixture(autouse=True)
def no_local_servers(monkeypatch: pytest.MonkeyPatch) -> list[FoundServer]:
    """No model server runs on this machine, whatever does; a test may add some."""
    found: list[FoundServer] = []

    async def probe(environ: object) -> list[FoundServer]:
        return found

    monkeypatch.setattr("chatui.providers.local.probe_local_servers", probe)
    return found
