"""A reply as the one JSON object that `ask --json` prints."""

from __future__ import annotations

import json
from typing import Any

from chatui.conversation.failure import Failure
from chatui.conversation.message import Message, Status
from chatui.conversation.usage import Usage
from chatui.storage.toml_text import replace_surrogates

_OUTCOMES = {
    Status.COMPLETE: "complete",
    Status.INTERRUPTED: "interrupted",
    Status.CANCELLED: "interrupted",
    Status.FAILED: "failed",
}


def name_outcome(status: Status) -> str:
    """Name the outcome: `complete`, `interrupted` or `failed`."""
    return _OUTCOMES[status]


def describe_reply(message: Message, session: str | None) -> dict[str, Any]:
    """Return the object; `session` is the id, `None` where nothing is saved.

    Where no tokens were counted, `usage` is all zeros and `estimated`. An unknown cost is `null`.
    """
    usage = message.usage or Usage(estimated=True)
    timing = message.timing
    return {
        "outcome": name_outcome(message.status),
        "text": replace_surrogates(message.text),
        "reasoning": replace_surrogates(message.reasoning),
        "finish_reason": message.finish_reason,
        "usage": {
            "input": usage.input,
            "output": usage.output,
            "cached": usage.cached,
            "reasoning": usage.reasoning,
            "estimated": usage.estimated,
        },
        "cost": message.cost,
        "timing": {
            "first_token": _round(timing.first_token if timing else None),
            "total": _round(timing.total if timing else 0.0),
        },
        "attempts": message.attempts,
        "retries": [
            {"kind": retry.kind.value, "status": retry.status, "message": retry.message, "wait": retry.wait}
            for retry in message.retries
        ],
        "model": message.model,
        "session": session,
        "error": _describe_error(message),
    }


def encode_json(value: object) -> str:
    """Encode on one line of ASCII: no character of it can command a terminal."""
    return json.dumps(value, allow_nan=False)


def _describe_error(message: Message) -> dict[str, object] | None:
    failure: Failure | None = message.failure
    if failure is not None:
        return {"kind": failure.kind.value, "status": failure.status, "message": failure.message}
    if message.status is Status.CANCELLED:
        return {"kind": "cancelled", "status": None, "message": "The reply was stopped."}
    return None


def _round(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 4)
