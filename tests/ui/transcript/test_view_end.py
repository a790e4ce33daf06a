"""What stands at the end: live replies, the queue, footnotes, retries, a switch of model."""

from __future__ import annotations

from chatui.conversation.events import Retrying
from chatui.conversation.failure import Failure, FailureKind
from chatui.ui.transcript.note import Note
from chatui.ui.transcript.view import View
from tests.ui.transcript.stage import prompt, reply, started, stored, texts_of, turns, view_of


def test_the_queue_stays_at_the_very_end() -> None:
    view = view_of(list(turns(2)))
    view.queue(["waiting one", "waiting two"])
    view.add(prompt(5, "a new prompt"))
    view.open_reply(started(6))
    texts = texts_of(view)
    assert texts.index("a new prompt") < texts.index("waiting one") < texts.index("waiting two")
    assert any("takes it back" in text for text in texts)
    view.close_reply(reply(6, "done"))
    texts = texts_of(view)
    assert texts.index("done") < texts.index("waiting one")
    view.queue([])
    assert "waiting one" not in texts_of(view)


def test_a_footnote_gives_way_to_the_next_until_something_follows() -> None:
    view = view_of(list(turns(2)))
    view.queue(["waiting"])
    view.set_footnote(Note("first"))
    view.set_footnote(Note("second"))
    texts = texts_of(view)
    assert "first" not in texts
    assert texts.index("second") < texts.index("waiting")
    view.add(prompt(2))
    view.set_footnote(Note("third"))
    view.set_footnote(None)
    assert "second" in texts_of(view)
    assert "third" not in texts_of(view)


def test_a_queue_that_goes_while_the_reader_looks_at_it_leaves_the_end() -> None:
    view = view_of(list(turns(2)), rows=2)
    view.queue([f"waiting {n}" for n in range(30)])
    view.scroll_by(-1)
    view.queue([])
    assert texts_of(view) == ["answer 1", ""]


def test_a_retry_is_shown_and_replaced() -> None:
    view = view_of([prompt(0)])
    view.open_reply(started(1))
    failure = Failure(FailureKind.OVERLOADED, "busy", 503)
    view.tell_wait(Retrying(failure, 1, 3, 1.0))
    assert "503 no capacity · retry 1/3 in 1 s" in texts_of(view)
    view.tell_wait(Retrying(failure, 2, 3, 2.0))
    texts = texts_of(view)
    assert "503 no capacity · retry 2/3 in 2 s" in texts
    assert "503 no capacity · retry 1/3 in 1 s" not in texts
    live = view.document.live
    assert live is not None
    live.append_text("at last")
    view.grow()
    assert "at last" in texts_of(view)
    assert not any("retry" in text for text in texts_of(view))


def test_a_finished_reply_without_a_beginning_is_added() -> None:
    view = view_of([prompt(0)])
    view.close_reply(reply(1, "from nowhere"))
    view.tell_wait(Retrying(Failure(FailureKind.SERVER, ""), 1, 3, 1.0))
    assert "from nowhere" in texts_of(view)


def test_a_second_reply_leaves_the_first_one_behind() -> None:
    view = view_of([prompt(0)])
    view.open_reply(started(1))
    view.open_reply(started(2))
    view.close_reply(reply(2, "second"))
    assert "second" in texts_of(view)


def test_a_switch_of_model_is_marked_also_when_the_older_reply_comes_later() -> None:
    def label(view: View) -> str:
        return next(text for text in texts_of(view) if "new" in text)

    view = view_of([prompt(2), reply(3, model="p/new")])
    assert label(view) == "new  p"
    view.prepend(stored([prompt(0), reply(1, model="p/old")]))
    assert label(view) == "→ new  p"


def test_the_live_reply_is_compared_too() -> None:
    view = view_of([prompt(0), reply(1, model="p/old"), prompt(2)])
    view.open_reply(started(3, "p/old"))
    assert texts_of(view).count("old  p") == 2
    view.close_reply(reply(3, model="p/old"))
    view.open_reply(started(5, "p/new"))
    assert any(text == "→ new  p" for text in texts_of(view))
