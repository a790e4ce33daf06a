"""What a selection says: lines as they were written, whatever the width; no bars, no labels, no padding."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatui.ui.markdown.flow import MarkdownFlow
from chatui.ui.markdown.plain_flow import PlainFlow
from chatui.ui.transcript.clean_text import Spot, read_selection
from chatui.ui.transcript.section import FixedLines, Lines, drawn_line
from tests.ui.markdown.samples import SNIPPETS

END = 1 << 16

documents = st.lists(st.sampled_from(SNIPPETS), min_size=1, max_size=5).map("\n\n".join)

REPLY = """\
# A heading that goes on and on

Some *emphasis* and `code` in a paragraph that wraps, with a hard\\
break and a [link](https://x.org/y).

- one item that is long enough to be wrapped somewhere
  - a nested one
  - [x] done
- two

10. ten

> a quote that is long enough to be wrapped
>
> its second paragraph

```python
def f(x):

\treturn "a long line of code that has to be broken", x
```

| a | b |
|---|--:|
| a cell that is long | 2 |
| x | |

---

<details class="a long one that wraps">
  <b>kept</b>
</details>

$$
a_1 = \\frac{1}{2} \\cdot b_2 + c_3 - d_4
- e
$$

日本語の文章はとても長いので途中で折り返されます。
"""

CLEAN = """\
A heading that goes on and on

Some emphasis and code in a paragraph that wraps, with a hard
break and a link (x.org).

- one item that is long enough to be wrapped somewhere
   - a nested one
   - [x] done
- two

10. ten

a quote that is long enough to be wrapped

its second paragraph

def f(x):

\treturn "a long line of code that has to be broken", x

| a | b |
|---|--:|
| a cell that is long | 2 |
| x | |

---

<details class="a long one that wraps">
  <b>kept</b>
</details>

$$
a_1 = \\frac{1}{2} \\cdot b_2 + c_3 - d_4
- e
$$

日本語の文章はとても長いので途中で折り返されます。"""


def _flow(text: str, width: int) -> MarkdownFlow:
    flow = MarkdownFlow(width, text)
    flow.finish()
    return flow


def _read(lines: Lines, start: Spot | None = None, end: Spot | None = None) -> str:
    last = lines.height - 1
    return "\n".join(read_selection(lines, start or Spot(0, 0), end or Spot(last, END))).strip("\n")


def _spot(lines: Lines, words: str, *, is_end: bool = False) -> Spot:
    for index in range(lines.height):
        at = lines.line(index).text.find(words)
        if at >= 0:
            return Spot(index, at + (len(words) if is_end else 0))
    raise AssertionError(words)


@pytest.mark.parametrize("width", [12, 24, 40, 60, 100, 200])
def test_a_whole_reply_reads_the_same_in_every_width(width: int) -> None:
    assert _read(_flow(REPLY, width)) == CLEAN


@settings(max_examples=60, deadline=None)
@given(documents, st.integers(20, 200), st.integers(20, 200))
def test_no_width_changes_what_is_copied(text: str, width: int, other: int) -> None:
    one, two = _flow(text, width), _flow(text, other)
    if one.height and two.height:
        assert _read(one) == _read(two)


@settings(max_examples=60, deadline=None)
@given(documents, st.integers(20, 120), st.data())
def test_two_halves_of_a_reply_hold_what_the_whole_holds(text: str, width: int, data: st.DataObject) -> None:
    flow = _flow(text, width)
    if not flow.height or any(block.kind == "table" for block in flow.blocks) or "|" in text:
        return
    line = data.draw(st.integers(0, flow.height - 1))
    column = data.draw(st.integers(0, len(flow.line(line).text)))
    halves = _read(flow, end=Spot(line, column)) + _read(flow, start=Spot(line, column))
    assert re.sub(r"\s", "", halves) == re.sub(r"\s", "", _read(flow))


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("ab \n\t日👍🏽e\u0301\u202e"), max_size=80), st.integers(20, 60))
def test_a_prompt_is_copied_as_it_was_typed(text: str, width: int) -> None:
    flow = PlainFlow(width, "prompt", text)
    if flow.height:
        typed = [line.rstrip() for line in text.split("\n")]
        assert _read(flow) == "\n".join(typed).strip("\n")


def test_a_part_of_a_paragraph_is_joined_across_its_rows() -> None:
    flow = _flow("one two three four five six seven eight nine ten\n", 20)
    assert _read(flow, _spot(flow, "three"), _spot(flow, "eight", is_end=True)) == "three four five six seven eight"


def test_a_word_that_was_broken_is_whole_again() -> None:
    flow = _flow("x" * 50 + " end\n", 20)
    assert _read(flow, Spot(0, 5)) == "x" * 45 + " end"


def test_a_part_of_code_is_code_without_its_label() -> None:
    flow = _flow("```python\nif a:\n    b = 'a line that is broken in two'\n    c = 1\n```\n", 24)
    assert _read(flow, Spot(0, 0), _spot(flow, "c =", is_end=True)) == (
        "if a:\n    b = 'a line that is broken in two'\n    c ="
    )
    assert _read(flow, _spot(flow, "b = ")) == "b = 'a line that is broken in two'\n    c = 1"


def test_several_rows_of_a_table_are_markdown_and_one_is_text() -> None:
    flow = _flow("| name | size |\n|---|---|\n| one | 1 |\n| two | 2 |\n", 60)
    assert _read(flow, _spot(flow, "one"), _spot(flow, "two")) == "| one | 1 |\n| two | 2 |"
    assert _read(flow, Spot(0, 2), _spot(flow, "one")) == "| name | size |\n|---|---|\n| one | 1 |"
    assert _read(flow, _spot(flow, "two"), _spot(flow, "two", is_end=True)) == "two"


def test_a_table_in_a_quote_loses_its_bars() -> None:
    flow = _flow("> | a | b |\n> |---|---|\n> | 1 | 2 |\n", 60)
    assert _read(flow) == "| a | b |\n|---|---|\n| 1 | 2 |"


def test_a_table_shown_as_records_is_copied_with_its_header() -> None:
    source = "| one column | another column | a third |\n|---|---|---|\n| 1 | 2 | 3 |\n| 4 | 5 | 6 |"
    assert _read(_flow(source, 12)) == source


def test_what_is_drawn_alone_says_nothing() -> None:
    lines = FixedLines((drawn_line(*_flow("label", 20).line(0).runs),))
    assert read_selection(lines, Spot(0, 0), Spot(0, END)) == []


def test_a_reply_that_streams_can_be_copied_as_far_as_it_is_shown() -> None:
    flow = MarkdownFlow(20, "some words that wrap\n\n- an it")
    assert _read(flow) == "some words that wrap\n\n- an it"


def test_a_line_of_code_read_in_pieces_is_one_line() -> None:
    line = "x = [" + "1, " * 900 + "]"
    flow = _flow(f"```\n{line}\n```\n", 80)
    assert _read(flow) == line
