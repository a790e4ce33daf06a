"""Long code folds to its first rows, by key and click, and stays so; while it streams, too."""

from __future__ import annotations

from chatui.conversation.message import Message
from chatui.ui.markdown.flow import MarkdownFlow
from chatui.ui.transcript.entry import Choice
from chatui.ui.transcript.folded_code import LONG_CODE, SHOWN_CODE, FoldedCode
from chatui.ui.transcript.reply_entry import ReplyEntry
from chatui.ui.transcript.section import Action
from tests.ui.transcript.stage import Stage, reply, rows, shown, turns, view_of

CODE = "".join(f"line {n}\n" for n in range(60))
TEXT = f"before\n\n```\n{CODE}```\n\nafter\n\n```\nshort\n```\n\n```\n{CODE}```\n"


def _flow(text: str = TEXT, width: int = 40) -> MarkdownFlow:
    flow = MarkdownFlow(width, text)
    flow.finish()
    return flow


def _texts(lines: FoldedCode) -> list[str]:
    return [lines.line(index).text.strip() for index in range(lines.height)]


def test_nothing_folded_shows_the_lines_of_the_flow() -> None:
    flow = _flow()
    shown = FoldedCode(flow)
    assert [shown.line(i) for i in range(shown.height)] == list(flow.lines(0, flow.height))
    assert not any(shown.is_fold_line(i) for i in range(shown.height))


def test_folded_code_shows_its_first_rows_and_how_many_more_there_are() -> None:
    flow = _flow()
    shown = FoldedCode(flow, frozenset({1}))
    texts = _texts(shown)
    assert texts[: 2 + SHOWN_CODE + 3] == [
        "before",
        "",
        *(f"line {n}" for n in range(SHOWN_CODE)),
        "▸ … 48 more lines",
        "",
        "after",
    ]
    assert shown.height == flow.height - 47
    assert shown.is_fold_line(2 + SHOWN_CODE)
    assert shown.row_of(flow.height - 1) == shown.height - 1
    assert shown.row_of(30) == 2 + SHOWN_CODE


def test_only_long_code_folds() -> None:
    shown = FoldedCode(_flow())
    at = _texts(shown).index("short")
    assert not shown.toggle(at)
    assert not shown.toggle(0)
    assert shown.toggle(shown.height - 1)
    assert shown.toggle(5)
    assert shown.folded == {1, 3}
    assert _texts(shown).count("▸ … 48 more lines") == 2
    assert shown.toggle(5)
    assert shown.folded == {3}


def test_a_fold_follows_a_flow_that_grows() -> None:
    flow = MarkdownFlow(40, f"```\n{CODE}")
    shown = FoldedCode(flow, frozenset({1}))
    before = shown.height
    flow.append("line 60\nline 61\n```\n\nafter\n")
    flow.finish()
    shown.update()
    assert _texts(shown)[-1] == "after"
    assert "▸ … 50 more lines" in _texts(shown)
    assert shown.height == before + 2


def test_code_of_forty_rows_is_not_long() -> None:
    shown = FoldedCode(_flow("```\n" + "x\n" * LONG_CODE + "```\n"))
    assert not shown.toggle(0)


def test_a_reply_that_streams_below_a_fold_equals_one_made_whole() -> None:
    live = ReplyEntry(40, "demo/guide")
    live.append_text(f"```\n{CODE}```\n\n")
    live.flush()
    assert live.act(Action.FOLD_CODE, 5)
    for piece in ("more", " text\n\n", "- a", "\n- b\n"):
        live.append_text(piece)
        before = [live.row(index) for index in range(live.height)]
        first = live.flush()
        assert [live.row(index) for index in range(first)] == before[:first]
    message: Message = reply(1, f"```\n{CODE}```\n\nmore text\n\n- a\n- b\n")
    live.finish(message)
    whole = ReplyEntry(40, "demo/guide", message, choice=Choice(None, frozenset({1})))
    assert [live.row(i).line.text for i in range(live.height)] == [whole.row(i).line.text for i in range(whole.height)]
    live.set_width(30)
    whole.set_width(30)
    assert [live.row(i).line.text for i in range(live.height)] == [whole.row(i).line.text for i in range(whole.height)]


def test_a_fold_outlives_its_entry_and_a_new_width() -> None:
    view = view_of([reply(1, TEXT), *turns(4)], rows=500)
    assert view.act(0, Action.FOLD_CODE, 10)
    height = view.document.height(0)
    view.set_size(50, 500)
    assert view.document.measure(0) == height
    assert view.document.entry(0).choice == Choice(None, frozenset({1}))


async def test_a_click_on_the_line_of_a_fold_unfolds_it() -> None:
    app = Stage()
    async with app.run_test(size=(60, 30)) as pilot:
        app.transcript.show([reply(1, TEXT)])
        app.transcript.view.act(0, Action.FOLD_CODE, 10)
        app.transcript.view.act(0, Action.FOLD_CODE, app.transcript.view.document.height(0) - 4)
        app.transcript.show_changes()
        await pilot.pause()
        assert shown(app.transcript).count("▸ … 48 more lines") == 2
        y = next(y for y, row in enumerate(rows(app.transcript)) if "48 more lines" in row)
        await pilot.click(app.transcript, offset=(6, y))
        assert shown(app.transcript).count("▸ … 48 more lines") <= 1
        assert rows(app.transcript)[y].strip() == f"line {SHOWN_CODE}"
