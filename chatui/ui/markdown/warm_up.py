"""What the first reply needs and the first paint does not: loaded ahead of time, in a thread."""

from __future__ import annotations

from chatui.ui.markdown.flow import MarkdownFlow
from chatui.ui.markdown.highlight import find_lexer

_FIRST = "**a** `b` [c](https://example.org)\n\n```{}\nx = 1\n```\n"


def warm_up(languages: tuple[str, ...] = ("python", "bash", "json")) -> None:
    """Import the parser of inline Markdown and the lexers of some languages, and use each once.

    Takes some 50 ms of CPU; may run in any thread, since it touches no flow that is shown.
    """
    for language in languages:
        if find_lexer(language) is not None:
            MarkdownFlow(40, _FIRST.format(language)).finish()
    # Text that is still open goes through rules of its own.
    MarkdownFlow(40, "a **b `c` [d](e) `f")
