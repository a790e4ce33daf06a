"""Files that go along with a prompt: texts become a part of it, images go beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from chatui.conversation.attachment import AttachedImage, attach_image, recognize_image

MAX_TEXT_BYTES = 32 * 1024 * 1024
"""More than this is no prompt."""
MAX_IMAGE_BYTES = 20 * 1024 * 1024
"""Of one image: what the larger providers take (OpenAI 20 MB, DeepSeek 32 MB); a smaller limit is theirs to tell."""

_FOREIGN = (
    (b"BM", "a BMP image"),
    (b"%PDF", "a PDF file"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
)
_KINDS = "Text can be sent, and images as PNG, JPEG, GIF or WebP."


class AttachError(Exception):
    """A file cannot go along; the text is a sentence that says why and what to do."""


@dataclass(frozen=True, slots=True)
class AttachedText:
    """A text at hand."""

    name: str
    text: str
    notice: str = ""
    """What was changed in reading it, in a sentence; empty for nothing."""

    def present(self) -> str:
        """The text in a fence that nothing in it can close, its name above it."""
        longest = max((len(ticks) for ticks in re.findall("`{3,}", self.text)), default=2)
        fence = "`" * (longest + 1)
        shown = re.sub(r"[\s`]+", " ", self.name)
        language = re.sub(r"[^A-Za-z0-9+#-]", "", Path(self.name).suffix)
        end = "" if self.text.endswith("\n") or not self.text else "\n"
        return f"`{shown}`:\n\n{fence}{language}\n{self.text}{end}{fence}"


def read_attached(path: Path) -> AttachedText | AttachedImage:
    """Read a file. Raises AttachError for what is neither text nor image, too long, or not to be read."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_TEXT_BYTES + 1)
    except OSError as error:
        raise AttachError(f"{path} cannot be read: {error.strerror}.") from error
    return tell_apart(data, path.name, str(path))


def tell_apart(data: bytes, name: str, place: str) -> AttachedText | AttachedImage:
    """Make text or an image of bytes; `name` is theirs, `place` is how errors call them. Raises AttachError."""
    if kind := recognize_image(data):
        if len(data) > MAX_IMAGE_BYTES:
            raise AttachError(f"{place} is an image of more than {MAX_IMAGE_BYTES // 2**20} MB. Make it smaller.")
        return attach_image(name, kind, data)
    if len(data) > MAX_TEXT_BYTES:
        raise AttachError(f"{place} holds more than {MAX_TEXT_BYTES // 2**20} MB. Send a part of it.")
    if b"\0" in data:
        what = next((kind for mark, kind in _FOREIGN if data.startswith(mark)), "not text")
        raise AttachError(f"{place} is {what}. {_KINDS}")
    try:
        return AttachedText(name, data.removeprefix(b"\xef\xbb\xbf").decode())
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
        count = text.count(chr(0xFFFD))
        return AttachedText(name, text, f"{place} is not all UTF-8; {count} characters of it were replaced.")
