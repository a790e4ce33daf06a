"""How a reply ended, in words: seams for a cut or a stop, a card for a failure, a line for an odd finish reason."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Message, Status
from chatui.conversation.visible import make_visible_line
from chatui.engine.words import say_finish, say_kind
from chatui.ui.markdown.line import Ink, Run
from chatui.ui.markdown.plain_flow import PlainFlow
from chatui.ui.transcript.figures import wrap_figures
from chatui.ui.transcript.section import ERROR_GUTTER, Action, FixedLines, Section, drawn_line

NO_WAYS: Mapping[str, str] = MappingProxyType({})
"""No command can be run."""

_CHECK_KEY = ("model.key", "check the key")
_EDIT = ("prompt.edit", "change the prompt")
_USUAL_ACTS = (("reply.retry", "ask again"), ("model.pick", "other model"))
_ACTS = {
    FailureKind.AUTHENTICATION: (_CHECK_KEY,),
    FailureKind.FUNDS: (_CHECK_KEY,),
    FailureKind.QUOTA: (_CHECK_KEY,),
    FailureKind.CONFIGURATION: (_CHECK_KEY,),
    FailureKind.BAD_REQUEST: (("session.params", "parameters"), _EDIT),
    FailureKind.CONTENT_FILTER: (_EDIT,),
    FailureKind.CONTEXT_TOO_LONG: (("session.trim", "leave out the oldest"), _EDIT),
}
"""The commands that act on a kind of failure, beside the usual ones, and what each does about it."""


def fate_sections(
    message: Message, width: int, ways: Mapping[str, str] = NO_WAYS, *, is_last: bool = True
) -> list[Section]:
    """Return what stands below the text of a reply to say how it ended; nothing for an ordinary end.

    `ways` says how commands are run, by their names. Where the reply can be continued the seam says how, and a click on
    it does; only the last one can.
    """
    key = ways.get("reply.continue", "") if is_last and message.can_continue else ""
    sections = _tell_fate(message, width, ways, f" · {key} continues" if key else "")
    return [section._replace(action=Action.CONTINUE) for section in sections] if key else sections


def _tell_fate(message: Message, width: int, ways: Mapping[str, str], offer: str) -> list[Section]:
    match message.status:
        case Status.CANCELLED:
            return [_seam(f"stopped{offer}", width, "dim")]
        case Status.INTERRUPTED if message.failure is not None and not message.text.strip():
            # Nothing came that could be gone on from, so what to do now is all there is to tell.
            return _failure_card(message.failure, width, ways, "Interrupted before the first word")
        case Status.INTERRUPTED:
            reason = message.failure.message if message.failure is not None else "the reply was cut"
            # A sentence goes on within the seam, so its article is no longer the first word.
            reason = f"t{reason[1:]}" if reason.startswith("The ") else reason
            return [_seam(f"interrupted: {reason.rstrip('.')}{offer}", width, "warning")]
        case Status.FAILED:
            card = _failure_card(message.failure, width, ways)
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


def _failure_card(failure: Failure | None, width: int, ways: Mapping[str, str], title: str = "") -> list[Section]:
    if failure is None:
        return [_seam("the reply failed", width, "error")]
    head = drawn_line(Run((title or say_kind(failure))[:width], Ink("error", bold=True)))
    card = [Section(FixedLines((head,)), ERROR_GUTTER, block="note")]
    if failure.message.strip():
        card.append(Section(PlainFlow(width, "text", failure.message), ERROR_GUTTER, block="note"))
    if failure.advice:
        card.append(Section(PlainFlow(width, "dim", f"→ {failure.advice}"), ERROR_GUTTER, block="note"))
    acts = [f"{ways[name]} {does}" for name, does in (*_ACTS.get(failure.kind, ()), *_USUAL_ACTS) if ways.get(name)]
    rows = [drawn_line(Run(row, Ink("dim"))) for row in wrap_figures(acts, width)]
    return [*card, Section(FixedLines(tuple(rows)), ERROR_GUTTER)] if rows else card
