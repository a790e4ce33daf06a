"""Each provider's own way to go on, against a server that insists on it and goes on after the last character."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from chatui.config.config import Config, ProviderSettings
from chatui.conversation.message import Status
from chatui.engine.roster import Roster
from chatui.engine.sessions import SessionDefaults, Sessions
from chatui.providers.registry import build_rows
from chatui.storage.paths import find_places
from chatui.storage.shelf import Shelf
from tests.engine.stage import collect, last_message
from tests.sse_server import Close, Recorded, Script, SSEServer, deltas, finish, refusal

FULL = "The **first** words, then\n\n```python\ndef f():\n    return 1\n```\n\nand the last ones."
CUTS = (4, 12, FULL.index("\n\n```") + 2, FULL.index("return") + 3, FULL.index("1\n```") + 2, len(FULL) - 3)
PREFILL = ("openrouter", "groq", "ollama", "llamacpp")


def _answer(provider: str, at: int) -> Script:
    return Script([deltas(FULL[:at][: at // 2], FULL[:at][at // 2 :]), Close()])


def _goes_on(request: Recorded, provider: str, kept: str) -> Script:
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
    rest = FULL[len(begin) :]
    # Mistral gives the prefix back.
    said = begin + rest if provider == "mistral" else rest
    return Script([deltas(*(said[place : place + 3] for place in range(0, len(said), 3))), finish()])


@pytest.mark.parametrize("at", CUTS)
@pytest.mark.parametrize("provider", ["deepseek", "mistral", "vllm", "openai", *PREFILL])
async def test_the_joined_text_is_exact(tmp_path: Path, provider: str, at: int) -> None:
    def answer(request: Recorded) -> Script:
        return _answer(provider, at) if len(server.requests) == 1 else _goes_on(request, provider, FULL[:at])

    server = SSEServer(answer)
    async with server, asyncio.timeout(10):
        settings = ProviderSettings(provider, base_url=server.base_url, api_key="k" * 20, max_retries=0)
        providers = {name: row.provider for name, row in build_rows(Config(providers={provider: settings}), {}).items()}
        places = find_places({"CHATUI_HOME": str(tmp_path)}, tmp_path)
        sessions = Sessions(Shelf(places), Roster(providers), SessionDefaults(f"{provider}/m"))
        live = sessions.make()
        await collect(live.send("say it"))
        assert (last_message(live).text, last_message(live).status) == (FULL[:at], Status.INTERRUPTED)
        await collect(live.continue_reply())
        reply = last_message(live)
        assert (reply.text, reply.status) == (FULL, Status.COMPLETE)
        assert reply.parts[1].is_approximate is (provider == "openai")
        assert len(server.requests) == 2
        await live.aclose()
        await providers[provider].aclose()


@pytest.mark.parametrize(
    ("model", "is_prefilled"), [("claude-sonnet-4-5-20250929", True), ("claude-sonnet-5-5", False)]
)
def test_claude_is_prefilled_only_where_it_lets_itself(model: str, *, is_prefilled: bool) -> None:
    provider = build_rows(Config(), {})["anthropic"].provider
    assert (provider.describe(model).continuation == "last_message") is is_prefilled


def test_the_user_may_say_how_an_endpoint_goes_on() -> None:
    settings = ProviderSettings("work", base_url="http://127.0.0.1:9/v1", continuation="continue_final_message")
    assert build_rows(Config(providers={"work": settings}), {})["work"].provider.describe("m").continuation == (
        "continue_final_message"
    )
