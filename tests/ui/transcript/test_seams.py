"""The seams of a continued reply: where they stand, what they say, and that they are no text."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatui.conversation.continued import add_part
from chatui.conversation.events import Started
from chatui.conversation.message import Message, Part, Status
from chatui.conversation.usage import Timing
from chatui.ui.markdown.flow import MarkdownFlow
from chatui.ui.transcript.document import Document
from chatui.ui.transcript.folded_code import LONG_CODE
from chatui.ui.transcript.reply_entry import ReplyEntry
from chatui.ui.transcript.seams import SeamedLines, lay_seams, name_seams
from tests.ui.transcript.stage import NOON, WAYS, prompt, reply

SEAM = [(0, "seam")]
TEXT = (
    "# Head\n\nA paragraph that is long enough to be wrapped twice.\n\n```py\na = 1\nb = 2\n```\n\n- one\n- two\n\nEnd."
)


def _continued(kept: str, *more: str, **changes: object) -> Message:
    message = reply(1, kept, status=Status.INTERRUPTED, timing=Timing(0.1, 2.0))
    for number, text in enumerate(more, start=1):
        part = Part(len(message.text), "demo/two", NOON + timedelta(seconds=14 * number), timing=Timing(0.1, 2.0))
        message = add_part(message, replace(part, **changes), text)  # type: ignore[arg-type]  # fields of Part
    return message


def _rows(entry: ReplyEntry) -> list[str]:
    return [entry.row(index).line.text for index in range(entry.height)]


def _lay(text: str, *offsets: int, width: int = 30) -> SeamedLines:
    lines = lay_seams(MarkdownFlow(width, text), frozenset(), [(offset, f"seam {offset}") for offset in offsets])
    assert isinstance(lines, SeamedLines)
    return lines


def test_a_seam_stands_below_the_row_that_it_cuts() -> None:
    entry = ReplyEntry(40, "demo/guide", _continued("The first half", " and the second."))
    assert _rows(entry)[1:4] == ["The first half and the second.", "╌ continued by two after 12 s ╌", ""]
    entry = ReplyEntry(16, "demo/guide", _continued("The first half", " and the second one."))
    assert _rows(entry)[1:5] == ["The first half", "╌ continued by t", "and the second", "one."]


def test_each_part_has_its_seam() -> None:
    entry = ReplyEntry(40, "demo/guide", _continued("One.\n\n", "Two.\n\n", "Three."))
    assert [row for row in _rows(entry)[1:] if row][:5] == [
        "One.",
        "╌ continued by two after 12 s ╌",
        "Two.",
        "╌ continued by two after 12 s ╌",
        "Three.",
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"is_approximate": True}, "╌ continued by two after 12 s, asked in words: approximate ╌"),
        ({"model": ""}, "╌ continued after 12 s ╌"),
        ({"created": NOON - timedelta(days=1)}, "╌ continued by two ╌"),
        ({"created": NOON + timedelta(hours=5)}, "╌ continued by two after 5 h ╌"),
        ({"created": NOON + timedelta(days=90)}, "╌ continued by two after 90 days ╌"),
        ({"model": "x/\x1b[31mred"}, "╌ continued by ␛[31mred after 12 s ╌"),
    ],
)
def test_a_seam_says_who_went_on_and_when(changes: dict[str, object], words: str) -> None:
    assert name_seams(_continued("a", "b", **changes)) == [(1, words)]


@given(st.lists(st.integers(0, len(TEXT)), min_size=1, max_size=3), st.integers(8, 60))
def test_seams_take_no_line_away_wherever_they_are(offsets: list[int], width: int) -> None:
    lines = _lay(TEXT, *sorted(offsets), width=width)
    whole = MarkdownFlow(width, TEXT)
    shown = [lines.line(index) for index in range(lines.height)]
    said = [line for line in shown if not line.text.startswith("seam")]
    assert [line.text for line in said] == [whole.line(index).text for index in range(whole.height)]
    assert all(line.decoration == len(line.runs) for line in shown if line.text.startswith("seam"))
    starts = [line.start for line in shown]
    assert starts == sorted(starts)
    for index in range(whole.height):
        assert lines.line(lines.row_of(index)).text == whole.line(index).text


@given(st.integers(0, len(TEXT)), st.integers(8, 60), st.integers(1, 9))
def test_a_seam_stands_at_the_same_place_however_the_rest_came(at: int, width: int, size: int) -> None:
    flow = MarkdownFlow(width, TEXT[:at])
    lines = lay_seams(flow, frozenset(), [(at, "seam")])
    for place in range(at, len(TEXT), size):
        flow.append(TEXT[place : place + size])
        lines.update()
    whole = _lay(TEXT, at, width=width)
    found = [lines.line(index).text for index in range(lines.height)]
    assert found == [whole.line(index).text.replace(f"seam {at}", "seam") for index in range(whole.height)]


def test_a_seam_in_folded_code_stands_below_it() -> None:
    code = "".join(f"line {number}\n" for number in range(LONG_CODE + 20))
    text = f"```py\n{code}```\n\nEnd."
    flow = MarkdownFlow(40, text)
    lines = lay_seams(flow, frozenset({1}), [(text.index("line 40"), "seam")])
    texts = [lines.line(index).text.strip() for index in range(lines.height)]
    fold = next(index for index, line in enumerate(texts) if "more lines" in line)
    assert texts[fold + 1] == "seam"
    assert lines.is_fold_line(fold)
    assert texts[-1] == "End."


def test_a_seam_far_above_is_not_looked_for_again() -> None:
    flow = MarkdownFlow(20, "kept\n\n" + "word\n\n" * 300)
    lines = lay_seams(flow, frozenset(), [(4, "seam")])
    flow.append("more")
    lines.update()
    assert lines.line(1).text == "seam"
    flow.set_width(10)
    lines.update()
    assert lines.line(1).text == "seam"


def test_a_reply_of_one_piece_has_no_seam() -> None:
    assert not isinstance(lay_seams(MarkdownFlow(20, "x"), frozenset(), []), SeamedLines)
    assert name_seams(reply(1)) == []


def test_a_continued_reply_streams_where_it_stands() -> None:
    document = Document(40)
    document.ways = WAYS
    kept = replace(_continued("One"), failure=None)
    document.show([prompt(0), kept])
    document.measure(1)
    assert "— interrupted: the reply was cut · Ctrl+G continues —"[:40] in [
        document.entry(1).row(index).line.text for index in range(document.height(1))
    ] or any("Ctrl+G" in document.entry(1).row(index).line.text for index in range(document.height(1)))
    document.open_reply(Started("m1", None, "demo/two", NOON + timedelta(seconds=14), kept))
    assert len(document) == 2
    assert document.live is not None
    document.live.append_text(" two")
    document.live.flush()
    assert _rows(document.live)[1:3] == ["One two", "╌ continued by two after 12 s ╌"]
    message = add_part(kept, Part(3, "demo/two", NOON + timedelta(seconds=14)), " two")
    document.close_reply(message, may_fold=True)
    entry = document.entry(1)
    assert isinstance(entry, ReplyEntry)
    assert entry.message == message
    assert len(document) == 2


def test_what_follows_a_cut_reply_takes_the_offer_away() -> None:
    document = Document(80)
    document.ways = WAYS
    document.show([prompt(0), reply(1, "One", status=Status.CANCELLED)])
    document.measure(1)
    assert "— stopped · Ctrl+G continues —" in _rows(_entry(document, 1))
    document.add(prompt(2))
    assert "— stopped —" in _rows(_entry(document, 1))
    # A reply in the middle of a session that is opened is not offered either.
    document.show([prompt(0), reply(1, "One", status=Status.CANCELLED), prompt(2)])
    assert "— stopped —" in _rows(_entry(document, 1))


def _entry(document: Document, order: int) -> ReplyEntry:
    entry = document.entry(order)
    assert isinstance(entry, ReplyEntry)
    return entry
