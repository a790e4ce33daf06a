"""What is searched for: plain text; a capital letter in it makes capitals count (smart case)."""

from __future__ import annotations

import re
from string import ascii_lowercase, ascii_uppercase

from chatui.conversation.visible import make_visible_line


class Needle:
    """A text to be found. A space of it also stands for the line break that takes its place in the source."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.is_exact = text != text.lower()
        """Whether capitals count."""
        self._bytes = text.encode(errors="replace")
        has_case = not text.isascii() and text.lower() != text.upper()
        self._is_wide = has_case and not self.is_exact
        """Letters outside of ASCII whose case does not count: bytes are not enough."""
        begin, to = (b"", b"") if self.is_exact else (ascii_uppercase.encode(), ascii_lowercase.encode())
        self._table = bytes.maketrans(begin + b"\n", to + (b" " if " " in text else b"\n"))
        """Makes bytes of a source what is compared: one pass for the case and the line breaks."""
        flags = re.NOFLAG if self.is_exact else re.IGNORECASE
        self._source = re.compile("".join("[ \n]" if c == " " else re.escape(c) for c in text), flags)
        shown = (r"\s+" if c == " " else re.escape(c) for c in make_visible_line(text))
        # Where a row ends, a word that is longer than the row and a Chinese sentence just go on in the next one.
        self._rows = re.compile("\n?".join(shown), flags)

    def count(self, source: bytes) -> int:
        """Count it in a source given as UTF-8; some hundred megabytes a second."""
        source = source.translate(self._table)
        if self._is_wide:
            return source.decode(errors="replace").lower().count(self.text)
        return source.count(self._bytes)

    def find(self, source: str) -> list[int]:
        """Return where it begins in a source."""
        return [found.start() for found in self._source.finditer(source)]

    def spans(self, shown: str) -> list[tuple[int, int]]:
        """Return where it is in rows of the screen that are joined by line breaks."""
        return [found.span() for found in self._rows.finditer(shown)]
