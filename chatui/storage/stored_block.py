"""A block told from its outside: whose message it is, without decoding it where it is in our own form."""

from __future__ import annotations

from functools import partial

from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Message, Role, Status, StoredMessage
from chatui.conversation.usage import Expense
from chatui.storage.message_block import UNKNOWN_TIME, decode_message, parse_block
from chatui.storage.own_form import match_own_block
from chatui.storage.toml_text import Table, TomlError, take, take_number


def scan_block(block: bytes) -> StoredMessage:
    """Return a block's message, undecoded. Its id is empty when the block names none.

    Raises TomlError when the block is not valid TOML or not exactly one message.
    """
    own = match_own_block(block)
    if own is not None:
        return own
    table = parse_block(block)
    message_id, parent, role = table.get("id"), table.get("parent"), table.get("role")
    stored_id = message_id if isinstance(message_id, str) else ""
    stored_parent = parent if isinstance(parent, str) else None
    stored_role = Role.USER if role == Role.USER else Role.ASSISTANT
    return StoredMessage(
        id=stored_id,
        role=stored_role,
        parent=stored_parent,
        size=len(block),
        decode=partial(_decode_or_tell, block, stored_id, stored_role, stored_parent),
        expense=_read_expense(table),
    )


def _read_expense(table: Table) -> Expense | None:
    try:
        usage, cost = take(table, "usage", dict), take_number(table, "cost")
        return None if usage is None else Expense(cost, take(usage, "estimated", bool) or False)
    except TomlError:
        # Such a block decodes to a message that says so, and that one cost nothing.
        return None


def _decode_or_tell(block: bytes, message_id: str, role: Role, parent: str | None) -> Message:
    try:
        return decode_message(block)
    except TomlError as error:
        text = parse_block(block).get("text")
        return Message(
            id=message_id,
            role=role,
            text=text if isinstance(text, str) else "",
            created=UNKNOWN_TIME,
            parent=parent,
            status=Status.FAILED,
            failure=Failure(
                kind=FailureKind.PROTOCOL,
                message=f"This message's block in the session file could not be read: {error.reason}.",
                advice="Correct it in an editor; until then the file keeps it as it is.",
            ),
        )
