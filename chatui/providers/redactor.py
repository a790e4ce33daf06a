"""Keys taken out of text that is shown, saved or logged, in whatever form a server sends them back."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

_WINDOW = 14
"""So many characters of a key in a row give too much of it away."""
_SHORTEST = 8
"""Shorter keys are words such as `EMPTY` or `ollama`, which local servers take, and no secrets."""
_STAND_IN = "[key]"


class Redactor:
    """Knows secrets and takes them out: whole, any 14 characters in a row, base64 and percent-encoded."""

    __slots__ = ("_whole", "_windows")

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = [secret for secret in secrets if len(secret) >= _SHORTEST]
        forms = {form for secret in known for form in (secret, *_base64_forms(secret))}
        self._whole = sorted(known, key=len, reverse=True)
        self._windows = {form[i : i + _WINDOW] for form in forms for i in range(len(form) - _WINDOW + 1)}

    def redact(self, text: str) -> str:
        """Return `text` with every trace of a secret replaced."""
        if not self._whole:
            return text
        if "%" in text and self._replace(plain := unquote(text)) != plain:
            text = plain
        return self._replace(text)

    def _replace(self, text: str) -> str:
        for secret in self._whole:
            text = text.replace(secret, _STAND_IN)
        pieces: list[str] = []
        place = 0
        end = 0
        for start in range(len(text) - _WINDOW + 1):
            if text[start : start + _WINDOW] in self._windows:
                if start > end or end == 0:
                    pieces += [text[place:start], _STAND_IN]
                end = place = start + _WINDOW
        return "".join([*pieces, text[place:]])


def _base64_forms(secret: str) -> Iterator[str]:
    """The characters of the base64 that depend on the secret alone, for each place it may have in what was encoded."""
    data = secret.encode()
    for before, spoiled in ((0, 0), (1, 2), (2, 3)):
        code = b64encode(bytes(before) + data).decode().rstrip("=")
        code = code[spoiled : len(code) if (before + len(data)) % 3 == 0 else -1]
        yield code
        yield code.replace("+", "-").replace("/", "_")
