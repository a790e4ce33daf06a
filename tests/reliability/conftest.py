"""What the tests of promises share: a server that listens, and no proxies."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.providers import conftest as over_http
from tests.sse_server import SSEServer

_no_proxies = over_http._no_proxies


@pytest.fixture
async def server() -> AsyncIterator[SSEServer]:
    """A scripted server that listens."""
    async with SSEServer() as server:
        yield server
