"""A session: the saved and live unit. It has a header and a conversation."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from chatui.conversation.conversation import Conversation

_ID_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no letter that reads as a digit."""


@dataclass(frozen=True, slots=True)
class SessionHeader:
    """What stands above the messages in a session file."""

    id: str
    """`YYYYMMDD-HHMMSS-xxxx`, UTC; sorts by time."""
    created: datetime
    """UTC."""
    title: str = ""
    """Empty until the first prompt gives one."""
    model: str = ""
    """`provider/model` of the next reply; empty: the configured default."""
    system: str = ""
    """The system prompt; empty for none."""
    tags: tuple[str, ...] = ()
    params: Mapping[str, object] = field(default_factory=dict)
    """Sampling parameters by the API's names (`temperature`, …); only what is set is sent."""
    sent_from: str = ""
    """Id of the oldest message that is sent to the model: earlier ones did not fit. Empty: all of them are."""
    extra: Mapping[str, object] = field(default_factory=dict)
    """Keys of the file that this version does not know; they survive a round trip."""


@dataclass(slots=True)
class Session:
    """A header, replaced whole when something in it changes, and the conversation."""

    header: SessionHeader
    conversation: Conversation = field(default_factory=Conversation)


def make_session_id(created: datetime) -> str:
    """Make an id from a UTC time and 20 random bits, so that two sessions of the same second differ."""
    tail = "".join(secrets.choice(_ID_LETTERS) for _ in range(4))
    return f"{created:%Y%m%d-%H%M%S}-{tail}"
