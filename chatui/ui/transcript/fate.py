"""How a reply ended, in words: seams for a cut or a stop, a card for a failure, a line for an odd finish reason."""

from __future__ import annotations

from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Message, Status
from chatui.conversation.visible import make_visible_line
from chatui.ui.markdown.line import Ink, Run
from chatui.ui.markdown.plain_flow import PlainFlow
from chatui.ui.transcript.section import ERROR_GUTTER, FixedLines, Section, drawn_line

_KIND_WORDS = {
    FailureKind.AUTHENTICATION: "The key was refused",
    FailureKind.FUNDS: "No money left on the account",
    FailureKind.RATE_LIMIT: "Too many requests just now",
    FailureKind.QUOTA: "The plan's quota is used up",
    FailureKind.NOT_FOUND: "No such model or path",
    FailureKind.BAD_REQUEST: "The server did not accept the request",
    FailureKind.CONTEXT_TOO_LONG: "The conversation is too long for the model",
    FailureKind.CONTENT_FILTER: "The provider withheld the answer",
    FailureKind.OVERLOADED: "The server has no capacity",
    FailureKind.SERVER: "The server failed",
    FailureKind.NETWORK: "The connection failed",
    FailureKind.PROTOCOL: "The answer could not be read",
    FailureKind.TIMEOUT: "Nothing came for too long",
    FailureKind.CONFIGURATION: "The request could not be made",
}

_RETRY_WORDS = {
    FailureKind.RATE_LIMIT: "rate limited",
    FailureKind.OVERLOADED: "no capacity",
    FailureKind.SERVER: "server error",
    FailureKind.NETWORK: "no connection",
    FailureKind.TIMEOUT: "timed out",
}

_FINISH_WORDS = {
    "length": "cut off: the output limit is reached",
    "content_filter": "cut off by the provider's content filter",
    "tool_calls": "ended with a tool call, which chatui does not make",
    "function_call": "ended with a function call, which chatui does not make",
}


def say_kind(failure: Failure) -> str:
    """Return the kind of a failure in words, with the HTTP status where there was one."""
    words = _KIND_WORDS[failure.kind]
    return words if failure.status is None else f"{words} ({failure.status})"


def say_retry(failure: Failure, retry: int, max_retries: int, wait: float) -> str:
    """Return the line shown while the next attempt is waited for; `wait` in seconds."""
    status = "" if failure.status is None else f"{failure.status} "
    words = _RETRY_WORDS.get(failure.kind) or failure.kind.value.replace("_", " ")
    return f"{status}{words} · retry {retry}/{max_retries} after {wait:.0f} s"


def fate_sections(message: Message, width: int) -> list[Section]:
    """Return what stands below the text of a reply to say how it ended; nothing for an ordinary end."""
    match message.status:
        case Status.CANCELLED:
            return [_seam("stopped", width, "dim")]
        case Status.INTERRUPTED:
            reason = message.failure.message if message.failure is not None else "the reply was cut"
            return [_seam(f"interrupted: {reason.rstrip('.')}", width, "warning")]
        case Status.FAILED:
            return _failure_card(message.failure, width)
        case Status.COMPLETE:
            return _finish_sections(message, width)


def _finish_sections(message: Message, width: int) -> list[Section]:
    sections = []
    if not message.text.strip():
        sections.append(_seam("the reply is empty", width, "warning"))
    reason = message.finish_reason
    if reason is not None and reason != "stop":
        words = _FINISH_WORDS.get(reason) or f"ended with finish reason “{reason}”"
        sections.append(_seam(words, width, "warning"))
    return sections


def _seam(words: str, width: int, role: str) -> Section:
    return Section(PlainFlow(width, role, f"— {make_visible_line(words)} —"))


def _failure_card(failure: Failure | None, width: int) -> list[Section]:
    if failure is None:
        return [_seam("the reply failed", width, "error")]
    head = drawn_line(Run(say_kind(failure)[:width], Ink("error", bold=True)))
    card = [Section(FixedLines((head,)), ERROR_GUTTER, block="note")]
    if failure.message.strip():
        card.append(Section(PlainFlow(width, "text", failure.message), ERROR_GUTTER, block="note"))
    if failure.advice:
        card.append(Section(PlainFlow(width, "dim", f"→ {failure.advice}"), ERROR_GUTTER, block="note"))
    return card
