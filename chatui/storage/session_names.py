"""Session ids: the only thing a path of a session is ever made from."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import Path

from chatui.storage.errors import StorageError

MAX_NAME = 200
"""Bytes of a name that a user may give."""

_ID = re.compile(r"[0-9a-z][0-9a-z-]{0,63}")
_MAPPED = re.compile(r".*--[0-9a-f]{12}")
_DEVICES = {"con", "prn", "aux", "nul", *(f"{name}{number}" for name in ("com", "lpt") for number in range(10))}
"""Names that Windows keeps for devices, with any suffix (Microsoft, Naming Files, Paths, and Namespaces)."""


def is_session_id(text: str) -> bool:
    """True for what may stand in a path: 1 to 64 of `0-9 a-z -`, no hyphen first, no device name of Windows."""
    return _ID.fullmatch(text) is not None and text not in _DEVICES


def session_id_for(name: str) -> str:
    """Map a name that a user gave to a session id; two names never map to one id.

    A name that is an id already stays as it is. Any other becomes a readable stem and a hash of the name, `my-notes--`
    and 12 digits; and so does one that looks like such a result, for else it could meet it. Raises StorageError for a
    name that is empty, longer than 200 bytes, holds control characters or names a folder (`.`, `..`).
    """
    reason = _refuse(name)
    if reason:
        raise StorageError(Path(), f"A session cannot have that name: {reason}. Letters, digits and hyphens are best.")
    if is_session_id(name) and not _MAPPED.fullmatch(name):
        return name
    plain = unicodedata.normalize("NFKD", name).casefold()
    stem = re.sub(r"[^0-9a-z]+", "-", plain)[:40].strip("-") or "session"
    return f"{stem}--{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def _refuse(name: str) -> str:
    if not name.strip():
        return "it is empty"
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in name):
        return "it holds a control character"
    if len(name.encode()) > MAX_NAME:
        return f"it is longer than {MAX_NAME} bytes"
    if {".", ".."} & set(re.split(r"[/\\]", name)):
        return "it names a folder"
    return ""
