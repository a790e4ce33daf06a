"""The rows about everything else: opening, moving around, start-up, the wire, the disk, the list of sessions."""

from __future__ import annotations

import asyncio
from statistics import median
from typing import Any

from tests.benchmarks.bench import Bench, median_of
from tests.benchmarks.limits import LIMITS, measure_limit
from tests.benchmarks.save import measure_saves
from tests.benchmarks.sessions import make_messages, write_session, write_sessions
from tests.benchmarks.startup import find_early_imports, measure_first_keys, measure_starts
from tests.benchmarks.table import Row, format_milliseconds
from tests.benchmarks.wire import read_streams

_MANY = 10_000
_ID = "20260101-000000-open"
_ACTS = {
    "page": "page up",
    "wheel": "a notch of the wheel",
    "jump": "jump anywhere",
    "resize": "resize",
    "theme": "change of theme",
    "key": "key press",
}


def measure_open(bench: Bench) -> list[Row]:
    """Rows 6 to 8: from file to first frame, memory, and moving around, with 10 and with 10,000 messages."""
    few: list[Any] = []
    many: list[Any] = []
    frames: list[Any] = []
    homes = {10: bench.home(), _MANY: bench.home()}
    for count, home in homes.items():
        size = write_session(home, _ID, make_messages(count)).stat().st_size
    # In turn, so that all of them see the same machine.
    for _ in range(bench.repeats):
        for count, runs in ((10, few), (_MANY, many)):
            runs.append(bench.run("chatui", "jobs_chatui.open_session", home=homes[count], session=_ID, count=count))
            frames.append(bench.run("bare", "flush", payload="prose", places=[700], count=40))
    bare = median_of(frames, "means", 0)
    ours, base = median_of(many, "first"), median_of(few, "first")
    rows = [
        Row(
            "6",
            "File to first frame, 10,000 messages",
            format_milliseconds(ours),
            f"10: {base:.3g} ms",
            ours / base,
            1.5,
        ),
        Row("6", "… in bare frames", format_milliseconds(ours), f"bare {bare:.2g} ms", ours / bare, 8.0),
    ]
    grown = median_of(many, "rss") - median_of(few, "rss")
    megabytes = f"{grown / 1e6:.0f} MB"
    rows.append(Row("7", "Memory for 10,000 messages", megabytes, f"file {size / 1e6:.0f} MB", grown / size, 5.0))
    page, resize = median_of(many, "page"), median_of(many, "resize")
    small = median_of(few, "resize")
    rows.append(Row("8", "Page up at 10,000", format_milliseconds(page), f"bare {bare:.2g} ms", page / bare, 5.0))
    text = f"at 10: {format_milliseconds(small)}"
    rows.append(Row("8", "Resize at 10,000", format_milliseconds(resize), text, resize / small, 3.0))
    for act, words in _ACTS.items():
        worst = median_of(many, f"{act} worst")
        text = f"median {format_milliseconds(median_of(many, act))}"
        rows.append(
            Row("8", f"CPU at 10,000, worst {words}", format_milliseconds(worst), text, worst, 50.0, unit=" ms")
        )
    return rows


def measure_start(bench: Bench) -> list[Row]:
    """Row 10: start-up."""
    bench.say("start-up")
    found = measure_starts(bench.home(), 5 if bench.is_quick else 11)
    hello, ours = found["hello"][1], found["chatui"][1]
    printed, skeleton = found["print"][1], found["skeleton"][1]
    keys, bare = measure_first_keys(bench.home(), 3 if bench.is_quick else 7)
    early = find_early_imports(bench.home())
    return [
        Row("10", "First real frame", format_milliseconds(ours), f"bare hello {hello:.0f} ms", ours / hello, 1.2),
        Row(
            "10",
            "First bytes of a screen",
            format_milliseconds(skeleton),
            f"print {printed:.0f} ms",
            skeleton / printed,
            2.0,
        ),
        Row(
            "–",
            "Keys typed at once are on screen",
            format_milliseconds(keys),
            f"bare editor {bare:.0f} ms",
            keys / bare,
            2.0,
        ),
        Row("10", "Slow packages loaded by then", ", ".join(early) or "none", "", len(early), 0, unit=""),
    ]


def measure_wire(bench: Bench) -> list[Row]:
    """Row 11: the SSE client alone."""
    bench.say("SSE client")
    found = read_streams(("chatui", "raw", "httpx"), 3 if bench.is_quick else 5, bench.repeats)
    ours, raw = found["chatui"], found["raw"]
    rivals = {"httpx loop that prints": f"{found['httpx']:.0f} µs"}
    measure = "SSE client, CPU per delta at 1,000/s"
    return [Row("11", measure, f"{ours:.0f} µs", f"paced sock_recv {raw:.0f} µs", ours / raw, 3.5, rivals)]


def measure_limits(bench: Bench) -> list[Row]:
    """Streams that are long in one way: four times as much may cost four times as much, and memory stays in bounds."""
    rows: list[Row] = []
    for name in LIMITS:
        bench.say(name)
        found = [measure_limit(name) for _ in range(bench.repeats)]
        quarter, whole = (median(run[place] for run in found) for place in (0, 1))
        base = f"4 × a quarter {format_milliseconds(4e3 * quarter)}"
        rows.append(Row("–", f"CPU of {name}", format_milliseconds(whole * 1e3), base, whole / (4 * quarter), 1.4))
        memory = found[0][2]
        rows.append(Row("–", "… memory for a byte of it", f"{memory:.1f} B", "", memory, 20.0, unit=" B"))
    return rows


def measure_disk(bench: Bench) -> list[Row]:
    """Row 12: a save of one message."""
    bench.say("save in 10 MB")
    found = asyncio.run(measure_saves(bench.home(), 5 if bench.is_quick else 15))
    base = f"write, fsync, rename {found['bare']:.3g} ms"
    measure = f"Save of one message in {found['size'] / 1e6:.0f} MB"
    ours = format_milliseconds(found["save"])
    still = f"while nothing happens {format_milliseconds(found['idle'])}"
    return [
        Row("12", measure, ours, base, found["save"] / found["bare"], 1.3),
        Row(
            "12",
            "… longest hold of the loop",
            format_milliseconds(found["held"]),
            still,
            found["held"],
            5.0,
            unit=" ms",
        ),
    ]


def measure_list(bench: Bench) -> list[Row]:
    """Row 13: the first screen of the list of sessions."""
    found: dict[int, list[Any]] = {50: [], _MANY: []}
    for count, runs in found.items():
        home = bench.home()
        write_sessions(home, count)
        for _ in range(bench.repeats):
            runs.append(bench.run("chatui", "jobs_chatui.list_sessions", home=home))
    ours, few, scan = (
        median_of(found[_MANY], "cpu"),
        median_of(found[50], "cpu"),
        median(r["scan"] for r in found[_MANY]),
    )
    base = f"scandir {scan:.3g} ms + 2 × 50 files {few:.3g} ms"
    measure = "List of 10,000 sessions to its first rows"
    return [Row("13", measure, format_milliseconds(ours), base, ours / (scan + 2 * few), 1.0)]
