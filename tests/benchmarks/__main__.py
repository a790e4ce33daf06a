"""`python -m tests.benchmarks`: measure chatui beside bare Textual, RichLog, Textual's Markdown and raw loops.

Prints one Markdown table of ratios; every baseline is measured in the same run, in a pseudo-terminal of 40 × 130 cells.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from tests.benchmarks import rows_around, rows_latency, rows_reply
from tests.benchmarks.bench import Bench
from tests.benchmarks.table import Row, format_table

GROUPS: Mapping[str, Callable[[Bench], list[Row]]] = MappingProxyType(
    {
        "flush": rows_reply.measure_flushes,
        "above": rows_reply.measure_below_many,
        "stream": rows_reply.measure_streams,
        "open": rows_around.measure_open,
        "keys": rows_reply.measure_keys,
        "latency": rows_latency.measure_latency,
        "start": rows_around.measure_start,
        "wire": rows_around.measure_wire,
        "limits": rows_around.measure_limits,
        "save": rows_around.measure_disk,
        "list": rows_around.measure_list,
    }
)


def main() -> int:
    """Measure what is asked for and print the table; exit code 1 when a budget is not kept."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", metavar="GROUP", action="append", choices=GROUPS, help=f"one of {', '.join(GROUPS)}")
    parser.add_argument("--quick", action="store_true", help="one repeat and shorter replies: for a first look")
    options = parser.parse_args()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), options.quick, lambda text: print(f"  {text}", file=sys.stderr, flush=True))
        for name in options.only or GROUPS:
            found = GROUPS[name](bench)
            bench.say(format_table(found))
            rows += found
    print(f"Python {platform.python_version()}, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}\n")
    print(format_table(rows))
    return 0 if all(row.is_kept for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
