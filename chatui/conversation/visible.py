"""Untrusted text made safe to show: control and bidi characters become visible pictures, nothing else changes."""

from __future__ import annotations

_BIDI = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
"""Marks, embeddings, overrides and isolates (UAX #9, section 2): they can make text read as other text."""


def _table() -> dict[int, str]:
    table = {code: chr(0x2400 + code) for code in range(0x20)}
    del table[0x0A], table[0x09]
    table[0x7F] = "\u2421"
    table |= {code: f"<{code:02X}>" for code in range(0x80, 0xA0)}
    table |= {code: f"<{code:04X}>" for code in _BIDI}
    # Line and paragraph separator: terminals differ on them, and str.splitlines() breaks there.
    table |= {0x2028: "<2028>", 0x2029: "<2029>"}
    # A lone surrogate cannot be encoded for the terminal at all.
    table |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
    return table


_VISIBLE = _table()
_VISIBLE_LINE = _VISIBLE | {0x0A: " ", 0x09: " "}


def make_visible(text: str) -> str:
    """Return `text` with every C0 (but LF and TAB), DEL, C1 and bidi control shown as a visible stand-in.

    It maps character by character, so the result does not depend on how a stream was cut.
    """
    return text if text.isascii() and text.isprintable() else text.translate(_VISIBLE)


def make_visible_line(text: str) -> str:
    """The same for a single line (titles, names, notices): LF and TAB become spaces."""
    return text if text.isascii() and text.isprintable() else text.translate(_VISIBLE_LINE)
