"""From the moment a server sends a delta until it stands on the terminal, through the real app and real HTTP.

Every so many tokens the reply holds a letter that occurs once. The server, a process of its own, notes when it sends
each; the terminal notes when each is written. Both read the same monotonic clock.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.benchmarks.keys import LETTERS
from tests.benchmarks.payloads import PAYLOADS, TOKEN
from tests.benchmarks.terminal import ROOT, Terminal, make_environment
from tests.sse_server import Pause, Recorded, Script, SSEServer, Step, delta, finish

_HTTPX = """
import asyncio, json, sys
import httpx

async def main():
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
        async with client.stream("POST", sys.argv[1], json={"stream": True, "messages": []}) as response:
            async for line in response.aiter_lines():
                if line.startswith("data: {"):
                    choices = json.loads(line[6:])["choices"]
                    if choices and (text := choices[0]["delta"].get("content")):
                        print(text, end="", flush=True)

asyncio.run(main())
"""


_SETTLE_SECONDS = 3.0
"""For what the app loads after its first frame."""


def mark_tokens(payload: str, count: int) -> list[tuple[str, str]]:
    """The tokens of a reply, each with the letter it holds, or an empty one."""
    text = PAYLOADS[payload]()[: count * TOKEN]
    tokens = [text[at : at + TOKEN] for at in range(0, len(text), TOKEN)]
    letters = iter(LETTERS)
    every = max(count // len(LETTERS), 3)
    marked: list[tuple[str, str]] = []
    due = every
    for number, token in enumerate(tokens):
        # Between two letters a space stands for no more than itself, in every kind of Markdown.
        before, _, after = token.partition(" ")
        if number >= due and before[-1:].isalpha() and after[:1].isalpha() and (letter := next(letters, "")):
            marked.append((f"{before} {letter} {after}", letter))
            due = number + every
        else:
            marked.append((token, ""))
    return marked


class _Paced(Sequence[Step]):
    """The steps of a script, each at its time; notes when each letter is handed to the connection."""

    def __init__(self, tokens: list[tuple[str, str]], speed: float) -> None:
        self._tokens = tokens
        self._speed = speed
        self.sent: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._tokens)

    def __getitem__(self, index: int | slice) -> Step:  # type: ignore[override]  # a server only iterates
        raise NotImplementedError

    def __iter__(self) -> Iterator[Step]:
        began = time.perf_counter()
        for number, (text, letter) in enumerate(self._tokens):
            # By the clock, not by the step before: what one is late does not add up.
            wait = began + number / self._speed - time.perf_counter()
            if wait > 0:
                yield Pause(wait)
            if letter:
                self.sent[letter] = time.perf_counter()
            yield delta(content=text)
        yield finish()


async def serve(payload: str, count: int, speed: float) -> None:
    """Serve one reply on a free port, which is printed, and print when each letter was sent; ends with the input."""
    steps = _Paced(mark_tokens(payload, count), speed)

    def answer(request: Recorded) -> Script | None:
        return Script(steps) if request.path.endswith("/chat/completions") else Script([b"{}"], framing="length")

    async with SSEServer(answer) as server:
        print(server.port, flush=True)
        await asyncio.to_thread(sys.stdin.readline)
    print(json.dumps(steps.sent), flush=True)


def measure_reply(kind: str, home: Path, payload: str, count: int, speed: float) -> dict[str, float]:
    """Latency in milliseconds (p50, p99), letters that never came, and CPU seconds while the reply streamed."""
    letters = [letter for _, letter in mark_tokens(payload, count) if letter]
    server = [sys.executable, "-m", "tests.benchmarks.latency", payload, str(count), str(speed)]
    with subprocess.Popen(server, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as serving:
        assert serving.stdin is not None
        assert serving.stdout is not None
        base = f"http://127.0.0.1:{serving.stdout.readline().strip()}/v1"
        named = {"CHATUI_BASE_URL": base, "CHATUI_API_KEY": "key", "CHATUI_MODEL": "m"}
        program = ["-m", "chatui"] if kind == "chatui" else ["-c", _HTTPX, f"{base}/chat/completions"]
        with Terminal.python(make_environment(home) | named, *program) as terminal:
            if kind == "chatui":
                # A person types, too, when the app has long been there.
                terminal.expect(b"Message ")
                terminal.wait_seen(20)
                time.sleep(_SETTLE_SECONDS)
                terminal.send(b"go\r")
            seen = terminal.watch([letter.encode() for letter in letters])
            _wait(lambda: len(seen) > 0, 30)
            cpu = terminal.cpu_seconds()
            _wait(lambda: len(seen) == len(letters), count / speed + 5)
            cpu = terminal.cpu_seconds() - cpu
        serving.stdin.close()
        sent: dict[str, float] = json.loads(serving.stdout.readline())
    times = sorted((seen[letter.encode()] - sent[letter]) * 1e3 for letter in letters if letter.encode() in seen)
    if not times:
        raise RuntimeError(f"{kind}: nothing of the reply was seen")
    places = {"p50": 0.5, "p99": 0.99}
    found = {name: times[min(int(len(times) * share), len(times) - 1)] for name, share in places.items()}
    return {**found, "lost": len(letters) - len(times), "cpu": cpu}


def _wait(holds: object, seconds: float) -> None:
    assert callable(holds)
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.05)


def main() -> None:
    """Serve."""
    payload, count, speed = sys.argv[1:]
    asyncio.run(serve(payload, int(count), float(speed)))


if __name__ == "__main__":
    main()
