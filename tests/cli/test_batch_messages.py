"""The messages of a prompt in a batch: texts, and images among them."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from chatui.cli.batch_messages import read_messages
from chatui.conversation.attachment import AttachedImage
from chatui.conversation.message import Role
from chatui.conversation.request import PlacedImage, Turn

SAMPLES = {
    "image/png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "image/jpeg": b"\xff\xd8\xff\xe0 and more",
    "image/gif": b"GIF89a and more",
    "image/webp": b"RIFF\0\0\0\0WEBPVP8 ",
}
PNG = SAMPLES["image/png"]


def as_url(data: bytes, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


def image(url: object, **more: object) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url} | more}


def ask(*parts: object, role: str = "user") -> tuple[Turn, ...]:
    return read_messages([{"role": role, "content": list(parts)}])[0]


def sent(*parts: object) -> PlacedImage:
    """The one image of a prompt."""
    (turn,) = ask(*parts)
    (placed,) = turn.placed
    return placed


@pytest.mark.parametrize("kind", SAMPLES)
def test_an_image_of_each_kind_is_taken_from_a_data_url(kind: str) -> None:
    found = sent(text("What?"), image(as_url(SAMPLES[kind], kind))).image
    assert isinstance(found, AttachedImage)
    assert (found.attachment.kind, found.data) == (kind, SAMPLES[kind])


def test_images_stay_at_their_places_in_the_text() -> None:
    (turn,) = ask(text("A: "), image(as_url(PNG)), text(" B: "), image("https://example.org/b.png", detail="low"))
    assert (turn.role, turn.text) == (Role.USER, "A:  B: ")
    assert [(placed.place, placed.detail) for placed in turn.placed] == [(3, ""), (7, "low")]


def test_the_bytes_say_what_an_image_is() -> None:
    for named in ("image/png", "image/jpg", "IMAGE/JPEG;name=a.jpg"):
        found = sent(image(as_url(SAMPLES["image/jpeg"], named))).image
        assert isinstance(found, AttachedImage)
        assert found.attachment.kind == "image/jpeg"


@pytest.mark.parametrize("url", ["https://example.org/a%20cat.png?x=1#y", "HTTP://127.0.0.1:8000/ü.png"])
def test_an_address_goes_on_as_it_is(url: str) -> None:
    assert sent(image(url)).image == url


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (5, "[0] is of no type"),
        ({"type": 5}, "[0] is of no type"),
        ({"type": "input_audio"}, "[0] is of type input_audio; a part may be text or image_url"),
        ({"type": "text"}, "[0].text is no text"),
        ({"type": "text", "text": None}, "[0].text is no text"),
        ({"type": "image_url"}, "[0].image_url has no url, as in"),
        ({"type": "image_url", "image_url": as_url(PNG)}, "[0].image_url has no url, as in"),
        (image(None), "[0].image_url has no url, as in"),
        (image(as_url(PNG), detail=1), "[0].image_url.detail is no text"),
        (image("file:///tmp/cat.png"), "is neither an https:// address nor a data: URL; a file is sent as data:"),
        (image("cat.png"), "is neither an https:// address nor a data: URL; a file is sent as data:"),
        (image(""), "is neither an https:// address nor a data: URL"),
        (image("https://"), "is no address of the web"),
        (image("https://a b/"), "is no address of the web"),
        (image("https://[x/"), "is no address of the web"),
        (image("https://a/\x1b[31m"), "is no address of the web"),
        (image("data:image/png,%89PNG"), "is not in base64"),
        (image("data:image/png;base64"), "holds no PNG, JPEG, GIF or WebP image"),
        (image(as_url(b"<svg/>", "image/svg+xml")), "is of type image/svg+xml; an image is sent as PNG, JPEG,"),
        (image(as_url(b"%PDF-1.7", "application/pdf")), "is of type application/pdf"),
        (image(as_url(PNG, "")), "is of type none"),
        (image("data:,x"), "is of type none"),
        (image(as_url(b"BM a bitmap")), "holds no PNG, JPEG, GIF or WebP image, whatever its type says"),
        (image(as_url(PNG)[:-1]), "is damaged: what follows the comma is no base64"),
        (image(as_url(PNG) + "\n"), "is damaged"),
        (image("data:image/png;base64,iVBO-_"), "is damaged"),
        (image("data:image/png;base64,é"), "is damaged"),
    ],
)
def test_what_cannot_be_sent_is_told_with_its_place(part: object, words: str) -> None:
    with pytest.raises(ValueError, match=r"^messages\[0\]\.content\[0\]") as told:
        ask(part)
    assert words in str(told.value)


@pytest.mark.parametrize("content", [None, 5, {"type": "text"}])
def test_content_that_is_neither_text_nor_parts_is_told(content: object) -> None:
    with pytest.raises(ValueError, match=r"messages\[1\]\.content is neither text nor a list of parts"):
        read_messages([{"role": "user", "content": "Hi"}, {"role": "assistant", "content": content}])


@pytest.mark.parametrize("role", ["system", "developer", "assistant"])
def test_only_the_user_shows_images(role: str) -> None:
    with pytest.raises(ValueError, match="only a message of the user"):
        ask(image(as_url(PNG)), role=role)


def test_an_image_of_a_prompt_may_be_as_large_as_that_of_a_file() -> None:
    largest = PNG.ljust(20 * 2**20, b"\0")
    found = sent(image(as_url(largest))).image
    assert isinstance(found, AttachedImage)
    assert len(found.data) == 20 * 2**20
    for more in (1, 5000):
        with pytest.raises(ValueError, match="of more than 20 MB; make it smaller"):
            ask(image(as_url(largest + bytes(more))))


def test_a_file_is_never_read(tmp_path: Path) -> None:
    (tmp_path / "cat.png").write_bytes(PNG)
    with pytest.raises(ValueError, match="a file is sent as data:"):
        ask(image((tmp_path / "cat.png").as_uri()))
