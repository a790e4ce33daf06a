"""Finding text: counted without decoding, shown where it stands, the same in every width."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatui.conversation.message import Message, StoredMessage
from chatui.storage.message_block import encode_message
from chatui.storage.own_form import match_own_block
from chatui.ui.transcript.finder import Finder
from chatui.ui.transcript.needle import Needle
from chatui.ui.transcript.note import Note
from chatui.ui.transcript.section import Action
from chatui.ui.transcript.selecting import RowPlace
from chatui.ui.transcript.view import View
from tests.ui.transcript.stage import prompt, reply, started, turns, view_of


def _hits(view: View, finder: Finder) -> list[tuple[str, bool]]:
    """The texts that are marked on screen, and whether each is the one gone to."""
    found = []
    for order, line, row in view.screen_rows(0, view.rows):
        for start, end, is_current in finder.hits(RowPlace(order, line)):
            found.append((row.line.text[start:end], is_current))
    return found


def _finder(view: View, text: str) -> Finder:
    finder = Finder(view)
    finder.begin()
    finder.search(text)
    return finder


@pytest.mark.parametrize(
    ("needle", "text", "count"),
    [
        ("event", "Event, events, EVENT", 3),
        ("Event", "Event, events, EVENT", 1),
        ("a b", "a b, a\nb", 2),
        ("größe", "GRÖSSE Größe größe", 2),
        ("текст", "Текст текст ТЕКСТ", 3),
        ("日本", "日本語と日本", 2),
        ("a.b", "a.b axb", 1),
        ('"\\n', 'say "\\n"', 1),
        ("aa", "aaaa", 2),
    ],
)
def test_a_needle_is_counted_in_bytes_as_it_is_found_in_text(needle: str, text: str, count: int) -> None:
    assert Needle(needle).count(text.encode()) == count
    assert len(Needle(needle).find(text)) == count


@settings(max_examples=100)
@given(st.text("aAb \n.é日", max_size=40), st.text("aAb .é日", min_size=1, max_size=3))
def test_counting_and_finding_agree(text: str, needle: str) -> None:
    assert Needle(needle).count(text.encode()) == len(Needle(needle).find(text))


def test_what_was_found_is_numbered_from_where_the_reader_is() -> None:
    view = view_of(list(turns(100)), rows=12)
    finder = _finder(view, "question")
    assert finder.total == 50
    assert finder.number == 49
    assert _hits(view, finder)[0] == ("question", True)
    finder.move(1)
    assert finder.number == 50
    assert [is_current for _, is_current in _hits(view, finder)].count(True) == 1
    finder.move(1)
    assert finder.number == 1
    assert view.top == 0
    finder.move(-1)
    assert finder.number == 50


def test_with_nothing_after_the_reader_the_last_match_is_gone_to() -> None:
    view = view_of([reply(1, "needle"), *turns(60)], rows=10)
    finder = _finder(view, "needle")
    assert (finder.number, finder.total) == (1, 1)
    assert view.top == 0
    assert _hits(view, finder) == [("needle", True)]


def test_typing_on_goes_on_from_where_the_search_began() -> None:
    view = view_of(list(turns(100)), rows=12)
    finder = _finder(view, "a")
    finder.search("answer 4")
    assert finder.total == 5
    finder.search("answer 41")
    assert (finder.number, finder.total) == (1, 1)
    finder.search("answer 4")
    assert finder.total == 5
    finder.search("")
    assert (finder.number, finder.total) == (0, 0)
    assert finder.needle is None
    finder.move(1)


def test_a_match_goes_on_in_the_next_row() -> None:
    text = "lorem ipsum dolor sit amet consectetur"
    view = view_of([reply(1, text)], width=20, rows=20)
    finder = _finder(view, "dolor sit amet con")
    assert finder.total == 1
    marked = _hits(view, finder)
    assert "".join(text for text, _ in marked).replace(" ", "") == "dolorsitametcon"
    assert len(marked) == 2


def test_the_match_gone_to_stays_the_same_in_another_width() -> None:
    text = "some words and the needle in them, " * 20
    view = view_of([reply(1, text)], width=60, rows=40)
    finder = _finder(view, "needle")
    finder.move(1)
    finder.move(1)
    assert finder.number == 3
    for width in (20, 37, 100):
        view.set_size(width, 100)
        marked = [is_current for text, is_current in _hits(view, finder) if text == "needle"]
        assert marked.index(True) == 2
        assert marked.count(True) == 1


def test_a_match_in_folded_text_unfolds_it() -> None:
    code = "".join(f"line {n}\n" for n in range(80))
    items = [prompt(0, "x\n" * 60 + "deep in the prompt"), reply(1, f"```\n{code}```\n"), *turns(40)]
    view = view_of(list(items), rows=20)
    entry = view.document.entry(1)
    block = next(row for row in range(entry.height) if "line 0" in entry.row(row).line.text)
    action = entry.action(block)
    assert action is None
    finder = _finder(view, "deep in the prompt")
    assert _hits(view, finder) == [("deep in the prompt", True)]
    finder.end()
    view.act(1, Action.FOLD_CODE, block)
    assert view.document.entry(1).height < 40
    finder = _finder(view, "line 77")
    assert _hits(view, finder) == [("line 77", True)]


def test_what_was_thought_and_what_the_app_noted_is_found_too() -> None:
    thinker = reply(1, "an answer with a needle", reasoning="thoughts\n" * 30 + "a needle in thought")
    view = view_of([Note("first needle", "info", "needle below"), thinker, *turns(60, 2)], rows=12)
    assert not any("in thought" in row.line.text for _, _, row in view.screen_rows(0, view.rows))
    finder = _finder(view, "needle")
    assert finder.total == 4
    finder.move(1)
    seen = []
    for _ in range(4):
        shown = _hits(view, finder)
        seen.append((finder.number, [is_current for _, is_current in shown].count(True)))
        finder.move(1)
    assert seen == [(1, 1), (2, 1), (3, 1), (4, 1)]
    entry = view.document.entry(1)
    assert any("a needle in thought" in entry.row(index).line.text for index in range(entry.height))


def test_a_match_in_folded_thought_is_not_unfolded_by_one_in_the_answer() -> None:
    thinker = reply(0, "needle", reasoning="needle")
    view = view_of([thinker, *turns(60, 2)], rows=12)
    finder = _finder(view, "needle")
    assert (finder.number, finder.total) == (2, 2)
    assert _hits(view, finder) == [("needle", True)]
    finder.move(1)
    assert _hits(view, finder) == [("needle", True), ("needle", False)]


def test_a_live_reply_is_searched_with_its_thoughts() -> None:
    view = view_of([prompt(0)], rows=20)
    view.open_reply(started(1))
    live = view.document.live
    assert live is not None
    live.append_reasoning("a needle")
    view.grow()
    finder = _finder(view, "needle")
    assert _hits(view, finder) == [("needle", True)]
    live.append_reasoning(" and a needle")
    live.append_text("one more needle")
    view.grow()
    finder.move(1)
    assert (finder.number, finder.total) == (2, 3)
    assert _hits(view, finder) == [("needle", False), ("needle", True), ("needle", False)]
    view.close_reply(reply(1, "one more needle", reasoning="a needle and a needle"))
    finder.move(1)
    assert (finder.number, finder.total) == (3, 3)


def test_a_match_that_no_row_shows_is_gone_to_all_the_same() -> None:
    view = view_of([reply(1, "[here](https://example.org/hidden-part)\n"), *turns(60)], rows=10)
    finder = _finder(view, "hidden-part")
    assert finder.total == 1
    assert view.top == 0
    assert not any(is_current for _, is_current in _hits(view, finder))


def test_messages_that_come_meanwhile_are_counted_at_the_next_step() -> None:
    view = view_of([reply(1, "needle"), reply(2, "needle")], rows=20)
    finder = _finder(view, "needle")
    finder.move(1)
    assert (finder.number, finder.total) == (2, 2)
    view.prepend([reply(7, "needle needle")])
    view.add(Note("needle"))
    view.open_reply(started(3))
    assert view.document.live is not None
    view.document.live.append_text("a needle")
    view.grow()
    finder.move(1)
    assert (finder.number, finder.total) == (5, 6)
    finder.move(1)
    finder.move(1)
    assert finder.number == 1
    view.show(turns(4))
    finder.restart()
    assert (finder.number, finder.total) == (0, 0)
    view.add(reply(9, "needle"))
    finder.move(-1)
    assert (finder.number, finder.total) == (1, 1)


def test_there_is_nothing_to_find_in_nothing() -> None:
    view = view_of([])
    finder = _finder(view, "x")
    assert finder.total == 0
    assert finder.hits(RowPlace(0, 0)) == []
    no_room = view_of([reply(1, "x")], width=0)
    assert _finder(no_room, "x").total == 1


def test_ten_thousand_stored_messages_are_searched_in_a_tenth_of_a_second_and_none_is_decoded() -> None:
    decoded: list[str] = []
    words = 'some words of a reply that is about as long as they are, `code` and "quotes"\n' * 15
    stored = []
    for number in range(10_000):
        found = match_own_block(encode_message(reply(number, f"{words}needle {number}\n", reasoning=words[:400])))
        assert found is not None

        def decode(found: StoredMessage = found) -> Message:
            decoded.append(found.id)
            return found.decode()

        stored.append(replace(found, decode=decode))
    view = view_of(list(stored), rows=30)
    before = len(decoded)
    finder = Finder(view)
    finder.begin()
    spent = []
    for text in ("needle", "nowhere to be found", "needle 9999", "words of"):
        began = time.process_time()
        finder.search(text)
        spent.append(time.process_time() - began)
    assert min(spent) < 0.1, spent
    assert sorted(spent)[2] < 0.1
    assert finder.total == 210_000
    assert len(decoded) - before < 60
