"""Whatever is edited, asked again, compared, continued or stopped: no message that was saved is ever gone."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import count
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from chatui.conversation.continuation import Continuation
from chatui.conversation.events import Ended, TextDelta
from chatui.conversation.message import Message, Role
from chatui.conversation.model_info import ModelInfo
from chatui.engine.live_session import LiveSession
from tests.engine.fake_provider import CUT, REFUSED, FakeProvider, Step, say
from tests.engine.stage import Stage, collect, messages_of

_numbers = count()
_scripts: dict[str, list[Step]] = {
    "whole": say("all ", "of it"),
    "cut": [TextDelta("half"), CUT],
    "limit": [TextDelta("some"), Ended("length")],
    "refused": [REFUSED],
}
_verbs = st.sampled_from(["send", "edit", "ask again", "continue", "compare", "show", "reopen"])
_steps = st.tuples(_verbs, st.sampled_from(sorted(_scripts)), st.integers(0, 20))


class _Prefilling(FakeProvider):
    def describe(self, model: str) -> ModelInfo:
        return replace(super().describe(model), continuation=Continuation.PREFIX)


@settings(max_examples=10)
@given(st.lists(_steps, min_size=3, max_size=10))
def test_no_verb_loses_a_branch(tmp_path: Path, steps: list[tuple[str, str, int]]) -> None:
    asyncio.run(_check(tmp_path / str(next(_numbers)), steps))


async def _check(folder: Path, steps: list[tuple[str, str, int]]) -> None:
    provider = _Prefilling()
    stage = Stage(folder, provider)
    live = stage.make()
    kept: dict[str, Message] = {}
    for verb, script, number in steps:
        provider.attempts = [[]] * len(provider.requests) + [_scripts[script]]
        live = await _take(stage, live, verb, number)
        messages = {message.id: message for message in messages_of(live)}
        for before in kept.values():
            now = messages[before.id]
            assert (now.role, now.parent) == (before.role, before.parent)
            # A reply that was continued has grown; nothing else changes.
            assert now.text.startswith(before.text)
        kept = messages
        if kept:
            assert stage.read() == list(kept.values())
    await live.aclose()
    if kept:
        again = stage.open()
        assert messages_of(again) == list(kept.values())
        assert again.conversation.active == live.conversation.active
        await again.aclose()


async def _take(stage: Stage, live: LiveSession, verb: str, number: int) -> LiveSession:
    messages = list(live.conversation)
    prompts = [message for message in messages if message.role is Role.USER]
    match verb:
        case "edit" if prompts:
            await collect(live.send(f"instead {number}", instead_of=prompts[number % len(prompts)].id))
        case "ask again":
            await collect(live.ask_again())
        case "continue":
            await collect(live.continue_reply())
        case "compare":
            events = live.compare(live.make_comparison(["fake/one", "fake/two"]), f"both {number}")
            async for _ in events:
                pass
        case "show" if messages:
            await live.show_branch(messages[number % len(messages)].id)
        case "reopen" if messages:
            await live.aclose()
            return stage.open()
        case _:
            await collect(live.send(f"prompt {number}"))
    return live
