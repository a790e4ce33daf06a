"""What is told beside the answer: sentences on standard error, safe to show."""

from __future__ import annotations

import sys
from contextlib import suppress

from chatui.conversation.visible import make_visible_line


def tell(*sentences: str) -> None:
    """Print sentences as one line, controls made visible. Nobody listening is no fault."""
    text = " ".join(sentence.strip() for sentence in sentences if sentence.strip())
    if text and sys.stderr is not None:
        with suppress(OSError, ValueError):
            print(f"chatui: {make_visible_line(text)}", file=sys.stderr, flush=True)
