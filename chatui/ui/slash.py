"""Slash commands as they are typed."""

from __future__ import annotations

import re

_SLASH = re.compile(r"/([a-z][a-z-]*)(?:\s+(.*))?", re.DOTALL)


def parse_slash(text: str) -> tuple[str, str] | None:
    """Split `/word argument` into its two parts; `None` for a text that is a prompt, such as `/usr/bin is what?`."""
    match = _SLASH.fullmatch(text.strip())
    return (match[1], (match[2] or "").strip()) if match else None
