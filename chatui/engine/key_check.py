"""What the answer to `GET /models` says about a key, in honest states."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from chatui.conversation.failure import Failure, FailureKind
from chatui.providers.base import KeyFacts, ModelList


class KeyState(StrEnum):
    """What is known of a key; the words are for the user."""

    VALID = "valid"
    REFUSED = "refused"
    NO_FUNDS = "valid, but no funds"
    NO_LIST = "not known: the endpoint has no model list"
    NOT_CHECKED = "not checked"
    NOT_NEEDED = "none, and none is needed"
    WANTED = "none, and one is wanted"
    UNUSABLE = "cannot be used"


@dataclass(frozen=True, slots=True)
class KeyCheck:
    """One provider's key, checked."""

    provider: str
    state: KeyState
    key: KeyFacts | None = None
    models: int = 0
    """How many models it offers."""
    failure: Failure | None = None
    """Why the state is none of the good ones."""

    @property
    def may_chat(self) -> bool:
        """False where a prompt cannot get through; what was not checked may well work."""
        return self.state not in (KeyState.REFUSED, KeyState.WANTED, KeyState.UNUSABLE)


def judge_key(provider: str, answer: ModelList) -> KeyCheck:
    """Judge by the answer to `GET /models`. Trouble on the way or in the server never makes a key invalid."""
    failure = answer.failure
    if failure is None:
        state = KeyState.VALID if answer.key is not None else KeyState.NOT_NEEDED
        return KeyCheck(provider, state, answer.key, len(answer.models))
    return KeyCheck(provider, _judge_failure(failure, has_key=answer.key is not None), answer.key, failure=failure)


def _judge_failure(failure: Failure, *, has_key: bool) -> KeyState:
    match failure.status:
        case 401 | 403:
            return KeyState.REFUSED if has_key else KeyState.WANTED
        case 402:
            return KeyState.NO_FUNDS
        case 404 | 405:
            return KeyState.NO_LIST
        case None if failure.kind is FailureKind.CONFIGURATION:
            return KeyState.UNUSABLE
    # A page or other JSON where the list should be: the endpoint answers, but has none.
    return KeyState.NO_LIST if failure.kind is FailureKind.PROTOCOL else KeyState.NOT_CHECKED


def describe_check(check: KeyCheck) -> tuple[str, str]:
    """Say it in one line, and what is behind it and to be done in further lines (empty for nothing)."""
    line = f"{check.provider}: key {check.state}"
    if check.key is not None:
        line = f"{check.provider}: key {check.key.shown} from {check.key.source}: {check.state}"
    if check.failure is None:
        line += f" · {check.models:,} model{'s' if check.models != 1 else ''}"
    details = [check.failure.message, check.failure.advice] if check.failure is not None else []
    if check.state is KeyState.NOT_CHECKED:
        details.append("This says nothing about the key; chatting may work all the same.")
    if check.key is not None and check.key.warning:
        details.append(check.key.warning)
    return line, "\n".join(detail for detail in details if detail)
