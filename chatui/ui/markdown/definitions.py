"""Link reference definitions: where they end in a paragraph's source, and what is known of them so far."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

_INNER = r"(?:[^\s()\\]|\\[^\s]|\\(?=\s|$)|\((?:[^\s()\\]|\\[^\s]|\\(?=\s|$)|\((?:[^\s()\\]|\\[^\s])*\))*\))"
_HEAD = re.compile(
    r"\[(?P<label>(?!\^)(?:[^\[\]\\]|\\.){1,999})\]:[ ]*\n?[ ]*"
    rf"(?:<(?P<long>(?:[^<>\n\\]|\\.)*)>|(?!<)(?P<short>{_INNER}+))",
    re.DOTALL,
)
"""Label and target (CommonMark 0.31, section 4.7); the text is a paragraph's, so that no line in it is empty."""

_LINE_END = re.compile(r"[ ]*(?:\n|$)")
_TITLE = re.compile(
    r"(?:[ ]+|[ ]*\n[ ]*)(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\))[ ]*(?:\n|$)", re.DOTALL
)
_TITLE_BEGUN = re.compile(
    r"(?:[ ]+|[ ]*\n[ ]*)(?:\"(?:[^\"\\]|\\.)*|'(?:[^'\\]|\\.)*|\((?:[^()\\]|\\.)*)$|[ ]*\n?[ ]*$", re.DOTALL
)
"""What may still become a title when the next line comes."""

_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])|(&(?:#[xX][0-9a-fA-F]{1,6}|#[0-9]{1,7}|[a-zA-Z][a-zA-Z0-9]{1,31});)")
_REFUSED = re.compile(r"(?:vbscript|javascript|file|data):", re.IGNORECASE)


class Definition(NamedTuple):
    """A link reference definition at the beginning of a paragraph."""

    label: str
    target: str
    length: int
    """Characters that it takes of the paragraph, with the line break at its end."""


class References:
    """Link references by label, as markdown-it asks for them; a view on others sees those too, but adds none to them.

    The first definition of a label counts. A label that is asked for in vain is taken note of.
    """

    def __init__(self, base: References | None = None) -> None:
        self._base = base
        self._known: dict[str, Mapping[str, str]] = {}
        self.missed: set[str] = set()

    def get(self, label: str, default: Any = None) -> Any:
        """Return `{"href": …, "title": …}` for a normalized label, or the default."""
        known = self._known.get(label)
        if known is None and self._base is not None:
            known = self._base._known.get(label)
        if known is None:
            self.missed.add(label)
            return default
        return known

    def define(self, label: str, target: str) -> str:
        """Take a definition; return the normalized label."""
        name = normalize_label(label)
        if self._base is None or name not in self._base._known:
            self._known.setdefault(name, {"href": target, "title": ""})
        return name


def read_definition(text: str, *, is_complete: bool) -> Definition | None:
    """Return the definition that a paragraph begins with; none while the next line may still change it.

    Footnotes (`[^1]:`) are none, and neither is what leads to a script.
    """
    head = _HEAD.match(text)
    if head is None or not head["label"].strip():
        return None
    end = head.end()
    title = _TITLE.match(text, end)
    line_end = _LINE_END.match(text, end)
    if title is not None:
        end = title.end()
    elif not is_complete and _TITLE_BEGUN.match(text, end):
        return None
    elif line_end is not None:
        end = line_end.end()
    else:
        return None
    target = unescape(head["short"] if head["long"] is None else head["long"])
    return None if _REFUSED.match(target) else Definition(head["label"], target, end)


def normalize_label(label: str) -> str:
    """Return a label as it is compared: case and the width of spaces do not count."""
    return " ".join(label.split()).lower().upper()


def unescape(text: str) -> str:
    """Return `text` without backslashes before punctuation, and with its entities as characters."""
    return _ESCAPE.sub(lambda match: match[1] or html.unescape(match[2]), text)
