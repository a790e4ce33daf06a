"""A reply: label, reasoning that folds by itself, Markdown, fate and figures; live or whole, the same rows."""

from __future__ import annotations

from chatui.conversation.message import Status
from chatui.conversation.usage import Timing, Usage
from chatui.ui.transcript.reply_entry import ReplyEntry
from chatui.ui.transcript.section import Action
from tests.ui.transcript.stage import reply


class _Clock:
    now = 10.0

    def __call__(self) -> float:
        return self.now


def _rows(entry: ReplyEntry) -> list[str]:
    return [entry.row(index).line.text for index in range(entry.height)]


def test_a_live_reply_waits_visibly() -> None:
    assert _rows(ReplyEntry(40, "demo/guide")) == ["guide  demo", "…", ""]


def test_reasoning_is_open_while_it_comes_and_folds_when_the_answer_begins() -> None:
    clock = _Clock()
    entry = ReplyEntry(40, "demo/guide", clock=clock)
    entry.append_reasoning("hm, ")
    entry.append_reasoning("well")
    entry.flush()
    assert _rows(entry) == ["guide  demo", "▾ Thinking…", "hm, well", ""]
    clock.now += 4.2
    entry.append_text("Yes.")
    entry.flush()
    assert _rows(entry) == ["guide  demo", "▸ Thought for 4.2 s", "Yes.", ""]


def test_reasoning_stays_open_for_a_reader_who_is_elsewhere() -> None:
    entry = ReplyEntry(40, "demo/guide", clock=_Clock())
    entry.append_reasoning("well")
    entry.flush(may_fold=False)
    entry.append_text("Yes.")
    entry.flush(may_fold=False)
    assert "well" in _rows(entry)
    entry.finish(reply(1, "Yes.", reasoning="well"), may_fold=False)
    assert "well" in _rows(entry)


def test_reasoning_folded_by_hand_stays_folded_and_loses_nothing() -> None:
    entry = ReplyEntry(40, "demo/guide", clock=_Clock())
    entry.append_reasoning("one ")
    entry.flush()
    assert entry.act(Action.FOLD_REASONING)
    entry.append_reasoning("two")
    assert entry.flush() == entry.height
    assert _rows(entry) == ["guide  demo", "▸ Thinking…", ""]
    assert entry.act(Action.FOLD_REASONING)
    assert "one two" in _rows(entry)


def test_a_reply_of_reasoning_alone_folds_at_its_end() -> None:
    entry = ReplyEntry(40, "demo/guide", clock=_Clock())
    entry.append_reasoning("well")
    entry.finish(reply(1, " ", reasoning="well", timing=Timing(0.1, 2.0, 1.5)))
    rows = _rows(entry)
    assert "▸ Thought for 1.5 s" in rows
    assert "— the reply is empty —" in rows
    assert "well" not in rows


def test_a_finished_reply_equals_the_same_one_from_a_file() -> None:
    message = reply(1, "Some *text*.\n\nMore.", usage=Usage(3, 40), timing=Timing(0.5, 1.5), cost=0.1)
    live = ReplyEntry(40, "demo/guide")
    for letter in message.text:
        live.append_text(letter)
        live.flush()
    live.finish(message)
    assert _rows(live) == _rows(ReplyEntry(40, "demo/guide", message))
    assert _rows(live)[-2] == "0.50 s to first token · 40 tok/s"


def test_a_message_that_says_otherwise_wins() -> None:
    live = ReplyEntry(40, "demo/guide")
    live.append_text("half of")
    live.finish(reply(1, "half of it", status=Status.CANCELLED, reasoning="late"))
    assert _rows(live)[2:5] == ["half of it", "", "— stopped —"]
    assert live.has_reasoning


def test_no_delta_changes_no_row() -> None:
    entry = ReplyEntry(40, "demo/guide", reply(1))
    assert entry.flush() == entry.height
    assert not entry.act(Action.FOLD_REASONING)
    assert entry.is_live is False


def test_a_narrow_label_and_hostile_names_are_safe() -> None:
    entry = ReplyEntry(0, "\x1b]0;evil\x07/\u202ename", reply(1))
    assert not any(c in "".join(_rows(entry)) for c in "\x1b\x07\u202e")
    assert _rows(ReplyEntry(40, "", reply(1)))[0] == "reply"
