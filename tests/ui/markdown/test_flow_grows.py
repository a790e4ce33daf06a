"""Whatever the deltas, the lines are those of the whole source."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatui.ui.markdown.flow import MarkdownFlow
from tests.ui.markdown.samples import SNIPPETS

widths = st.integers(20, 200)


def indented(text: str, by: str) -> str:
    return "\n".join(by + line for line in text.split("\n"))


pieces = st.sampled_from(SNIPPETS)
nested = st.recursive(
    pieces,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["> ", "  ", "   ", "\t", "    "]), inner).map(
            lambda pair: indented(pair[1], pair[0])
        ),
        st.tuples(st.sampled_from(["- ", "1. ", "9) ", "* [ ] "]), inner).map(
            lambda pair: pair[0] + indented(pair[1], " " * len(pair[0])).lstrip(" ")
        ),
        st.lists(inner, min_size=1, max_size=3).map("\n".join),
    ),
    max_leaves=4,
)
joined = st.lists(st.tuples(nested, st.sampled_from(["", "\n", "\n\n", "\r\n", " "])), max_size=8).map(
    lambda parts: "".join(text + end for text, end in parts)
)
noise = st.text(st.sampled_from("ab *_`~|-+>#=[]()!<\\\n\r\t1.:$&;😀字\u0301\u200d\ufe0f\x1b\u202e"), max_size=300)
documents = st.one_of(joined, noise, st.tuples(joined, noise).map("".join))


@st.composite
def cut_documents(draw: st.DrawFn) -> list[str]:
    text = draw(documents)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=12)))
    return [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]


def lines_of(flow: MarkdownFlow) -> list[object]:
    return [flow.line(index) for index in range(flow.height)]


def look(flow: MarkdownFlow) -> list[object]:
    return [flow.line(index)[:2] for index in range(flow.height)]


@settings(max_examples=100, deadline=None)
@given(cut_documents(), widths)
def test_the_lines_do_not_depend_on_how_the_source_was_cut(deltas: list[str], width: int) -> None:
    flow = MarkdownFlow(width)
    source = ""
    for delta in deltas:
        before = look(flow)
        first = flow.append(delta)
        source += delta
        fresh = MarkdownFlow(width, source)
        assert lines_of(flow) == lines_of(fresh)
        assert flow.blocks == fresh.blocks
        assert look(flow)[:first] == before[:first]
        assert first <= flow.height
        assert flow.source == source
    before = look(flow)
    first = flow.finish()
    assert look(flow)[:first] == before[:first]
    fresh = MarkdownFlow(width, source)
    fresh.finish()
    assert lines_of(flow) == lines_of(fresh)
    assert flow.blocks == fresh.blocks


LATE = (
    "# About [one]\n\n[one] and [two][three], [never].\n\n"
    "> - in a list: [two]\n>   - [x][one] and some more words to be wrapped\n\n"
    "| [one] | b |\n|---|---|\n| [x][two] | c |\n| d | ![e][one] |\n\n```py\n[one]\n```\n\n"
    "- [ONE]: https://a.example/1\n\n[two]: <b c>\n'title\n of it'\n[three]: d.md\n[three]: e.md\n===\nend [three]"
)


@pytest.mark.parametrize("width", [20, 43, 200])
def test_references_become_links_wherever_they_were_used_before(width: int) -> None:
    flow = MarkdownFlow(width)
    for index, character in enumerate(LATE, 1):
        before = look(flow)
        first = flow.append(character)
        fresh = MarkdownFlow(width, LATE[:index])
        assert lines_of(flow) == lines_of(fresh)
        assert flow.blocks == fresh.blocks
        assert look(flow)[:first] == before[:first]
    flow.finish()
    targets = [run.ink.link for line in flow.lines(0, flow.height) for run in line.runs if run.ink.link]
    assert targets.count("https://a.example/1") >= 5
    assert {"b c", "d.md"} <= set(targets)
    shown = " ".join(line.text for line in flow.lines(0, flow.height))
    assert "[never]" in shown
    assert "[one]" in shown


@settings(max_examples=60, deadline=None)
@given(cut_documents(), widths, widths)
def test_a_resize_at_any_moment_equals_a_fresh_flow(deltas: list[str], width: int, other: int) -> None:
    flow = MarkdownFlow(width)
    for index, delta in enumerate(deltas):
        flow.append(delta)
        flow.set_width(other if index % 2 else width)
    flow.set_width(other)
    assert lines_of(flow) == lines_of(MarkdownFlow(other, "".join(deltas)))
    flow.finish()
    flow.set_width(width)
    fresh = MarkdownFlow(width, "".join(deltas))
    fresh.finish()
    assert lines_of(flow) == lines_of(fresh)
    assert flow.blocks == fresh.blocks


@settings(max_examples=60, deadline=None)
@given(documents, widths)
def test_every_line_fits_and_holds_no_control(text: str, width: int) -> None:
    from rich.cells import cell_len

    flow = MarkdownFlow(width, text)
    flow.finish()
    for line in flow.lines(0, flow.height):
        assert cell_len(line.text) <= width
        assert sum(cell_len(run.text) for run in line.runs) <= width
        assert not set(line.text) & set("\n\r\t\x1b\u202e")
        assert 0 <= line.decoration <= len(line.runs)
        assert all(run.text for run in line.runs)


@settings(max_examples=60, deadline=None)
@given(documents, widths)
def test_blocks_are_in_order_and_cover_every_line_but_the_gaps(text: str, width: int) -> None:
    flow = MarkdownFlow(width, text)
    flow.finish()
    covered: set[int] = set()
    for block in flow.blocks:
        assert 0 <= block.first_line < block.last_line <= flow.height
        assert 0 <= block.start <= block.end <= len(text)
        covered |= set(range(block.first_line, block.last_line))
    for index, line in enumerate(flow.lines(0, flow.height)):
        assert index in covered or not line.text
