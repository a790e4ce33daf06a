"""Servers on this machine, found by asking: 127.0.0.1 only, without any key, in half a second at most."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatui.providers.address import BaseUrl, parse_base_url, read_ollama_host
from chatui.providers.errors import TransportFailure
from chatui.providers.late_transport import LateTransport
from chatui.providers.model_list import read_entries, read_model_list
from chatui.providers.quirks import Quirks, load_quirks

if TYPE_CHECKING:
    from chatui.providers.transport import Transport

_SECONDS = 0.45
_MAX_BYTES = 4 * 1024 * 1024

_BY_OWNER = {
    "llamacpp": "llamacpp",
    "vllm": "vllm",
    "library": "ollama",
    "organization_owner": "lmstudio",
}
"""Who an entry of `/v1/models` says it is `owned_by`; several servers share the usual ports."""


@dataclass(frozen=True, slots=True)
class FoundServer:
    """A server that answered."""

    name: str
    """The provider's name, by what the server says of itself, else by its port."""
    label: str
    base_url: str
    models: tuple[str, ...] = ()
    """The ids it offers."""
    needs_key: bool = False
    """True where it wants a key before it says anything (401, 403)."""
    is_loading: bool = False
    """True while it loads its model (503)."""


async def probe_local_servers(environ: Mapping[str, str], ports: Mapping[str, int] | None = None) -> list[FoundServer]:
    """Ask the ports where local servers usually listen for their models, all at once; the preferred ones first.

    `OLLAMA_HOST` may name another port of this machine. `ports` replaces the usual ports, by provider name. What does
    not answer with JSON is no such server: many other programs listen on 8000 and 8080.
    """
    known = {name: quirks for name, quirks in load_quirks().items() if quirks.is_local}
    if ports is None:
        ports = {name: parse_base_url(quirks.base_url).port or 0 for name, quirks in known.items()}
        ports |= _read_ollama_port(environ)
    # One client for all: it belongs to no address, only to this machine.
    late = LateTransport(connect_timeout=_SECONDS)
    try:
        transport = await late.get(BaseUrl("http", "127.0.0.1", None, "/v1"))
        found = await asyncio.gather(*(_ask(transport, known[name], port, known) for name, port in ports.items()))
    finally:
        await late.aclose()
    servers = {server.base_url: server for server in found if server is not None}
    return list(servers.values())


async def _ask(transport: Transport, quirks: Quirks, port: int, known: Mapping[str, Quirks]) -> FoundServer | None:
    base_url = f"http://127.0.0.1:{port}/v1"
    headers = {"accept": "application/json"}
    try:
        async with (
            asyncio.timeout(_SECONDS),
            transport.open_stream("GET", f"{base_url}/models", headers, None, None) as answer,
        ):
            body = await answer.read_up_to(_MAX_BYTES, None)
    except (TimeoutError, TransportFailure):
        return None
    server = answer.headers.get("server", "").lower()
    name = "llamacpp" if server.startswith("llama.cpp") else quirks.name
    if answer.status in (401, 403, 503):
        if body.lstrip()[:1] != b"{":
            return None
        is_loading = answer.status == 503
        return FoundServer(name, known[name].label, base_url, needs_key=not is_loading, is_loading=is_loading)
    entries = read_entries(body)
    if answer.status != 200 or entries is None:
        return None
    owners = [entry.get("owned_by") for entry in entries if isinstance(entry, Mapping)]
    name = next((_BY_OWNER[owner] for owner in owners if isinstance(owner, str) and owner in _BY_OWNER), name)
    models = tuple(model.id for model in read_model_list(body, name) or ())
    return FoundServer(name, known[name].label, base_url, models)


def _read_ollama_port(environ: Mapping[str, str]) -> dict[str, int]:
    try:
        url = read_ollama_host(environ.get("OLLAMA_HOST", ""))
    except ValueError:
        return {}
    return {"ollama": url.port} if url.is_loopback and url.port else {}
