"""A conversation as Markdown."""

from __future__ import annotations

from datetime import UTC, datetime

from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Message, Role, Status
from chatui.conversation.session import SessionHeader
from chatui.engine.export import export_markdown

WHEN = datetime(2026, 1, 1, tzinfo=UTC)
BROKE = Failure(FailureKind.SERVER, "It\nbroke")


def test_each_message_stands_under_the_name_of_its_speaker() -> None:
    header = SessionHeader("s1", WHEN, title="A\ntitle", system="Be terse.\n")
    messages = [
        Message("m1", Role.USER, "\nHello\n", WHEN),
        Message("m2", Role.ASSISTANT, "  Hi\n", WHEN, model="a/b", reasoning="Hm."),
        Message("m3", Role.ASSISTANT, "", WHEN, status=Status.CANCELLED),
        Message("m4", Role.ASSISTANT, "x", WHEN, status=Status.FAILED, failure=BROKE),
    ]
    assert export_markdown(header, messages) == (
        "# A title\n\n## System\n\nBe terse.\n\n## You\n\nHello\n\n## a/b\n\n  Hi\n\n## Assistant\n\n*stopped*\n\n"
        "## Assistant\n\nx\n\n*failed: It broke*\n"
    )


def test_a_session_without_a_title_goes_by_its_id() -> None:
    assert export_markdown(SessionHeader("s1", WHEN), []) == "# s1\n"
