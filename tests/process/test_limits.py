"""S11 and S12 from outside: the memory of a whole process, and keys while a reply streams, in a terminal."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from chatui.conversation.events import Ended, TextDelta
from chatui.providers.cassette import Cassette, Reply, TimedEvent, encode_cassette
from tests.cli.stage import ROOT, ServerThread
from tests.process.terminal import Terminal, run
from tests.sse_server import Script, SSEServer, Stall, Step, deltas, event, finish

MOST_MEMORY = 600 * 1024
"""KiB of resident memory, at any time."""
PER_SECOND = 500
LETTERS = "абвгдежзийклмнопрстуф"
"""Letters that nothing else on the screen holds."""


def _ask(server: ServerThread, environ: Mapping[str, str]) -> tuple[dict[str, Any], int, float]:
    """Ask in a process of its own; return its JSON, the most memory it held (KiB), and the seconds it took."""
    began = time.monotonic()
    command = [sys.executable, "-m", "chatui", "ask", "--json", "--max-retries", "0", "hi"]
    with subprocess.Popen(
        command, cwd=ROOT, env=dict(environ), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    ) as ran:
        assert ran.stdout is not None
        out = ran.stdout.read()
        _, _, used = os.wait4(ran.pid, 0)
        ran.returncode = 0
    return json.loads(out), used.ru_maxrss, time.monotonic() - began


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"CHATUI_HOME": str(tmp_path), "CHATUI_API_KEY": "sk-test-1234567890", "CHATUI_MODEL": "m"}


def test_s11_an_event_of_ten_megabytes_takes_bounded_memory_and_time(environ: dict[str, str]) -> None:
    text = "word " * 2_000_000
    with ServerThread() as server:
        server.server.add(Script([event({"choices": [{"delta": {"content": text}}]}), finish()]))
        told, memory, seconds = _ask(server, environ | {"CHATUI_BASE_URL": server.base_url})
    assert (told["outcome"], told["text"]) == ("complete", text)
    assert memory < MOST_MEMORY
    assert seconds < 20


def test_s12_an_endless_line_takes_bounded_memory(environ: dict[str, str]) -> None:
    endless: list[Step] = [deltas("before"), *[b"data: " + b"x" * 8_000_000] * 12, Stall()]
    with ServerThread() as server:
        server.server.add(Script(endless))
        told, memory, _ = _ask(server, environ | {"CHATUI_BASE_URL": server.base_url})
    assert (told["outcome"], told["text"], told["error"]["kind"]) == ("interrupted", "before", "protocol")
    assert memory < MOST_MEMORY


async def _echo(terminal: Terminal, letters: str) -> float:
    """Type letters, each once the one before stands there; the seconds within which 95 of 100 came."""
    times = []
    for letter in letters:
        mark, sent = len(terminal.raw), time.monotonic()
        terminal.send(letter)
        await terminal.until(lambda mark=mark, letter=letter: letter.encode() in terminal.raw[mark:], letter)  # type: ignore[misc]  # bound early on purpose
        times.append(time.monotonic() - sent)
    return sorted(times)[round(0.95 * len(times)) - 1]


async def test_s11_keys_are_echoed_and_esc_stops_while_500_deltas_a_second_arrive(tmp_path: Path) -> None:
    words = ["Prose", "that", "wraps", "and", "wraps,", "**bold**", "and", "`code`,", "and", "goes", "on.", ""]
    events = [
        TimedEvent(number / PER_SECOND, TextDelta(words[number % len(words)] + " "))
        for number in range(30 * PER_SECOND)
    ]
    cassette = tmp_path / "long.toml"
    cassette.write_bytes(encode_cassette(Cassette("c", (Reply((*events, TimedEvent(30.0, Ended("stop")))),), 128_000)))
    async with run("--play", str(cassette), home=tmp_path / "home", size=(120, 40)) as terminal:
        await terminal.sees("Message scripted/c")
        idle = await _echo(terminal, LETTERS)
        terminal.send("ctrl+u", "go", "enter")
        await terminal.sees("streaming", "wraps and wraps")
        busy = await _echo(terminal, LETTERS)
        assert "streaming" in terminal.text
        sent = time.monotonic()
        terminal.send("esc")
        await terminal.sees("— stopped")
        stopped = time.monotonic() - sent
    # Where other programs take the processor, a key waits for that too: as long as it does with nothing streaming.
    assert busy < max(0.1, 3 * idle)
    assert stopped < max(0.5, 5 * idle)


async def test_s11_esc_closes_the_connection(tmp_path: Path) -> None:
    async with SSEServer(lambda request: Script([deltas("One ", "two "), Stall()])) as server:
        environ = {"CHATUI_BASE_URL": server.base_url, "CHATUI_API_KEY": "sk-test-1234567890", "CHATUI_MODEL": "m"}
        async with run("hello", home=tmp_path, environ=environ) as terminal:
            await terminal.sees("One two")
            sent = time.monotonic()
            terminal.send("esc")
            async with asyncio.timeout(5):
                await server.requests[-1].closed.wait()
            waited = time.monotonic() - sent
            await terminal.sees("— stopped")
            sent = time.monotonic()
            terminal.send("ж")
            await terminal.sees("ж")
            idle = time.monotonic() - sent
    assert waited < max(0.5, 5 * idle)
