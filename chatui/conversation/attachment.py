"""Attachments: the images that go along with a prompt."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

IMAGE_ENDINGS: Mapping[str, str] = MappingProxyType(
    {"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp"}
)
"""The kinds of images that are sent, by media type, with the ending of a file of that kind."""

_UNITS = ("bytes", "KB", "MB")


@dataclass(frozen=True, slots=True)
class Attachment:
    """What a message says of an image that went along with it; its bytes rest apart, under their hash."""

    name: str
    """The file's own name, without folders."""
    kind: str
    """Media type, one of `IMAGE_ENDINGS`; `type` in the file."""
    size: int
    """Bytes."""
    hash: str
    """SHA-256 of the bytes, 64 hexadecimal digits."""
    extra: Mapping[str, object] = field(default_factory=dict)
    """Keys of the file that this version does not know; they survive a round trip."""

    def __str__(self) -> str:
        return f"{self.name} ({self.kind.rpartition('/')[2].upper()}, {say_size(self.size)})"


@dataclass(frozen=True, slots=True)
class AttachedImage:
    """An image at hand."""

    attachment: Attachment
    data: bytes = field(repr=False)
    """The file as it is; empty where it is gone."""


def recognize_image(data: bytes) -> str:
    """The media type of an image by its first bytes; empty for anything that is not sent as an image.

    Signatures: PNG specification 5.2, JPEG (ISO/IEC 10918-1, SOI), GIF87a and GIF89a, WebP container (RFC 9649).
    """
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return ""


def attach_image(name: str, kind: str, data: bytes) -> AttachedImage:
    """Make an attachment of an image's bytes."""
    return AttachedImage(Attachment(name, kind, len(data), hashlib.sha256(data).hexdigest()), data)


def say_size(size: int) -> str:
    """A size for people: `12 KB`."""
    amount = float(size)
    for unit in _UNITS[:-1]:
        if amount < 1024:
            return f"{amount:.0f} {unit}"
        amount /= 1024
    return f"{amount:.1f} {_UNITS[-1]}"
