"""Which optional field of a request a server does not take: read from its refusal (400, 422), whatever its shape."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping

from chatui.conversation.events import FieldRefused
from chatui.providers.openai import NEEDED_FIELDS

_STATUSES = (400, 422)
_MAX_TEXT = 16 * 1024
_MAX_DEPTH = 6

_NEVER = re.compile(
    r"unsupported|not (be )?support|n.t support|unrecogni[sz]ed|unknown|unexpected|extra|not permitted|not allowed"
    r"|forbidden|deprecated|not accept|no longer|additional propert|not available|not implemented",
    re.IGNORECASE,
)
"""Words that mean the field as such, and not just this value of it."""

_INSTEAD = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}
"""One limit under two names (OpenAI's reasoning models take the second alone): the value moves where both are named."""


def find_refused_field(status: int, refusal: bytes, sent: Collection[str], said: str) -> FieldRefused | None:
    """Return the optional field among those `sent` that a refusal names, or `None`; `said` is its cleaned message.

    The field that the refusal points to (`param`, `loc`) comes first, then the first one that its text names. A name
    that is also a plain word, such as `stop`, counts in quotes only.
    """
    if status not in _STATUSES:
        return None
    text = refusal[:_MAX_TEXT].decode("utf-8", "replace")
    fields = [name for name in sent if name not in NEEDED_FIELDS]
    places = [(place, name) for name in fields if (place := _find_name(name, text)) is not None]
    found = next((name for name in _read_pointers(text) if name in fields), None) or min(places, default=(0, None))[1]
    if found is None:
        return None
    instead = _INSTEAD.get(found, "")
    if instead not in text or instead in sent:
        instead = ""
    return FieldRefused(found, said, instead, is_lasting=bool(instead or _NEVER.search(text)))


def _find_name(name: str, text: str) -> int | None:
    bare = rf"(?<![\w-]){re.escape(name)}(?![\w-])"
    is_word = "_" not in name and len(name) < 8
    found = re.search(rf"[\"'`“‘]{re.escape(name)}[\"'`”’]" if is_word else bare, text)
    return None if found is None else found.start()


def _read_pointers(text: str) -> Iterator[str]:
    """The names in `param` and `loc` of an error object, wherever it lies."""
    try:
        payload = json.loads(text)
    except (ValueError, RecursionError):
        return
    yield from _walk(payload, 0)


def _walk(value: object, depth: int) -> Iterator[str]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _walk(item, depth + 1)
    elif isinstance(value, Mapping):
        named, place = value.get("param"), value.get("loc")
        if isinstance(named, str):
            # OpenAI names a field within one by a dotted path.
            yield named.partition(".")[0]
        if isinstance(place, list):
            yield from (step for step in place if isinstance(step, str))
        for inner in value.values():
            yield from _walk(inner, depth + 1)
