"""From the start of `chatui ask` to the first byte of its answer, beside a bare script that imports httpx and streams.

Run it as `python -m tests.benchmarks.bench_ask`; it prints the medians and their ratio.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence

from tests.cli.stage import ServerThread
from tests.sse_server import Recorded, Script, deltas, finish

BUDGET = 1.3
"""Times the bare script."""
_BARE = """
import asyncio, json, sys
import httpx

async def main():
    body = {"model": "m", "stream": True, "messages": [{"role": "user", "content": "hi"}]}
    async with httpx.AsyncClient() as client, client.stream("POST", sys.argv[1], json=body) as response:
        async for line in response.aiter_lines():
            if line.startswith("data: {"):
                choices = json.loads(line[6:])["choices"]
                if choices and (text := choices[0]["delta"].get("content")):
                    print(text, end="", flush=True)

asyncio.run(main())
"""


def time_first_byte(command: Sequence[str], environ: dict[str, str]) -> float:
    """Seconds of wall from the start of a program to the first byte on its standard output."""
    start = time.perf_counter()
    with subprocess.Popen(command, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        os.read(program.stdout.fileno(), 1)
        seconds = time.perf_counter() - start
        program.stdout.read()
    return seconds


def _answer(request: Recorded) -> Script:
    return Script([deltas("Hi"), finish()])


def main() -> int:
    """Measure in turns, so that what else goes on meets both; exit code 1 when the budget is not kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=25)
    rounds: int = parser.parse_args().rounds
    with ServerThread(_answer) as server, tempfile.TemporaryDirectory() as home:
        named = {"CHATUI_HOME": home, "CHATUI_BASE_URL": server.base_url, "CHATUI_MODEL": "m"}
        environ = {**os.environ, **named}
        bare = [sys.executable, "-c", _BARE, f"{server.base_url}/chat/completions"]
        ask = [sys.executable, "-m", "chatui", "ask", "hi"]
        runs = {"bare": bare, "ask": ask, "ask --no-save": [*ask, "--no-save"]}
        seconds: dict[str, list[float]] = {name: [] for name in runs}
        for _ in range(rounds):
            for name, command in runs.items():
                seconds[name].append(time_first_byte(command, environ))
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    for name, median in medians.items():
        print(f"{name:14}  {median * 1000:6.1f} ms  {median / medians['bare']:.2f}×")
    return 0 if medians["ask"] <= BUDGET * medians["bare"] else 1


if __name__ == "__main__":
    sys.exit(main())
