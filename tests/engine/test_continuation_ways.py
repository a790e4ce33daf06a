"""Each provider's own way to go on, against a server that insists on it and goes on after the last character."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from chatui.config.config import Config, ProviderSettings
from chatui.conversation.message import Status
from chatui.engine.live_session import LiveSession
from chatui.engine.roster import Roster
from chatui.engine.sessions import SessionDefaults, Sessions
from chatui.providers.registry import build_rows
from chatui.storage.paths import find_places
from chatui.storage.shelf import Shelf
from tests.engine.stage import collect, last_message
from tests.sse_server import Close, Recorded, Script, SSEServer, deltas, finish, refusal

FULL = "The **first** words, then\n\n```python\ndef f():\n    return 1\n```\n\nand the last ones."
CUTS = (4, 12, FULL.index("\n\n```") + 2, FULL.index("return") + 3, FULL.index("1\n```") + 2, len(FULL) - 3)
PREFILL = ("openrouter", "groq", "ollama", "llamacpp", "anthropic")
ALL = ("deepseek", "mistral", "vllm", "openai", *PREFILL)
OLDER_CLAUDE = "claude-sonnet-4-5-20250929"


def _answer(at: int) -> Script:
    return Script([deltas(FULL[:at][: at // 2], FULL[:at][at // 2 :]), Close()])


def _goes_on(request: Recorded, provider: str, kept: str, until: int = len(FULL)) -> Script:
    """Insist on the provider's way, then say what is missing, up to the limit of the answer if there is one."""
    body = request.json
    last = body["messages"][-1]
    is_own = last["role"] == "assistant"
    match provider:
        case "deepseek":
            is_right = is_own and last.get("prefix") is True and request.path == "/beta/chat/completions"
        case "mistral":
            is_right = is_own and last.get("prefix") is True and "stream_options" not in body
        case "vllm":
            is_right = is_own and body["continue_final_message"] is True and body["add_generation_prompt"] is False
        case "openai":
            is_right = last["role"] == "user" and "Continue exactly where you stopped" in last["content"]
            last = body["messages"][-2]
        case _:
            is_right = is_own and "prefix" not in last
    assert body["messages"][0] == {"role": "user", "content": "say it"}
    begin = last["content"]
    if not is_right or begin not in (kept, kept.rstrip()):
        return refusal(400, "not like this")
    rest = FULL[len(begin) : until]
    # Mistral gives the prefix back.
    said = begin + rest if provider == "mistral" else rest
    reason = "stop" if until == len(FULL) else "length"
    return Script([deltas(*(said[place : place + 3] for place in range(0, len(said), 3))), finish(reason)])


@asynccontextmanager
async def _open_live(
    tmp_path: Path, server: SSEServer, *names: str
) -> AsyncGenerator[tuple[LiveSession, dict[str, str]], None]:
    """A session with the providers of these names, all at one server, and a model of each."""
    rows = {name: ProviderSettings(name, base_url=server.base_url, api_key="k" * 20, max_retries=0) for name in names}
    providers = {name: row.provider for name, row in build_rows(Config(providers=rows), {}).items()}
    models = {name: f"{name}/{OLDER_CLAUDE if name == 'anthropic' else 'm'}" for name in names}
    places = find_places({"CHATUI_HOME": str(tmp_path)}, tmp_path)
    live = Sessions(Shelf(places), Roster(providers), SessionDefaults(models[names[0]])).make()
    yield live, models
    await live.aclose()
    for provider in providers.values():
        await provider.aclose()


@pytest.mark.parametrize("at", CUTS)
@pytest.mark.parametrize("provider", ALL)
async def test_the_joined_text_is_exact(tmp_path: Path, provider: str, at: int) -> None:
    def answer(request: Recorded) -> Script:
        return _answer(at) if len(server.requests) == 1 else _goes_on(request, provider, FULL[:at])

    server = SSEServer(answer)
    async with server, asyncio.timeout(10), _open_live(tmp_path, server, provider) as (live, _):
        await collect(live.send("say it"))
        assert (last_message(live).text, last_message(live).status) == (FULL[:at], Status.INTERRUPTED)
        await collect(live.continue_reply())
        reply = last_message(live)
        assert (reply.text, reply.status) == (FULL, Status.COMPLETE)
        assert reply.parts[1].is_approximate is (provider == "openai")
        assert len(server.requests) == 2


@pytest.mark.parametrize("provider", ALL)
async def test_a_reply_that_is_cut_then_comes_to_its_limit_then_ends_is_exact(tmp_path: Path, provider: str) -> None:
    first, second = CUTS[0] + 1, CUTS[3]

    def answer(request: Recorded) -> Script:
        match len(server.requests):
            case 1:
                return _answer(first)
            case 2:
                return _goes_on(request, provider, FULL[:first], until=second)
            case _:
                return _goes_on(request, provider, FULL[:second])

    server = SSEServer(answer)
    async with server, asyncio.timeout(10), _open_live(tmp_path, server, provider) as (live, _):
        await collect(live.send("say it"))
        await collect(live.continue_reply())
        assert (last_message(live).text, last_message(live).finish_reason) == (FULL[:second], "length")
        await collect(live.continue_reply())
        reply = last_message(live)
        assert (reply.text, reply.finish_reason, len(server.requests)) == (FULL, "stop", 3)
        assert [(part.start, part.status, part.finish_reason) for part in reply.parts] == [
            (0, Status.INTERRUPTED, None),
            (first, Status.COMPLETE, "length"),
            (second, Status.COMPLETE, "stop"),
        ]
        assert all(part.timing is not None and part.usage is not None for part in reply.parts)


@pytest.mark.parametrize(("began", "ends"), [("deepseek", "vllm"), ("openai", "mistral"), ("vllm", "openai")])
async def test_a_model_of_another_provider_goes_on_in_its_own_way(tmp_path: Path, began: str, ends: str) -> None:
    at = CUTS[4]

    def answer(request: Recorded) -> Script:
        return _answer(at) if len(server.requests) == 1 else _goes_on(request, ends, FULL[:at])

    server = SSEServer(answer)
    async with server, asyncio.timeout(10), _open_live(tmp_path, server, began, ends) as (live, models):
        await collect(live.send("say it"))
        await live.choose_model(models[ends])
        await collect(live.continue_reply())
        reply = last_message(live)
        assert (reply.text, reply.status) == (FULL, Status.COMPLETE)
        assert [part.model for part in reply.parts] == [models[began], models[ends]]


@pytest.mark.parametrize(("model", "is_prefilled"), [(OLDER_CLAUDE, True), ("claude-sonnet-5-5", False)])
def test_claude_is_prefilled_only_where_it_lets_itself(model: str, *, is_prefilled: bool) -> None:
    provider = build_rows(Config(), {})["anthropic"].provider
    assert (provider.describe(model).continuation == "last_message") is is_prefilled


def test_the_user_may_say_how_an_endpoint_goes_on() -> None:
    settings = ProviderSettings("work", base_url="http://127.0.0.1:9/v1", continuation="continue_final_message")
    assert build_rows(Config(providers={"work": settings}), {})["work"].provider.describe("m").continuation == (
        "continue_final_message"
    )
