"""Unicode scalars only: JSON escapes can carry halves of a surrogate pair, even over two deltas; files cannot."""

from __future__ import annotations

import re

_SURROGATE = re.compile("[\ud800-\udfff]")


class PairJoiner:
    """Takes pieces of one text in order and gives them back without surrogates.

    A high half at the end of a piece waits for the next one; a half without a partner becomes U+FFFD.
    """

    def __init__(self) -> None:
        self._held = ""

    def feed(self, text: str) -> str:
        """Take the next piece."""
        if self._held:
            text = self._held + text
            self._held = ""
        if text.isascii() or not _SURROGATE.search(text):
            return text
        if "\ud800" <= text[-1] <= "\udbff":
            self._held = text[-1]
            text = text[:-1]
        return replace_surrogates(text)

    def flush(self) -> str:
        """The text is over: a half that still waits has no partner."""
        held, self._held = self._held, ""
        return "\ufffd" if held else ""


def replace_surrogates(text: str) -> str:
    """Join the pairs in `text` and put U+FFFD for each half alone."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
