"""Keys as people write them."""

from __future__ import annotations

_WORDS = {
    "escape": "Esc",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "question_mark": "?",
    "slash": "/",
}


def name_key(key: str) -> str:
    """Name a key of Textual's as people write it: `ctrl+d` is `Ctrl+D`, `escape` is `Esc`."""
    *modifiers, last = key.split("+")
    if len(key) == 1:
        # `n` and `N` are two keys.
        return key
    return "+".join([*(part.capitalize() for part in modifiers), _WORDS.get(last, last.capitalize())])
