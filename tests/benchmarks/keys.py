"""Key echo: how long after a key its character stands on the terminal; and what an app costs that does nothing."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Sequence
from pathlib import Path

from chatui.providers.cassette import encode_cassette
from tests.benchmarks.payloads import PAYLOADS, TOKEN
from tests.benchmarks.stage_chatui import make_cassette
from tests.benchmarks.terminal import Terminal, make_environment

LETTERS = [chr(code) for code in (*range(0x430, 0x450), *range(0x531, 0x557), *range(0x3B1, 0x3CA))]
"""Letters that no payload holds, each typed once."""
_BARE = "from tests.benchmarks.stage_textual import BareStage; BareStage().app.run()"


def type_keys(arguments: Sequence[str], home: Path, count: int, warm_up: float) -> dict[str, float]:
    """Type `count` letters, 8 a second, and return the echo's p50, p90 and p99 in milliseconds, and what was lost."""
    chance = random.Random(5)
    times: list[float] = []
    lost = 0
    with Terminal.python(make_environment(home), *arguments) as terminal:
        time.sleep(warm_up)
        cpu, wall = terminal.cpu_seconds(), time.perf_counter()
        for letter in LETTERS[:count]:
            time.sleep(0.1 + 0.05 * chance.random())
            terminal.expect(letter.encode())
            sent = terminal.send(letter.encode())
            seen = terminal.wait_seen(2)
            if seen is None:
                lost += 1
            else:
                times.append((seen - sent) * 1e3)
        cpu, wall = terminal.cpu_seconds() - cpu, time.perf_counter() - wall
    times.sort()
    if not times:
        return {"p50": 2000.0, "p90": 2000.0, "p99": 2000.0, "lost": lost, "cpu": cpu / wall}
    places = {name: times[min(int(len(times) * share), len(times) - 1)] for name, share in _SHARES}
    return {**places, "lost": lost, "cpu": cpu / wall}


_SHARES = (("p50", 0.5), ("p90", 0.9), ("p99", 0.99))


def echo_of(kind: str, home: Path, count: int) -> dict[str, float]:
    """The echo of an app: `bare` idle, the others while 1,000 tokens per second arrive."""
    if kind == "bare":
        return type_keys(("-c", _BARE), home, count, 2.0)
    if kind != "chatui":
        job = {"payload": "prose", "tokens": 20_000, "speed": 1000}
        arguments = ("-m", "tests.benchmarks.child", kind, "stream", json.dumps(job), str(home / "result.json"))
        return type_keys(arguments, home, count, 8.0)
    path = home / "cassette.toml"
    prose = PAYLOADS["prose"]()
    path.write_bytes(encode_cassette(make_cassette((prose + "\n\n" + prose)[: 40_000 * TOKEN], 1000, at_once=10_000)))
    return type_keys(("-m", "chatui", "--play", str(path), "go"), home, count, 4.0)


def idle_cpu(arguments: Sequence[str], home: Path, seconds: float) -> float:
    """Share of one CPU that a program takes while nothing happens."""
    with Terminal.python(make_environment(home), *arguments) as terminal:
        time.sleep(4.0)
        cpu, wall = terminal.cpu_seconds(), time.perf_counter()
        time.sleep(seconds)
        return (terminal.cpu_seconds() - cpu) / (time.perf_counter() - wall)


def idle_of(kind: str, home: Path, seconds: float) -> float:
    """The idle CPU of the bare app or of chatui."""
    return idle_cpu(("-c", _BARE) if kind == "bare" else ("-m", "chatui"), home, seconds)
