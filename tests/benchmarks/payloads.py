"""Replies to measure with, each of one kind; the same text for the same length."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from types import MappingProxyType

TOKEN = 4
"""Characters per token."""
FLUSH = 17 * TOKEN
"""Characters of one flush: 1/60 s at 1,000 tokens per second."""
LONG = 21_000 * TOKEN
"""Characters that reach beyond 20,000 tokens."""

_WORDS = [
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
    "while",
    "every",
    "answer",
    "keeps",
    "its",
    "place",
    "between",
    "two",
    "frames",
    "however",
    "long",
    "it",
    "gets",
    "on",
    "screen",
]


def make_prose(length: int, seed: int = 1, separator: str = "\n\n") -> str:
    """Paragraphs of about 150 words with some emphasis, code and links."""
    chance = random.Random(seed)
    paragraphs: list[str] = []
    size = 0
    while size < length:
        words = chance.choices(_WORDS, k=chance.randint(100, 200))
        words[20], words[50] = "**bold words**", "`some code`"
        words[80] = "[a link](https://example.org/page)"
        paragraphs.append(" ".join(words).capitalize() + ".")
        size += len(paragraphs[-1])
    return separator.join(paragraphs)


def make_paragraph(length: int) -> str:
    """One paragraph without a line break."""
    return make_prose(length, 2, " ")


def make_mixed(length: int) -> str:
    """Headings, lists, code, tables, quotes and prose in turn."""
    parts: list[str] = []
    size = 0
    while size < length:
        number = len(parts)
        parts.append(
            f"## Part {number}\n\nSome **words** about it, `code` and [a link](https://example.org/{number}).\n\n"
            "- one\n- two\n  - three `x`\n  - [x] done\n- four\n\n"
            "```python\ndef f(x: int) -> str:\n    return f'{x!r}'  # why\n```\n\n"
            "| name | value |\n|---|--:|\n| one | 1 |\n| two | 22 |\n\n"
            "> quoted words that go on for a while\n> and more\n\n1. first\n2. second\n\n"
            + make_prose(600, number)
            + "\n\n"
        )
        size += len(parts[-1])
    return "".join(parts)


def make_code(lines: int, language: str) -> str:
    """One fence."""
    body = "".join(
        f"def f_{number}(x: int) -> str:\n    return f'{{x}} {number}' + name[{number}]  # line {number}\n"
        for number in range(lines // 2)
    )
    return f"```{language}\n{body}```\n"


def make_list(items: int) -> str:
    """One list with items inside of items."""
    return "".join(f"{'  ' * (n % 3)}- item {n} with **some** words in it and `code`\n" for n in range(items))


def make_table(rows: int) -> str:
    """One table."""
    head = "| name | value | words |\n|---|--:|---|\n"
    return head + "".join(f"| row {n} | {n * 7} | some words of {'x' * (n % 40)} |\n" for n in range(rows))


def make_wide(length: int) -> str:
    """Chinese, Japanese and Korean without spaces, and emoji of several code points."""
    part = "这是一个没有空格的中文段落，用来测量换行的速度。日本語の文章も、한국어 문장도。😀我们看看👩‍👩‍👧它有多快！🇩🇪"
    return "\n\n".join([part * 8] * (length // (8 * len(part)) + 1))


PAYLOADS: Mapping[str, Callable[[], str]] = MappingProxyType(
    {
        "prose": lambda: make_prose(LONG),
        "paragraph of 2 MB": lambda: make_paragraph(2_000_000),
        "mixed": lambda: make_mixed(LONG),
        "fence, python, 3,000 lines": lambda: make_code(3000, "python"),
        "fence, no language, 3,000 lines": lambda: make_code(3000, ""),
        "list of 2,000": lambda: make_list(2000),
        "table of 1,500 rows": lambda: make_table(1500),
        "CJK and emoji": lambda: make_wide(LONG),
        "reasoning": lambda: make_prose(LONG, 3, "\n"),
    }
)
"""By name; all but the list and the table reach 20,000 tokens, and those are measured at their ends."""
