"""The rows about how soon a delta is on the terminal, and what a reply over HTTP costs in all."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from types import MappingProxyType

from tests.benchmarks.bench import Bench
from tests.benchmarks.latency import measure_reply
from tests.benchmarks.table import Row, format_milliseconds

_SECONDS = 10
"""Length of a reply."""
_GOALS: Mapping[tuple[str, int], tuple[float, float, float]] = MappingProxyType(
    {
        ("prose", 50): (3.8, 11.0, 2.1),
        ("prose", 200): (7.2, 37.0, 4.7),
        ("mixed", 50): (3.8, 11.0, 2.1),
        ("mixed", 200): (13.5, 199.0, 3.5),
    }
)
"""p50 and p99 in milliseconds, and CPU seconds of a reply of 10 s, by payload and tokens a second: what the fastest
terminal chat that was measured needs. They move with the machine, as times do; the baseline says what this one is."""


def measure_latency(bench: Bench) -> list[Row]:
    """Latency and CPU of whole replies through HTTP, engine, disk and screen, beside a loop that only prints."""
    rows: list[Row] = []
    for (payload, speed), goals in _GOALS.items():
        found: dict[str, list[dict[str, float]]] = {"httpx": [], "chatui": []}
        for _ in range(bench.repeats):
            for kind, runs in found.items():
                bench.say(f"{kind} latency {payload} {speed}")
                runs.append(measure_reply(kind, bench.home(), payload, speed * _SECONDS, speed))

        def middle(kind: str, name: str, found: Mapping[str, list[dict[str, float]]] = found) -> float:
            return statistics.median(run[name] for run in found[kind])

        if lost := middle("chatui", "lost"):
            raise RuntimeError(f"{lost:.0f} letters of {payload} were never on the terminal")
        label = f"{payload} at {speed} tok/s"
        for name, goal in zip(("p50", "p99"), goals, strict=False):
            ours, base = middle("chatui", name), f"httpx loop {format_milliseconds(middle('httpx', name))}"
            rows.append(
                Row("–", f"Delta to terminal {name}, {label}", format_milliseconds(ours), base, ours, goal, unit=" ms")
            )
        cpu, base = middle("chatui", "cpu"), f"httpx loop {middle('httpx', 'cpu'):.2f} s"
        rows.append(
            Row("–", f"CPU of a reply of {_SECONDS} s, {label}", f"{cpu:.2f} s", base, cpu, goals[2], unit=" s")
        )
    return rows
