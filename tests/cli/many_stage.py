"""A server for commands that ask many times: it sees how many requests are open at once, and how often each comes."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.cli.stage import ServerThread
from tests.sse_server import Recorded, Script, SSEServer, deltas, finish, refusal

Answer = Callable[["ManyServer", Recorded, int], Script]
"""Makes the answer to a request; the number counts the requests with the same prompt, from 1."""


def prompt_of(request: Recorded) -> str:
    """The last message of a request."""
    return str(request.json["messages"][-1]["content"])


def say_yes(server: ManyServer, request: Recorded, number: int) -> Script:
    """The usual answer: it repeats the prompt."""
    usage: dict[str, object] = {"prompt_tokens": 10, "completion_tokens": 2}
    return Script([deltas("Re: ", prompt_of(request)), finish(usage=usage)])


def limit_every(n: int, seconds: str = "0.05") -> Answer:
    """Every n-th request is refused once with 429, and told to wait."""

    def answer(server: ManyServer, request: Recorded, number: int) -> Script:
        if sum(server.asked.values()) % n == 0 and number == 1:
            return refusal(429, "slow down", retry_after=seconds)
        return say_yes(server, request, number)

    return answer


class ManyServer(ServerThread):
    """Answers as `answer` says; with `is_held`, only when the test releases a request."""

    def __init__(self, answer: Answer = say_yes, *, is_held: bool = False) -> None:
        super().__init__()
        self.server = SSEServer(self._choose)
        self.asked: Counter[str] = Counter()
        """How often each prompt was asked."""
        self.released = 0
        self.most_open = 0
        """Requests that were open at one moment, at most."""
        self._answer = answer
        self._is_held = is_held
        self._gates: list[asyncio.Event] = []

    def release(self, count: int = 1) -> None:
        """Let the oldest requests that are held be answered."""
        for _ in range(count):
            self.set(self._gates[self.released])
            self.released += 1

    def wait_for(self, number: int) -> None:
        """Wait until so many requests have come in all."""
        self.wait_for_request(number)

    def _choose(self, request: Recorded) -> Script:
        self.asked[prompt_of(request)] += 1
        script = self._answer(self, request, self.asked[prompt_of(request)])
        if not self._is_held:
            return script
        gate = asyncio.Event()
        self._gates.append(gate)
        self.most_open = max(self.most_open, len(self._gates) - self.released)
        return Script([gate, *script.steps], script.status, script.headers, script.framing)


def environ_of(home: Path, server: ManyServer, **more: str) -> dict[str, str]:
    """An environment that names the server, a key and a model."""
    return {
        "HOME": str(home),
        "CHATUI_HOME": str(home / "chatui"),
        "CHATUI_BASE_URL": server.base_url,
        "CHATUI_API_KEY": "sk-test-4711-abcdef",
        "CHATUI_MODEL": "big-1",
        **more,
    }


def read_results(path: Path) -> list[dict[str, Any]]:
    """The results of a batch."""
    return [json.loads(line) for line in path.read_bytes().splitlines()]
