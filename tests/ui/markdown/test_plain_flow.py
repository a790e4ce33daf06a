import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatui.ui.markdown.line import Line
from chatui.ui.markdown.plain_flow import PlainFlow

texts = st.one_of(
    st.text(st.sampled_from("ab  \n\n\r\t字😀\u0301\x1b"), max_size=200),
    st.lists(st.sampled_from(["word " * 300, "x" * 3000, "    code\n", "\n\n", "字" * 1100]), max_size=4).map("".join),
)


def lines_of(flow: PlainFlow) -> list[Line]:
    return list(flow.lines(0, flow.height))


def shown(text: str, width: int = 20) -> list[str]:
    flow = PlainFlow(width, "prompt", text)
    flow.finish()
    return [line.text for line in lines_of(flow)]


def test_line_breaks_and_indentation_are_kept() -> None:
    assert shown("one\n\n    two *x*\n\tthree\r\n") == ["one", "", "    two *x*", "    three"]


def test_long_lines_wrap_below_their_indentation() -> None:
    assert shown("  one two three four five") == ["  one two three four", "  five"]


def test_empty_lines_at_the_end_wait_for_text() -> None:
    assert shown("one\n\n\n") == ["one"]
    assert shown("\n\n") == []


def test_text_is_in_its_role_and_safe() -> None:
    flow = PlainFlow(20, "reasoning", "a\x1b[0m")
    assert [run.ink.role for run in flow.line(0).runs] == ["reasoning"]
    assert flow.line(0).text == "a␛[0m"


def test_indentation_below_the_first_row_is_drawn_not_said() -> None:
    flow = PlainFlow(20, "prompt", "  one two three four five")
    assert [line.decoration for line in lines_of(flow)] == [0, 1]


def test_it_is_one_block() -> None:
    flow = PlainFlow(20, "prompt")
    assert list(flow.blocks) == []
    flow.append("a\nb")
    assert [tuple(block[:5]) for block in flow.blocks] == [("prompt", 0, 2, 0, 3)]


def test_nothing_can_be_appended_to_what_is_finished() -> None:
    flow = PlainFlow(20, "prompt", "a")
    assert flow.finish() == 1
    assert flow.finish() == 1
    with pytest.raises(ValueError, match="finished"):
        flow.append("b")
    with pytest.raises(IndexError):
        flow.line(-1)


@settings(max_examples=80, deadline=None)
@given(texts, st.lists(st.integers(0, 4000), max_size=6), st.integers(20, 200), st.integers(20, 200))
def test_the_lines_depend_on_source_and_width_alone(text: str, cuts: list[int], width: int, other: int) -> None:
    flow = PlainFlow(width, "prompt")
    at = 0
    for cut in [*sorted(cuts), len(text)]:
        before = [line.runs for line in lines_of(flow)]
        first = flow.append(text[at:cut])
        at = max(at, cut)
        assert [line.runs for line in lines_of(flow)][:first] == before[:first]
        assert lines_of(flow) == lines_of(PlainFlow(width, "prompt", text[:cut]))
    flow.set_width(other)
    assert lines_of(flow) == lines_of(PlainFlow(other, "prompt", text))
    flow.finish()
    flow.set_width(width)
    fresh = PlainFlow(width, "prompt", text)
    fresh.finish()
    assert lines_of(flow) == lines_of(fresh)
    assert flow.source == text
