"""The `messages` of a prompt in a batch, in the form of the chat completions API: roles, texts, images among them."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from urllib.parse import urlsplit

from chatui.conversation.attachment import IMAGE_ENDINGS, AttachedImage, attach_image, recognize_image
from chatui.conversation.message import Role
from chatui.conversation.request import PlacedImage, Turn
from chatui.engine.attached_files import MAX_IMAGE_BYTES

_ROLES = {role.value: role for role in Role}
_KINDS = "PNG, JPEG, GIF or WebP"
_AS_DATA = "data:image/png;base64,…"
_TYPES = frozenset({*IMAGE_ENDINGS, "image/jpg"})
"""Media types that a data: URL may name; the last is not registered, and often written."""
_MAX_BASE64 = (MAX_IMAGE_BYTES + 2) // 3 * 4


def read_messages(messages: object) -> tuple[tuple[Turn, ...], str]:
    """Return the turns and the system prompt. Raises ValueError, which names the place of what cannot be sent."""
    if not isinstance(messages, list):
        raise ValueError("messages is no list")
    system: list[str] = []
    turns: list[Turn] = []
    for number, message in enumerate(messages):
        role = message.get("role") if isinstance(message, dict) else None
        where = f"messages[{number}].content"
        if role in ("system", "developer") and not turns:
            system.append(_read_text(message.get("content"), where))
        elif role == Role.USER.value:
            text, images = _read_content(message.get("content"), where)
            turns.append(Turn(Role.USER, text, placed=images))
        elif isinstance(role, str) and role in _ROLES:
            turns.append(Turn(_ROLES[role], _read_text(message.get("content"), where)))
        else:
            raise ValueError("messages holds something else than system, user and assistant, in this order")
    if not turns:
        raise ValueError("messages holds no prompt")
    return tuple(turns), "\n\n".join(system)


def _read_text(content: object, where: str) -> str:
    text, images = _read_content(content, where)
    if images:
        raise ValueError(f"{where} holds an image; only a message of the user may hold one")
    return text


def _read_content(content: object, where: str) -> tuple[str, tuple[PlacedImage, ...]]:
    if isinstance(content, str):
        return content, ()
    if not isinstance(content, list):
        raise ValueError(f"{where} is neither text nor a list of parts")
    text = ""
    images: list[PlacedImage] = []
    for number, part in enumerate(content):
        place = f"{where}[{number}]"
        kind = part.get("type") if isinstance(part, dict) else None
        if kind == "text":
            if not isinstance(part.get("text"), str):
                raise ValueError(f"{place}.text is no text")
            text += part["text"]
        elif kind == "image_url":
            images.append(_read_image(part.get("image_url"), f"{place}.image_url", len(text)))
        else:
            said = f"of type {kind[:40]}" if isinstance(kind, str) else "of no type"
            raise ValueError(f"{place} is {said}; a part may be text or image_url")
    return text, tuple(images)


def _read_image(found: object, where: str, place: int) -> PlacedImage:
    if not isinstance(found, Mapping) or not isinstance(found.get("url"), str):
        raise ValueError(f'{where} has no url, as in {{"url": "{_AS_DATA}"}}')
    detail = found.get("detail")
    if detail is not None and not isinstance(detail, str):
        raise ValueError(f"{where}.detail is no text")
    return PlacedImage(place, _read_url(found["url"], f"{where}.url"), detail or "")


def _read_url(url: str, where: str) -> AttachedImage | str:
    """An image at hand, or an address, which the provider fetches and nobody else: it goes on as it is."""
    scheme, _, rest = url.partition(":")
    match scheme.lower():
        case "data":
            return _read_data(rest, where)
        case "http" | "https" if _has_host(url):
            return url
        case "http" | "https":
            raise ValueError(f"{where} is no address of the web")
    raise ValueError(f"{where} is neither an https:// address nor a data: URL; a file is sent as {_AS_DATA}")


def _has_host(url: str) -> bool:
    try:
        return bool(urlsplit(url).hostname) and url.isprintable() and " " not in url
    except ValueError:
        return False


def _read_data(rest: str, where: str) -> AttachedImage:
    """Read what follows `data:` (RFC 2397). The bytes say what it is, as they do for a file."""
    head, _, text = rest.partition(",")
    kind, *attributes = (word.strip().lower() for word in head.split(";"))
    if kind not in _TYPES:
        raise ValueError(f"{where} is of type {kind[:40] or 'none'}; an image is sent as {_KINDS}")
    if "base64" not in attributes:
        raise ValueError(f"{where} is not in base64, as in {_AS_DATA}")
    data = b"" if len(text) > _MAX_BASE64 else _decode(text, where)
    if len(text) > _MAX_BASE64 or len(data) > MAX_IMAGE_BYTES:
        raise ValueError(f"{where} is an image of more than {MAX_IMAGE_BYTES // 2**20} MB; make it smaller")
    if not (found := recognize_image(data)):
        raise ValueError(f"{where} holds no {_KINDS} image, whatever its type says")
    return attach_image(where, found, data)


def _decode(text: str, where: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise ValueError(f"{where} is damaged: what follows the comma is no base64") from None
