"""The speed of a reply, told from what is stored with it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chatui.conversation.message import Message, Role
from chatui.conversation.usage import Timing, Usage
from chatui.engine.stats import speed_of


@pytest.mark.parametrize(
    ("usage", "timing", "speed"),
    [
        (Usage(output=90), Timing(first_token=1.0, total=4.0), 30.0),
        (Usage(output=90), Timing(first_token=1.0, total=1.01), None),
        (Usage(output=0), Timing(first_token=1.0, total=4.0), None),
        (Usage(output=90), Timing(first_token=None, total=4.0), None),
        (None, Timing(first_token=1.0, total=4.0), None),
        (Usage(output=90), None, None),
    ],
)
def test_a_stored_reply_tells_its_speed_where_it_can(
    usage: Usage | None, timing: Timing | None, speed: float | None
) -> None:
    reply = Message("m2", Role.ASSISTANT, "text", datetime(2026, 1, 1, tzinfo=UTC), usage=usage, timing=timing)
    assert speed_of(reply) == speed
