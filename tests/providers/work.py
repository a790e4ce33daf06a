"""An endpoint named `work` at a scripted server, and what is asked of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import aclosing

from chatui.config.config import Config, ProviderSettings
from chatui.conversation.events import Ended, ReplyEvent, TextDelta
from chatui.conversation.failure import Failure
from chatui.conversation.message import Role
from chatui.conversation.request import Request, Turn
from chatui.providers.endpoint import Endpoint
from chatui.providers.registry import build_rows
from tests.sse_server import Script, SSEServer, deltas, finish

KEY = "sk-0123456789abcdefghij"
GOOD = Script([deltas("Hel", "lo"), finish()])
PATIENT = 5.0


def make(server: SSEServer, environ: Mapping[str, str] | None = None, **settings: object) -> Endpoint:
    """An endpoint named `work` at the server; the key is in WORK_KEY."""
    chosen = {"base_url": server.base_url, "api_key_env": "WORK_KEY"} | settings
    config = Config(providers={"work": ProviderSettings("work", **chosen)})  # type: ignore[arg-type]  # by name only
    return build_rows(config, {"WORK_KEY": KEY} if environ is None else environ)["work"].provider


def ask(model: str = "m", **params: object) -> Request:
    return Request(model, [Turn(Role.USER, "hi")], params=params)


async def stream(endpoint: Endpoint, request: Request | None = None) -> list[ReplyEvent]:
    async with asyncio.timeout(PATIENT), aclosing(endpoint.stream(request or ask())) as events:
        return [event async for event in events]


async def fail(endpoint: Endpoint, request: Request | None = None) -> Failure:
    events = await stream(endpoint, request)
    assert len([event for event in events if isinstance(event, Ended)]) == 1
    assert isinstance(events[-1], Ended)
    assert events[-1].failure is not None
    return events[-1].failure


def text_of(events: list[ReplyEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))
