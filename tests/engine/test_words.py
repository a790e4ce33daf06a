"""What happened to a reply, in words."""

from __future__ import annotations

from chatui.conversation.failure import Failure, FailureKind
from chatui.engine.words import say_countdown, say_finish, say_kind, say_retry


def test_every_kind_has_words() -> None:
    assert all(say_kind(Failure(kind, "")) for kind in FailureKind)
    assert say_kind(Failure(FailureKind.FUNDS, "", status=402)) == "No money left on the account (402)"


def test_a_retry_names_status_reason_and_wait() -> None:
    limited = Failure(FailureKind.RATE_LIMIT, "", status=429)
    assert say_countdown(limited, 2, 3, 7.2) == "429 rate limited · retry 2/3 in 8 s"
    assert say_countdown(limited, 2, 3, -1) == "429 rate limited · retry 2/3 in 0 s"
    assert say_retry(limited, 2, 3, 8.2) == "429 rate limited · retry 2/3 after 8 s"
    assert say_retry(Failure(FailureKind.BAD_REQUEST, ""), 1, 3, 1) == "bad request · retry 1/3 after 1 s"


def test_only_an_odd_end_is_said() -> None:
    assert say_finish(None) == say_finish("stop") == ""
    assert say_finish("length") == "cut off: the output limit is reached"
    assert say_finish("odd") == "ended with finish reason “odd”"
    assert say_finish("odd " * 100) == f"ended with finish reason “{'odd ' * 15}…”"
