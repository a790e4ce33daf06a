"""How a reply ended, in words: seams for a cut or a stop, a card for a failure, a line for an odd finish reason."""

from __future__ import annotations

from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Message, Status
from chatui.conversation.visible import make_visible_line
from chatui.engine.words import say_finish, say_kind
from chatui.ui.markdown.line import Ink, Run
from chatui.ui.markdown.plain_flow import PlainFlow
from chatui.ui.transcript.figures import join_figures
from chatui.ui.transcript.section import ERROR_GUTTER, Action, FixedLines, Section, drawn_line

_USUAL_KEYS = ("F5 ask again", "Ctrl+T other model")
_KEYS = {
    FailureKind.AUTHENTICATION: ("/key check the key",),
    FailureKind.FUNDS: ("/key check the key",),
    FailureKind.CONFIGURATION: ("/key check the key",),
    FailureKind.BAD_REQUEST: ("/params",),
    FailureKind.CONTEXT_TOO_LONG: ("/trim", "Ctrl+N new session"),
}
"""What acts on which kind of failure, beside the usual."""


def fate_sections(message: Message, width: int, key: str = "") -> list[Section]:
    """Return what stands below the text of a reply to say how it ended; nothing for an ordinary end.

    With `key`, which continues the reply, the seam says so, and a click on it does.
    """
    sections = _tell_fate(message, width, f" · {key} continues" if key else "")
    return [section._replace(action=Action.CONTINUE) for section in sections] if key else sections


def _tell_fate(message: Message, width: int, offer: str) -> list[Section]:
    match message.status:
        case Status.CANCELLED:
            return [_seam(f"stopped{offer}", width, "dim")]
        case Status.INTERRUPTED:
            reason = message.failure.message if message.failure is not None else "the reply was cut"
            # A sentence goes on within the seam, so its article is no longer the first word.
            reason = f"t{reason[1:]}" if reason.startswith("The ") else reason
            return [_seam(f"interrupted: {reason.rstrip('.')}{offer}", width, "warning")]
        case Status.FAILED:
            card = _failure_card(message.failure, width)
            return [*card, _seam(offer.removeprefix(" · "), width, "dim")] if offer else card
        case Status.COMPLETE:
            return _finish_sections(message, width, offer)


def _finish_sections(message: Message, width: int, offer: str) -> list[Section]:
    sections = []
    if not message.text.strip():
        sections.append(_seam("the reply is empty", width, "warning"))
    if words := say_finish(message.finish_reason):
        sections.append(_seam(words + offer, width, "warning"))
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
    keys = drawn_line(Run(join_figures([*_KEYS.get(failure.kind, ()), *_USUAL_KEYS], width), Ink("dim")))
    card.append(Section(FixedLines((keys,)), ERROR_GUTTER))
    return card
