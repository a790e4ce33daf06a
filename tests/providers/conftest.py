"""What the tests of providers over HTTP share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.sse_server import SSEServer

_PROXY_NAMES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in _PROXY_NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
async def server() -> AsyncIterator[SSEServer]:
    """A scripted server that listens."""
    async with SSEServer() as server:
        yield server
