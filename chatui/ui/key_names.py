"""Keys as people write them."""

from __future__ import annotations

from textual.keys import key_to_character

_WORDS = {
    "escape": "Esc",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "slash": "/",
    "backslash": "\\",
    "minus": "-",
    "plus": "+",
    "at": "@",
    "underscore": "_",
}


def name_key(key: str) -> str:
    """Name a key of Textual's as people write it: `ctrl+d` is `Ctrl+D`, `escape` is `Esc`."""
    *modifiers, last = key.split("+")
    if len(key) == 1:
        # `n` and `N` are two keys.
        return key
    return "+".join([*(part.capitalize() for part in modifiers), _WORDS.get(last) or _sign_of(last)])


def _sign_of(name: str) -> str:
    """The sign of a key that Textual spells out, such as `left_square_bracket`; other names with a capital."""
    sign = key_to_character(name) or ""
    is_sign = sign.isprintable() and not sign.isalnum() and not sign.isspace()
    return sign if sign and is_sign else name.capitalize()
