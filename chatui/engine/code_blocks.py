"""The fenced code blocks of a reply, found in its Markdown without rendering it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_OPENING = re.compile(
    r"(?P<indent>[ \t]*+(?:(?:>|[-*+][ \t]|\d{1,9}[.)][ \t])[ \t]*+)*+)(?P<fence>`{3,}|~{3,})(?P<info>.*)"
)
"""A fence may stand in a list item or a quote (CommonMark 0.31, sections 4.5, 5.1 and 5.2)."""
_QUOTE = re.compile(r"[ \t]*>[ \t]?")


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """One fenced block."""

    text: str
    """The code, every line ended."""
    language: str
    """The first word behind the opening fence; empty for none."""
    is_closed: bool
    """False where the text ended before the block did."""


def find_code_blocks(text: str) -> Iterator[CodeBlock]:
    """Yield the blocks in their order; the last one may be cut."""
    lines = iter(text.replace("\r\n", "\n").split("\n"))
    for line in lines:
        opening = _OPENING.fullmatch(line)
        # A backtick behind backticks makes it code within a line.
        if opening is None or (opening["fence"][0] == "`" and "`" in opening["info"]):
            continue
        code: list[str] = []
        is_closed = False
        for inside in lines:
            inside = _unquote(inside, opening["indent"].count(">"))
            if _is_closing(inside, opening["fence"]):
                is_closed = True
                break
            code.append(_outdent(inside, len(opening["indent"].replace(">", "").expandtabs(4))))
        if not is_closed and code and not code[-1]:
            del code[-1]
        words = opening["info"].split()
        yield CodeBlock("".join(f"{each}\n" for each in code), words[0] if words else "", is_closed)


def _is_closing(line: str, fence: str) -> bool:
    mark = line.strip()
    return len(mark) >= len(fence) and not mark.strip(fence[0])


def _unquote(line: str, depth: int) -> str:
    for _ in range(depth):
        line = _QUOTE.sub("", line, count=1) if _QUOTE.match(line) else line
    return line


def _outdent(line: str, width: int) -> str:
    blank = len(line) - len(line.lstrip(" "))
    return line[min(blank, width) :]
