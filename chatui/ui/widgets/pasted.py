"""Pasted text: cleaned of what a terminal would act on, and folded into a chip where it is too much for an editor."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import takewhile

from chatui.conversation.visible import make_visible

LARGEST_PLAIN_PASTE = 32 * 1024
"""UTF-8 bytes. Above it an editor that lays out every line would hold up the loop."""
MOST_PLAIN_LINES = 400

_EDGE_LINES = 3
"""Lines at either end of a long text that stay to be edited."""
_EDGE_CHARACTERS = 400
"""A longer line at an end belongs to what was pasted."""

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_ESCAPE_SEQUENCE = re.compile(
    # CSI; OSC, DCS and the other strings up to their terminator; a lone escape (ECMA-48, sections 5.4 and 5.6).
    "(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]"
    "|(?:\x1b[\\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\\\|\x9c)"
    "|\x1b"
)
_LABEL = re.compile(r"\[pasted [^\[\]\n]*\]")


def join_line_ends(text: str) -> str:
    """Return `text` with CRLF and a lone CR, as terminals send for a line's end, made LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def strip_controls(text: str) -> tuple[str, int]:
    """Return `text` without escape sequences, control and bidi characters, and how many pieces were taken out.

    Every kind of line end becomes LF first, because an editor breaks lines there.
    """
    if make_visible(text) == text:
        return text, 0
    text = _LINE_ENDS.sub("\n", text)
    text, sequences = _ESCAPE_SEQUENCE.subn("", text)
    if make_visible(text) == text:
        return text, sequences
    kept = "".join(character for character in text if make_visible(character) == character)
    return kept, sequences + len(text) - len(kept)


def is_large(text: str) -> bool:
    """Say whether `text` is more than an editor should lay out."""
    return (
        len(text) > LARGEST_PLAIN_PASTE
        or text.count("\n") >= MOST_PLAIN_LINES
        or len(text.encode(errors="surrogatepass")) > LARGEST_PLAIN_PASTE
    )


def _take_lines(lines: Iterable[str]) -> list[str]:
    return list(takewhile(lambda line: len(line) <= _EDGE_CHARACTERS, lines))


def _format_size(size: int) -> str:
    if size < 1000:
        return f"{size} B"
    return f"{size / 1000:.0f} KB" if size < 999_500 else f"{size / 1e6:.1f} MB"


def split_edges(text: str) -> tuple[str, str, str]:
    """Split a long text into its first short lines, what is between, and its last short lines.

    What a person wrote around a paste stands there; joined they are the text.
    """
    head = "".join(f"{line}\n" for line in _take_lines(text.split("\n", _EDGE_LINES)[:-1]))
    rest = text[len(head) :]
    lines = _take_lines(rest.rsplit("\n", _EDGE_LINES)[:0:-1])
    tail = "".join(f"\n{line}" for line in reversed(lines))
    return head, rest[: len(rest) - len(tail)], tail


class PastedTexts:
    """Long texts kept aside under a label that stands for them in the editor.

    A text whose label was deleted is kept until `clear`, so that an undo brings both back.
    """

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._texts)

    def fold(self, text: str, beside: str = "") -> str:
        """Keep `text` and return its label, which does not yet stand in `beside`; the same text gets the same label."""
        for label, kept in self._texts.items():
            if kept == text:
                return label
        lines = text.count("\n") + (not text.endswith("\n"))
        size = _format_size(len(text.encode(errors="surrogatepass")))
        name = f"pasted {size} · {lines:,} {'line' if lines == 1 else 'lines'}"
        label, number = f"[{name}]", 1
        while label in self._texts or label in beside:
            number += 1
            label = f"[{name} #{number}]"
        self._texts[label] = text
        return label

    def unfold(self, text: str) -> str:
        """Return `text` with each label replaced by what it stands for; a label inside a kept text is left alone."""
        if not self._texts:
            return text
        return _LABEL.sub(lambda match: self._texts.get(match[0], match[0]), text)

    def find_labels(self, line: str) -> list[tuple[int, int]]:
        """Return (start, end) columns of the labels in one line."""
        if not self._texts:
            return []
        return [match.span() for match in _LABEL.finditer(line) if match[0] in self._texts]

    def clear(self) -> None:
        """Forget all texts."""
        self._texts.clear()
