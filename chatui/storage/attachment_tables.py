"""The attachments of a message in a session file: an array of inline tables, one a line."""

from __future__ import annotations

from collections.abc import Sequence

from chatui.conversation.attachment import Attachment
from chatui.storage.toml_text import Table, TomlError, encode_inline, take


def encode_attachments(attachments: Sequence[Attachment]) -> str | None:
    """Encode them; `None` for none."""
    if not attachments:
        return None
    return "[\n" + "".join(f"  {_encode(attachment)},\n" for attachment in attachments) + "]"


def decode_attachments(items: list[object]) -> list[Attachment]:
    """Decode them. Raises TomlError."""
    return [_decode(item) for item in items]


def _encode(attachment: Attachment) -> str:
    known: Table = {
        "name": attachment.name,
        "type": attachment.kind,
        "size": attachment.size,
        "hash": attachment.hash,
    }
    return encode_inline((known | {key: value for key, value in attachment.extra.items() if key not in known}).items())


def _decode(item: object) -> Attachment:
    if not isinstance(item, dict):
        raise TomlError("`attachments` should be a list of tables")
    table: Table = dict(item)
    name, kind, digest = (take(table, key, str) or "" for key in ("name", "type", "hash"))
    return Attachment(name, kind, take(table, "size", int) or 0, digest, table)
