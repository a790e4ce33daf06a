"""CPU per append of 17 tokens, early and late in a reply, for each kind of payload.

Run it as `python -m tests.benchmarks.bench_markdown [part of a payload's name …]`.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable

from chatui.ui.markdown.flow import MarkdownFlow
from chatui.ui.markdown.plain_flow import PlainFlow
from chatui.ui.markdown.warm_up import warm_up
from tests.benchmarks.payloads import FLUSH, PAYLOADS, TOKEN

WINDOW = 120
"""Appends that are timed at each place."""


def measure(make: Callable[[], MarkdownFlow | PlainFlow], text: str) -> tuple[float, float, float]:
    """Return the microseconds of CPU per append at 700 tokens, at the end, and the worst of all."""
    best: tuple[float, float, float] | None = None
    for _ in range(3):
        flow = make()
        times: list[float] = []
        gc.disable()
        for at in range(0, len(text), FLUSH):
            begin = time.process_time()
            flow.append(text[at : at + FLUSH])
            times.append(time.process_time() - begin)
        gc.enable()
        first = 700 * TOKEN // FLUSH
        early, late = (sum(part) / len(part) * 1e6 for part in (times[first : first + WINDOW], times[-WINDOW:]))
        now = (early, late, max(times) * 1e6)
        best = now if best is None else (min(best[0], now[0]), min(best[1], now[1]), min(best[2], now[2]))
        if len(text) > 1_000_000:
            break
    return best or (0.0, 0.0, 0.0)


def main() -> None:
    """Print the table."""
    warm_up()
    wanted = sys.argv[1:]
    print(f"{'payload':32}{'tokens':>9}{'early µs':>10}{'late µs':>10}{'ratio':>7}{'worst µs':>10}{'resize ms':>11}")
    for name, make_text in PAYLOADS.items():
        if wanted and not any(word in name for word in wanted):
            continue
        text = make_text()

        def make(name: str = name) -> MarkdownFlow | PlainFlow:
            return PlainFlow(100, "reasoning") if name == "reasoning" else MarkdownFlow(100)

        early, late, worst = measure(make, text)
        flow = make()
        flow.append(text)
        begin = time.process_time()
        flow.set_width(80)
        resize = (time.process_time() - begin) * 1e3
        print(
            f"{name:32}{len(text) // TOKEN:9}{early:10.0f}{late:10.0f}{late / early:7.2f}{worst:10.0f}{resize:11.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
