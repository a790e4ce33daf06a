"""Names of keys: found in a question however they are written, and shown as they stand on a keyboard."""

from __future__ import annotations

import re

_MODIFIERS = {"control": "ctrl", "ctl": "ctrl", "strg": "ctrl", "option": "alt", "meta": "alt"}
_NAMES = {
    "esc": "escape",
    "return": "enter",
    "del": "delete",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "↑": "up",
    "↓": "down",
    "←": "left",
    "→": "right",
}
"""Other spellings of Textual's names."""

_SHOWN = {
    "escape": "Esc",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "question_mark": "?",
    "slash": "/",
    "backslash": "\\",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
}

_BARE = r"enter|return|tab|space|backspace|delete|del|home|end|pageup|pgup|pagedown|pgdn|up|down|left|right"
_LAST = rf"(?:f\d{{1,2}}|escape|esc|{_BARE}|\S)(?![\w+])"
_COMBINED = re.compile(
    rf"(?<![\w+-])((?:(?:ctrl|ctl|strg|alt|shift)\s?[-+ ]\s?|(?:control|option|meta)\s?[-+]\s?)+)({_LAST})"
    r"|(?<!\w)\^([a-z])(?!\w)"
    r"|(?<![\w+-])(f(?:[1-9]|1\d|2[0-4])|escape|esc)(?![\w+-])"
)
_PRESSED = re.compile(rf"\b(?:press|pressing|hit|hitting|push|does|key)\s+(?:the\s+)?({_BARE})\b|\b({_BARE})\s+key\b")
"""A word like “enter” is a key only where the words around it say so."""


def find_keys(question: str) -> list[str]:
    """Return the keys that a question names, by Textual's names (`ctrl+o`), in order, each once."""
    text = question.lower()
    found: dict[str, None] = {}
    for modifiers, key, control, alone in _COMBINED.findall(text):
        found[read_key(f"{modifiers}{key}" if key else f"ctrl+{control}" if control else alone)] = None
    for one, other in _PRESSED.findall(text):
        found[read_key(one or other)] = None
    return list(found)


def read_key(written: str) -> str:
    """Return Textual's name of one key: `ctrl+o` for “Ctrl-O”, `escape` for “Esc”."""
    *modifiers, key = re.findall(r"[^\s+-]+|[+-]$", written.lower())
    return "+".join([*(_MODIFIERS.get(word, word) for word in modifiers), _NAMES.get(key, key)])


def show_key(key: str) -> str:
    """Return the key as people write it: “Ctrl+O” for `ctrl+o`."""
    return "+".join(_SHOWN.get(part, part.capitalize()) for part in key.split("+"))
