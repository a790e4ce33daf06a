"""The rows about a reply that streams: CPU per flush, growth, whole replies, lag, bytes, keys."""

from __future__ import annotations

from typing import Any

from tests.benchmarks.bench import PATIENCE, Bench, median_of
from tests.benchmarks.keys import echo_of, idle_of
from tests.benchmarks.payloads import PAYLOADS
from tests.benchmarks.table import Row, format_milliseconds

_RIVALS = {"richlog": "RichLog", "markdown": "Textual Markdown"}
_EARLY = 700
_SHARED = ("prose", "mixed", "fence, python, 3,000 lines", "table of 1,500 rows")
"""Payloads that the others are measured with too; with the rest they need minutes."""


def measure_flushes(bench: Bench) -> list[Row]:
    """Rows 1 and 2: CPU per flush late in a reply, and how it grew."""
    count = 20 if bench.is_quick else 40
    rows: list[Row] = []
    for payload in PAYLOADS:
        settings: dict[str, Any] = {"payload": payload, "places": [_EARLY, -1], "count": count}
        found = bench.gather(("bare", "chatui"), "flush", **settings)
        late, early = median_of(found["chatui"], "means", 1), median_of(found["chatui"], "means", 0)
        bare = median_of(found["bare"], "means", 1)
        rivals = _measure_rivals(bench, payload) if payload in _SHARED else {}
        ours, base = format_milliseconds(late), format_milliseconds(bare)
        rows.append(Row("1", f"CPU per flush, {payload}, late", ours, f"bare frame {base}", late / bare, 1.5, rivals))
        early_text = f"at 700 tokens {format_milliseconds(early)}"
        rows.append(Row("2", f"… grown since 700 tokens, {payload}", ours, early_text, late / early, 1.4))
    return sorted(rows, key=lambda row: row.number)


def _measure_rivals(bench: Bench, payload: str) -> dict[str, str]:
    rivals: dict[str, str] = {}
    for kind, name in _RIVALS.items():
        late = bench.run(kind, "flush", patience=PATIENCE, payload=payload, places=[20_000], count=5, windows=1)
        rivals[name] = f"> {PATIENCE:.0f} s, ended" if late is None else format_milliseconds(late["means"][0])
    return rivals


def measure_below_many(bench: Bench) -> list[Row]:
    """Row 3: the same flush with 10,000 messages above."""
    few: list[Any] = []
    many: list[Any] = []
    for _ in range(bench.repeats):
        for above, found in ((10, few), (10_000, many)):
            found.append(bench.run("chatui", "flush", payload="prose", places=[5000], count=40, above=above))
    ours, base = median_of(many, "means", 0), median_of(few, "means", 0)
    measure = "CPU per flush, 10,000 messages above"
    return [Row("3", measure, format_milliseconds(ours), f"10 above {format_milliseconds(base)}", ours / base, 1.4)]


def measure_streams(bench: Bench) -> list[Row]:
    """Rows 4 and 5: a whole reply at 1,000 tokens per second through engine, disk and screen; lag of the loop."""
    tokens = 5000 if bench.is_quick else 20_000
    rows: list[Row] = []
    for payload in ("prose", "mixed"):
        found: dict[str, list[Any]] = {"bare": [], "chatui": []}
        for probe in (False, True):
            for _ in range(1 if probe else bench.repeats):
                for kind, runs in found.items():
                    runs.append(_stream(bench, kind, payload, tokens, probe))
        lags = {kind: runs.pop() for kind, runs in found.items()}
        rivals = {_RIVALS[kind]: _tell_stream(_stream(bench, kind, payload, tokens, False)) for kind in _RIVALS}
        cpu, bare = median_of(found["chatui"], "cpu"), median_of(found["bare"], "cpu")
        base = f"one line at 30 Hz {bare:.2f} s"
        rows.append(Row("4", f"CPU of {tokens:,} tokens, {payload}", f"{cpu:.2f} s", base, cpu / bare, 1.5, rivals))
        for name, budget in (("p99", 3.0), ("max", 15.0)):
            ours, quiet = lags["chatui"][name], lags["bare"][name]
            base = f"bare {format_milliseconds(quiet)}"
            rows.append(Row("5", f"Loop lag {name}, {payload}", format_milliseconds(ours), base, ours / quiet, budget))
        rate = median_of(found["chatui"], "frames") / median_of(found["chatui"], "wall")
        rows.append(Row("–", f"Frames per second, {payload}", f"{rate:.1f}", "", rate, 30.0, unit=" /s"))
        size = median_of(found["chatui"], "bytes") / tokens
        rows.append(
            Row("–", f"Bytes to the terminal per token, {payload}", f"{size:.0f} B", "", size, 300.0, unit=" B")
        )
    return sorted(rows, key=lambda row: row.number)


def _stream(bench: Bench, kind: str, payload: str, tokens: int, probe: bool) -> Any:
    stage = {"payload": payload, "tokens": tokens, "speed": 1000.0} if kind == "chatui" else {}
    return bench.run(
        kind,
        "stream",
        patience=tokens / 1000 * 4 + 20,
        payload=payload,
        tokens=tokens,
        speed=1000.0,
        probe=probe,
        stage=stage,
    )


def _tell_stream(run: Any) -> str:
    if run is None:
        return "4 × too slow, ended"
    return f"{run['cpu']:.1f} s in {run['wall']:.0f} s"


def measure_keys(bench: Bench) -> list[Row]:
    """Row 9: the echo of a key while 1,000 tokens per second arrive, beside an app that is idle; idle CPU."""
    count = 30 if bench.is_quick else 90
    found: dict[str, list[dict[str, float]]] = {"bare": [], "chatui": []}
    for _ in range(bench.repeats):
        for kind, runs in found.items():
            bench.say(f"{kind} key echo")
            runs.append(echo_of(kind, bench.home(), count))
    bench.say("markdown key echo")
    slow = echo_of("markdown", bench.home(), min(count, 40))
    rows: list[Row] = []
    for name, budget in (("p50", 1.5), ("p90", 3.0)):
        ours, quiet = median_of(found["chatui"], name), median_of(found["bare"], name)
        rivals = {_RIVALS["markdown"]: format_milliseconds(slow[name])}
        text = f"idle bare {format_milliseconds(quiet)}"
        rows.append(
            Row("9", f"Key echo {name} at 1,000 tok/s", format_milliseconds(ours), text, ours / quiet, budget, rivals)
        )
    p90 = median_of(found["chatui"], "p90")
    rows.append(Row("9", "Key echo p90 below a frame of 60 Hz", format_milliseconds(p90), "", p90, 16.7, unit=" ms"))
    seconds = 5.0 if bench.is_quick else 20.0
    idle = {kind: idle_of(kind, bench.home(), seconds) * 100 for kind in found}
    base = f"bare {idle['bare']:.2f} %"
    rows.append(Row("–", "CPU while idle", f"{idle['chatui']:.2f} %", base, idle["chatui"], 0.3, unit=" %"))
    return rows
