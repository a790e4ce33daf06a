"""Prompts, notes and the queue are plain text; long prompts are folded."""

from __future__ import annotations

from dataclasses import replace

from chatui.conversation.attachment import Attachment
from chatui.ui.transcript.entry import Entry, Place
from chatui.ui.transcript.note import Note
from chatui.ui.transcript.plain_entry import NoteEntry, PromptEntry, QueueEntry
from chatui.ui.transcript.section import BLANK_ROW, Action
from tests.ui.transcript.stage import prompt


def _rows(entry: Entry) -> list[str]:
    return [entry.row(index).line.text for index in range(entry.height)]


def test_a_prompt_is_shown_as_it_was_typed() -> None:
    entry = PromptEntry(40, prompt(1, "**not** [bold]\n\n  second\n"))
    assert _rows(entry)[:2] == ["**not** [bold]", ""]
    assert "second" in _rows(entry)[2]
    assert entry.row(99) == BLANK_ROW
    assert entry.action(99) is None


def test_a_long_prompt_is_folded_and_opens_on_demand() -> None:
    entry = PromptEntry(40, prompt(1, "\n".join(f"line {n}" for n in range(324))))
    rows = _rows(entry)
    assert rows[-3:] == ["line 11", "▸ … 312 more lines", ""]
    assert entry.action(12) is Action.FOLD_TEXT
    assert not entry.act(Action.FOLD_REASONING)
    assert entry.act(Action.FOLD_TEXT)
    assert _rows(entry)[-3:] == ["line 323", "▾ show less", ""]


def test_forty_lines_are_not_long() -> None:
    assert PromptEntry(40, prompt(1, "\n".join("x" * 40))).height == 41


def test_what_went_along_stands_below_the_prompt() -> None:
    attachments = (Attachment("c\x1bat.png", "image/png", 12_300, "ab"), Attachment("x" * 90, "image/jpeg", 9, "cd"))
    entry = PromptEntry(30, replace(prompt(1, "What?"), attachments=attachments))
    assert _rows(entry) == ["What?", "▣ c␛at.png (PNG, 12 KB)", "▣ " + "x" * 28, ""]


def test_a_queue_shows_the_beginning_of_each_prompt() -> None:
    entry = QueueEntry(20, ["short", "word " * 50_000])
    assert _rows(entry)[0] == "short"
    assert entry.height == 1 + 3 + 1 + 1
    assert _rows(QueueEntry(40, ["short"]))[-2] == "queued · ↑ takes it back"


def test_notes_wrap_at_their_width() -> None:
    note = Note("The next reply comes from openai/gpt-5.2.")
    assert NoteEntry(30, note).height == 3
    entry = NoteEntry(60, note)
    assert _rows(entry) == ["The next reply comes from openai/gpt-5.2.", ""]
    assert not entry.act(Action.FOLD_TEXT)


def test_a_place_that_is_gone_is_found_near_by() -> None:
    entry = NoteEntry(30, Note("short"))
    assert entry.find(Place(7, 3, -1, 0.0)) == 1
    assert entry.find(Place(0, 9, -1, 0.0)) == 0
    assert entry.place(9) == Place(2, 0, -1, 0.0)
