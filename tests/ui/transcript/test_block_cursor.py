"""The block cursor: which blocks there are, how it moves and scrolls, and what outlives a change."""

from __future__ import annotations

from itertools import pairwise

from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Status
from chatui.ui.transcript.block_cursor import BlockCursor
from chatui.ui.transcript.document import Item
from chatui.ui.transcript.entry_block import list_entry_blocks
from chatui.ui.transcript.note import Note
from chatui.ui.transcript.section import Action
from chatui.ui.transcript.view import View
from tests.ui.transcript.stage import prompt, reply, started, stored, turns, view_of

REPLY = """\
# Title

A paragraph.

- one
- two

  ```sh
  ls
  ```

> quote

| a |
|---|
| 1 |

```python
x = 1
```
"""


def _kinds(view: View, order: int) -> list[str]:
    return [block.kind for block in list_entry_blocks(view.document.entry(order))]


def _walk(cursor: BlockCursor, step: int, count: int) -> list[str]:
    found = []
    for _ in range(count):
        cursor.move(step)
        block = cursor.block()
        assert block is not None
        found.append(block.source)
    return found


def test_a_reply_has_a_block_for_each_thing_in_it() -> None:
    view = view_of([reply(1, REPLY, reasoning="hm")], rows=60)
    assert _kinds(view, 0) == ["reasoning", "heading", "paragraph", "list", "code", "quote", "table", "code"]
    blocks = list_entry_blocks(view.document.entry(0))
    assert [block.number for block in blocks if block.kind == "code"] == [1, 2]
    assert blocks[4].source == "ls\n"
    assert blocks[3].source.startswith("- one\n- two")
    assert blocks[1].source.strip() == "# Title"
    assert blocks[0].action is Action.FOLD_REASONING


def test_other_entries_are_one_block_and_what_is_drawn_is_none() -> None:
    failed = reply(3, " ", status=Status.FAILED, failure=Failure(FailureKind.FUNDS, "no money", 402, "pay"))
    items: list[Item] = [prompt(0, "long\n" * 60), Note("said", detail="more"), failed]
    view = view_of(items, rows=60)
    assert [_kinds(view, order) for order in range(3)] == [["prompt"], ["note"], ["note"]]
    assert list_entry_blocks(view.document.entry(0))[0].action is Action.FOLD_TEXT
    assert list_entry_blocks(view.document.entry(0))[0].source == "long\n" * 60
    assert list_entry_blocks(view.document.entry(1))[0].source == "said\nmore"
    assert list_entry_blocks(view.document.entry(2))[0].source == "no money\n→ pay"


def test_it_starts_on_what_is_seen_and_walks_to_the_ends() -> None:
    view = view_of(list(turns(40)), rows=10)
    cursor = BlockCursor(view)
    assert cursor.block() is None
    assert _walk(cursor, -1, 3) == ["answer 39", "question 38", "answer 37"]
    assert _walk(cursor, 1, 2) == ["question 38", "answer 39"]
    assert not cursor.move(1)
    assert _walk(cursor, -1, 39)[-1] == "question 0"
    assert not cursor.move(-1)
    assert view.top == 0
    cursor.leave()
    assert not cursor.is_shown
    assert _walk(cursor, 1, 1) == ["question 0"]


def test_it_scrolls_no_further_than_the_block_needs() -> None:
    view = view_of(list(turns(40)), rows=10)
    cursor = BlockCursor(view)
    cursor.move(-1)
    top = view.top
    cursor.move(-1)
    assert view.top == top
    for _ in range(12):
        cursor.move(-1)
        block, order = cursor.block(), cursor.order
        assert block is not None
        assert order is not None
        first = view.document.top(order) + block.first
        assert view.top <= first
        assert first + block.end - block.first <= view.top + view.rows
    assert view.top == first


def test_a_block_taller_than_the_screen_is_scrolled_through() -> None:
    tall = "- item\n" * 50
    view = view_of([reply(1, f"above\n\n{tall}\nbelow\n")], rows=12)
    view.scroll_to(0)
    cursor = BlockCursor(view)
    assert _walk(cursor, 1, 2)[1].startswith("- item")
    tops = [view.top]
    while (block := cursor.block()) is not None and block.kind == "list":
        assert cursor.move(1)
        tops.append(view.top)
    assert tops == sorted(tops)
    assert max(after - before for before, after in pairwise(tops)) <= view.rows
    assert _walk(cursor, -1, 1)[0].startswith("- item")
    assert view.document.top(0) + 5 < view.top


def test_it_jumps_between_prompts_and_decodes_only_those_it_comes_to() -> None:
    decoded: list[str] = []
    view = view_of(list(stored(turns(2000), decoded.append)), rows=10)
    cursor = BlockCursor(view)
    assert cursor.move_to_prompt(-1)
    first = cursor.block()
    assert first is not None
    number = int(first.source.split()[1])
    for _ in range(20):
        assert cursor.move_to_prompt(-1)
    here = cursor.block()
    assert here is not None
    assert here.source == f"question {number - 40}"
    assert cursor.order is not None
    assert view.document.top(cursor.order) == view.top
    assert cursor.move_to_prompt(1)
    assert cursor.order == number - 38
    assert len(decoded) < 120


def test_there_is_nothing_to_move_to_in_an_empty_conversation() -> None:
    cursor = BlockCursor(view_of([]))
    assert not cursor.move(1)
    assert not cursor.move_to_prompt(1)
    assert not BlockCursor(view_of([prompt(1)], width=0)).move(-1)
    assert not BlockCursor(view_of([reply(1)])).move_to_prompt(-1)


def test_it_stays_on_its_block_over_a_new_width_older_messages_and_growth() -> None:
    view = view_of([reply(1, REPLY)], rows=40)
    view.open_reply(started(2))
    assert view.document.live is not None
    view.document.live.append_text("First.\n\nSecond")
    view.grow()
    cursor = BlockCursor(view)
    assert _walk(cursor, -1, 1) == ["Second"]
    view.document.live.append_text(" and more.\n\nThird.\n")
    view.grow()
    block = cursor.block()
    assert block is not None
    assert block.source.strip() == "Second and more."
    view.set_size(20, 30)
    view.prepend(turns(6))
    view.close_reply(reply(2, "First.\n\nSecond and more.\n\nThird.\n"))
    block = cursor.block()
    assert block is not None
    assert block.source.strip() == "Second and more."
    assert _walk(cursor, -1, 1)[0].strip() == "First."


def test_a_block_that_is_gone_gives_way_to_the_one_before_it() -> None:
    view = view_of([prompt(0)], rows=40)
    view.queue(["waiting"])
    cursor = BlockCursor(view)
    cursor.move(-1)
    view.document.pop()
    view.document.pop()
    assert cursor.block() is None


def test_a_selection_grows_from_the_mark_in_both_directions() -> None:
    view = view_of([reply(1, "one\n\ntwo\n\nthree\n")], rows=40)
    cursor = BlockCursor(view)
    assert cursor.selection() is None
    _walk(cursor, -1, 2)
    cursor.mark()
    assert cursor.is_selecting
    up = cursor.selection()
    assert up is not None
    cursor.move(-1)
    more = cursor.selection()
    assert more is not None
    assert more.start is not None
    assert up.start is not None
    assert more.start.y < up.start.y
    assert more.end == up.end
    cursor.move(1)
    cursor.move(1)
    down = cursor.selection()
    assert down is not None
    assert down.start == up.start
    cursor.mark()
    assert not cursor.is_selecting


def test_it_goes_to_code_by_number() -> None:
    view = view_of([reply(1, REPLY)], rows=10)
    cursor = BlockCursor(view)
    assert cursor.codes() == []
    assert not cursor.put_at_code(1)
    cursor.move(-1)
    assert cursor.put_at_code(1)
    block = cursor.block()
    assert block is not None
    assert block.source == "ls\n"
    assert not cursor.put_at_code(3)
    assert [code.language for code in cursor.codes()] == ["sh", "python"]
