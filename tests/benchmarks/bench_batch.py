"""`chatui batch` against a bare httpx loop that does the same: wall time over the ideal, and CPU over the loop's.

The ideal is as many rounds as there have to be, each as long as the slowest reply: what a busy machine or server adds
to the replies is in it, what the program adds between and around them is not.

Run it as `python -m tests.benchmarks.bench_batch [prompts] [tokens] [milliseconds per token] [concurrency]`. The server
is a process of its own, which sends each reply in chunks at the pace of a model.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.sse_server import delta, finish

ROOT = Path(__file__).parents[2]
WALL_LIMIT = 1.15
CPU_LIMIT = 1.5


class Server(asyncio.Protocol):
    """Sends so many tokens, one every so many seconds, to each request; nothing else."""

    tokens = 200
    seconds = 0.005

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.received = b""
        self.sent = 0

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, separator, body = self.received.partition(b"\r\n\r\n")
        if not separator:
            return
        lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        if len(body) < int(lengths[0].partition(b":")[2]):
            return
        self.received = b""
        self.sent = 0
        self.began = asyncio.get_running_loop().time()
        self.transport.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
        )
        self._send()

    def _send(self) -> None:
        loop = asyncio.get_running_loop()
        if self.transport.is_closing():
            return
        if self.sent < self.tokens:
            self._chunk(_TOKEN)
            self.sent += 1
            # By the clock and not by the last call: what the loop is late does not add up.
            loop.call_at(self.began + self.sent * self.seconds, self._send)
        else:
            self._chunk(finish(usage={"prompt_tokens": 8, "completion_tokens": self.tokens}))
            self.transport.write(b"0\r\n\r\n")

    def _chunk(self, data: bytes) -> None:
        self.transport.write(b"%x\r\n%b\r\n" % (len(data), data))


_TOKEN = delta(content=" word")


async def _serve(tokens: int, seconds: float) -> None:
    Server.tokens, Server.seconds = tokens, seconds
    server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


async def _ask_barely(port: int, prompts: int, concurrency: int) -> None:
    """What one would write by hand: httpx, a semaphore, a line of JSON per event."""
    import httpx  # the program that is measured loads it for itself

    gate = asyncio.Semaphore(concurrency)
    limits = httpx.Limits(max_connections=100, max_keepalive_connections=100)
    async with httpx.AsyncClient(timeout=60, limits=limits, trust_env=False) as client:

        async def ask(n: int) -> str:
            body = {"model": "m", "stream": True, "messages": [{"role": "user", "content": f"Prompt {n}"}]}
            parts: list[str] = []
            async with gate, client.stream("POST", f"http://127.0.0.1:{port}/v1/chat/completions", json=body) as reply:
                async for line in reply.aiter_lines():
                    if line.startswith("data: ") and line != "data: [DONE]":
                        for choice in json.loads(line[6:])["choices"]:
                            parts.append(choice["delta"].get("content") or "")
            return "".join(parts)

        for text in await asyncio.gather(*(ask(n) for n in range(prompts))):
            print(json.dumps({"text": text}))


def _run(argv: Sequence[str], environ: dict[str, str]) -> tuple[float, float]:
    """Run a program; return its wall time and its CPU time."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    subprocess.run(
        [sys.executable, *argv], cwd=ROOT, env=environ, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    wall = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@contextlib.contextmanager
def _served(tokens: int, seconds: float) -> Iterator[str]:
    argv = [sys.executable, "-m", "tests.benchmarks.bench_batch", "--serve", str(tokens), str(seconds)]
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.kill()


def measure(prompts: int, tokens: int, milliseconds: float, concurrency: int) -> tuple[float, float]:
    """Print the figures; return wall over ideal and CPU over the bare loop's."""
    rounds = math.ceil(prompts / concurrency)
    nominal = rounds * tokens * milliseconds / 1000
    ratios: list[float] = []
    with tempfile.TemporaryDirectory() as folder, _served(tokens, milliseconds / 1000) as port:
        source, home = Path(folder) / "prompts.txt", Path(folder) / "home"
        source.write_text("".join(f"Prompt {n}\n" for n in range(prompts)))
        environ = {
            "PATH": os.environ["PATH"],
            "CHATUI_HOME": str(home),
            "CHATUI_BASE_URL": f"http://127.0.0.1:{port}/v1",
            "CHATUI_API_KEY": "k",
            "CHATUI_MODEL": "m",
        }
        module = ["-m", "tests.benchmarks.bench_batch", "--bare", port, str(prompts), str(concurrency)]
        bare: list[tuple[float, float]] = []
        ours: list[tuple[float, float]] = []
        for turn in range(3):
            bare.append(_run(module, environ))
            output = str(Path(folder) / f"answers-{turn}.jsonl")
            batch = ["-m", "chatui", "batch", str(source), "-o", output, "--concurrency", str(concurrency)]
            ours.append(_run(batch, environ))
            replies = [json.loads(line) for line in Path(output).read_bytes().splitlines()]
            assert len(replies) == prompts
            ratios.append(ours[-1][0] / (rounds * max(reply["timing"]["total"] for reply in replies)))
    wall, cpu = (statistics.median(run[kind] for run in ours) for kind in (0, 1))
    bare_wall, bare_cpu = (statistics.median(run[kind] for run in bare) for kind in (0, 1))
    print(f"{prompts} prompts × {tokens} tokens at {milliseconds:g} ms, {concurrency} at a time (median of 3)")
    ratio = statistics.median(ratios)
    print(f"  wall  {wall:6.2f} s   ideal     {wall / ratio:6.2f} s   ratio {ratio:.2f}  (limit {WALL_LIMIT})")
    print(f"        bare loop {bare_wall:6.2f} s, and {nominal:.2f} s if the machine had nothing else to do")
    print(f"  CPU   {cpu:6.2f} s   bare loop {bare_cpu:6.2f} s   ratio {cpu / bare_cpu:.2f}  (limit {CPU_LIMIT})")
    return ratio, cpu / bare_cpu


def main(argv: Sequence[str]) -> int:
    """Serve, ask barely, or measure; return 1 where a limit is missed."""
    if argv[:1] == ["--serve"]:
        asyncio.run(_serve(int(argv[1]), float(argv[2])))
    elif argv[:1] == ["--bare"]:
        asyncio.run(_ask_barely(int(argv[1]), int(argv[2]), int(argv[3])))
    else:
        given = [float(word) for word in argv] + [200, 200, 5, 50][len(argv) :]
        wall, cpu = measure(int(given[0]), int(given[1]), given[2], int(given[3]))
        return int(wall > WALL_LIMIT or cpu > CPU_LIMIT)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
