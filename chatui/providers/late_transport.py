"""A transport that is made when it is first needed."""

from __future__ import annotations

import asyncio
import sys
import threading
from typing import TYPE_CHECKING

from chatui.providers.address import BaseUrl

if TYPE_CHECKING:
    from chatui.providers.transport import Transport


class LateTransport:
    """Holds the transport of one address. `find` may be called from a thread ahead of the first request."""

    def __init__(self, connect_timeout: float) -> None:
        self._connect_timeout = connect_timeout
        self._transport: Transport | None = None
        self._making = threading.Lock()

    def find(self, url: BaseUrl) -> Transport:
        """Return the transport for `url`, made on the first call. Raises TransportFailure for a broken environment."""
        with self._making:
            if self._transport is None:
                # Where click is installed too, httpx loads a command line of its own, with Rich and Pygments, for a
                # third of its time. Python takes None for a module that is not there; httpx goes on without it.
                sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # typeshed knows no such None
                # Deferred: httpx and its TLS context cost more than 100 ms each, and the first paint comes before them.
                from chatui.providers.transport import Transport

                self._transport = Transport(
                    is_tls=url.scheme == "https",
                    is_loopback=url.is_loopback,
                    connect_timeout=self._connect_timeout,
                )
            return self._transport

    async def get(self, url: BaseUrl) -> Transport:
        """Do the same without keeping the event loop waiting."""
        if self._transport is not None:
            return self._transport
        return await asyncio.to_thread(self.find, url)

    async def aclose(self) -> None:
        """Close connections that are kept open; the next request opens new ones."""
        if self._transport is not None:
            await self._transport.aclose()
