"""CPU per append of 17 tokens, early and late in a reply, for each kind of payload.

Run it as `python -m tests.benchmarks.bench_markdown [part of a payload's name …]`.
"""

from __future__ import annotations

import gc
import random
import sys
import time
from collections.abc import Callable

from chatui.ui.markdown.flow import MarkdownFlow
from chatui.ui.markdown.plain_flow import PlainFlow
from chatui.ui.markdown.warm_up import warm_up

TOKEN = 4
"""Characters per token."""

DELTA = 17 * TOKEN
"""Characters per append: one frame at 60 frames and 1,000 tokens per second."""

WINDOW = 120
"""Appends that are timed at each place."""

WORDS = [
    "the",
    "of",
    "stream",
    "reply",
    "a",
    "token",
    "and",
    "when",
    "line",
    "block",
    "parser",
    "that",
    "grows",
    "quickly",
    "to",
    "width",
    "terminal",
    "is",
    "in",
    "model",
]


def prose(length: int, seed: int = 1) -> str:
    """Return paragraphs of about 150 words, with a little emphasis."""
    chance = random.Random(seed)
    paragraphs: list[str] = []
    size = 0
    while size < length:
        words = [chance.choice(WORDS) for _ in range(150)]
        words[20], words[50], words[80] = "**bold words**", "`some code`", "*said*"
        paragraphs.append(" ".join(words) + ".")
        size += len(paragraphs[-1])
    return "\n\n".join(paragraphs)


def mixed(length: int) -> str:
    """Return headings, lists, code, tables and quotes in turn."""
    part = (
        "## Heading\n\nSome **words** about it, `code` and [a link](https://example.org/x).\n\n"
        "- one\n- two\n  - three `x`\n- four\n\n```python\ndef f(x: int) -> str:\n    return f'{x!r}'  # why\n```\n\n"
        "| a | b |\n|---|--:|\n| one | 1 |\n| two | 2 |\n\n> quoted words that go on for a while\n> and more\n\n"
    )
    return (part + prose(600)) * (length // 1200 + 1)


def payloads() -> dict[str, str]:
    """Return the payloads by name, each of at least 20,000 tokens."""
    size = 21_000 * TOKEN
    code = "".join(f"def f_{i}(x: int) -> str:\n    return f'{{x}} {i}' + name[{i}]  # line\n" for i in range(1500))
    return {
        "prose": prose(size),
        "mixed": mixed(size),
        "fence python": f"```python\n{code}```",
        "fence plain": f"```\n{code}```",
        "list 2,000": "".join(
            f"{'  ' * (i % 3)}- item {i} with **some** words in it, and `code`\n" for i in range(2000)
        ),
        "table 1,500": "| name | value | words |\n|---|--:|---|\n"
        + "".join(f"| row {i} | {i * 7} | some words of {'x' * (i % 40)} |\n" for i in range(1500)),
        "one paragraph": prose(2_000_000).replace("\n\n", " "),
        "CJK and emoji": "这是一个没有空格的中文段落，用来测量换行的速度。😀我们看看👩‍👩‍👧它有多快！" * (size // 38)
        + "\n\n",
        "reasoning": prose(size).replace("\n\n", "\n"),
    }


def measure(make: Callable[[], MarkdownFlow | PlainFlow], text: str) -> tuple[float, float, float]:
    """Return the microseconds of CPU per append at 700 tokens, at the end, and the worst of all."""
    best: tuple[float, float, float] | None = None
    for _ in range(3):
        flow = make()
        times: list[float] = []
        gc.disable()
        for at in range(0, len(text), DELTA):
            begin = time.process_time()
            flow.append(text[at : at + DELTA])
            times.append(time.process_time() - begin)
        gc.enable()
        first = 700 * TOKEN // DELTA
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
    print(f"{'payload':16}{'tokens':>9}{'early µs':>10}{'late µs':>10}{'ratio':>7}{'worst µs':>10}{'resize ms':>11}")
    for name, text in payloads().items():
        if wanted and not any(word in name for word in wanted):
            continue

        def make(name: str = name) -> MarkdownFlow | PlainFlow:
            return PlainFlow(100, "reasoning") if name == "reasoning" else MarkdownFlow(100)

        early, late, worst = measure(make, text)
        flow = make()
        flow.append(text)
        begin = time.process_time()
        flow.set_width(80)
        resize = (time.process_time() - begin) * 1e3
        print(
            f"{name:16}{len(text) // TOKEN:9}{early:10.0f}{late:10.0f}{late / early:7.2f}{worst:10.0f}{resize:11.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
