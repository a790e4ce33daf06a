"""How a reply ended, in words: seams for a cut or a stop, a card for a failure, a line for an odd finish reason."""

from __future__ import annotations

from chatui.conversation.failure import Failure
from chatui.conversation.message import Message, Status
from chatui.conversation.visible import make_visible_line
from chatui.engine.words import say_finish, say_kind
from chatui.ui.markdown.line import Ink, Run
from chatui.ui.markdown.plain_flow import PlainFlow
from chatui.ui.transcript.section import ERROR_GUTTER, FixedLines, Section, drawn_line


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
    if words := say_finish(message.finish_reason):
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
