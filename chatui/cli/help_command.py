"""`chatui help`: a page about a topic, as a manual has it."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence

from chatui.cli.commands import HELP
from chatui.cli.help_pages import KeyRow, list_topics, make_page
from chatui.cli.markdown_rows import MarkdownRows
from chatui.cli.parser import read_words
from chatui.cli.teller import tell
from chatui.cli.terminal_text import Canvas, Ink, is_terminal, measure

EXIT_USAGE = 2
_WIDTH = 80
"""Where nobody sees how wide the page may be."""
_MOST = 100
"""Wider rows are hard to read."""
_INDENT = "    "


def run(argv: Sequence[str], environ: Mapping[str, str], list_keys: Callable[[], Sequence[KeyRow]]) -> int:
    """Print a page, or the list of topics, and return the exit code: 2 where there is no such topic."""
    topic = " ".join(read_words(HELP, argv)["words"])
    topics = list_topics()
    page = make_page(topic.lower(), list_keys) if topic else _make_list(topics)
    if page is None:
        near = difflib.get_close_matches(topic.lower(), topics, n=3, cutoff=0.5)
        hint = f"Near: {', '.join(near)}." if near else f"There are: {', '.join(topics)}."
        tell(f"There is no help on “{topic}”.", hint)
        return EXIT_USAGE
    has_terminal = is_terminal(sys.stdout)
    width = min(Canvas(sys.stdout).size[0] - 1, _MOST) if has_terminal else _WIDTH
    for row in lay_page(page, max(width, 20), Ink(environ, is_terminal=has_terminal)):
        print(row)
    return 0


def lay_page(page: str, width: int, ink: Ink) -> Iterator[str]:
    """The rows of a page: prose wrapped to the width, code as it is, a little to the right, without its fences."""
    rows = MarkdownRows(ink)
    is_code = False
    for line in page.split("\n"):
        if line.startswith("```"):
            is_code = not is_code
        elif is_code:
            yield ink.accent(f"{_INDENT}{line}") if line else ""
        else:
            yield from rows.feed(f"{line}\n", width).settled
    yield from rows.end(width).settled


def _make_list(topics: Mapping[str, str]) -> str:
    wide = max(map(measure, topics))
    lines = [f"{topic:<{wide}}  {summary}" for topic, summary in topics.items()]
    return "\n".join(
        ["# Topics of chatui help", "", "```", *lines, "```", "", "`chatui help TOPIC` shows one of them."]
    )
