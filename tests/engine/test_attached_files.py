"""Files that go along with a prompt."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatui.conversation.attachment import AttachedImage
from chatui.engine import attached_files
from chatui.engine.attached_files import AttachedText, AttachError, read_attached


def _write(folder: Path, data: bytes, name: str = "file") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n\0", "image/png"),
        (b"\xff\xd8\xff\xe0\0", "image/jpeg"),
        (b"GIF87a\0", "image/gif"),
        (b"GIF89a\0", "image/gif"),
        (b"RIFF\x01\0\0\0WEBPVP8 ", "image/webp"),
    ],
)
def test_an_image_is_known_by_its_first_bytes_whatever_its_name(tmp_path: Path, data: bytes, kind: str) -> None:
    image = read_attached(_write(tmp_path, data, "notes.txt"))
    assert isinstance(image, AttachedImage)
    assert (image.attachment.name, image.attachment.kind, image.attachment.size) == ("notes.txt", kind, len(data))
    assert image.data == data


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"%PDF-1.7\n\0", "is a PDF file. Text can be sent, and images as PNG, JPEG, GIF or WebP."),
        (b"BM\0\0", "is a BMP image."),
        (b"\x7fELF\0", "is not text."),
        (b"RIFF\0\0\0\0WAVE", "is not text."),
    ],
)
def test_other_bytes_are_refused_by_name(tmp_path: Path, data: bytes, why: str) -> None:
    with pytest.raises(AttachError, match=why):
        read_attached(_write(tmp_path, data))


def test_a_byte_order_mark_is_dropped_and_bad_bytes_are_told(tmp_path: Path) -> None:
    path = _write(tmp_path, b"\xef\xbb\xbfGr\xfc\xdfe")
    read = read_attached(path)
    assert read == AttachedText(
        "file", "\ufeffGr\ufffd\ufffde", f"{path} is not all UTF-8; 2 characters of it were replaced."
    )
    assert read_attached(_write(tmp_path, "\ufeffGrüße\r\n".encode())) == AttachedText("file", "Grüße\r\n")


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(AttachError, match=f"{tmp_path} cannot be read: Is a directory."):
        read_attached(tmp_path)


def test_there_is_a_limit_for_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attached_files, "MAX_TEXT_BYTES", 10)
    assert read_attached(_write(tmp_path, b"x" * 10)) == AttachedText("file", "x" * 10)
    with pytest.raises(AttachError, match="holds more than 0 MB"):
        read_attached(_write(tmp_path, b"x" * 11))


def test_there_is_a_limit_for_images(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attached_files, "MAX_IMAGE_BYTES", 10)
    read_attached(_write(tmp_path, b"GIF89a" + b"x" * 4))
    with pytest.raises(AttachError, match="is an image of more than 0 MB"):
        read_attached(_write(tmp_path, b"GIF89a" + b"x" * 5))


def test_nothing_in_a_text_or_its_name_closes_its_fence() -> None:
    assert AttachedText("a`b\n.c+!", "````").present() == "`a b .c+!`:\n\n`````c+\n````\n`````"
    assert AttachedText("empty", "").present() == "`empty`:\n\n```\n```"
