"""What each kind of block looks like, as plain text."""

import textwrap

import pytest

from chatui.ui.markdown.flow import MarkdownFlow


def picture(source: str, width: int = 40, *, is_open: bool = False) -> str:
    flow = MarkdownFlow(width, source)
    if not is_open:
        flow.finish()
    return "\n".join(line.text.rstrip() for line in flow.lines(0, flow.height))


def expected(text: str) -> str:
    return textwrap.dedent(text).strip("\n")


def test_one_empty_line_stands_between_blocks() -> None:
    assert picture("# A\ntext\n***\n\n\n\nmore\n") == f"A\n━\n\ntext\n\n{'─' * 40}\n\nmore"


def test_tight_items_stand_together_and_loose_ones_apart() -> None:
    assert picture("- a\n- b\n\n- c\n\n  more\n") == " • a\n • b\n\n • c\n\n   more"


def test_nested_lists_hang_below_their_text() -> None:
    source = "1. one two three four five six\n   - inner\n     - deep\n       - deeper\n10. ten\n"
    assert picture(source, 20) == expected(
        """
         1. one two three
            four five six
             • inner
                ◦ deep
                ▪ deeper
        10. ten
        """
    )


def test_numbers_count_up_from_the_first() -> None:
    assert picture("3. a\n3. b\n7. c\n") == " 3. a\n 4. b\n 7. c"


def test_tasks_have_boxes() -> None:
    assert picture("- [x] done\n- [ ] open\n1. [X] both\n") == " ☑ done\n ☐ open\n\n 1. ☑ both"


def test_an_item_without_text_keeps_its_bullet() -> None:
    assert picture("-\n- a\n-") == " •\n • a\n •"


def test_quotes_nest_with_bars() -> None:
    assert picture("> a\n>\n> > b\n\nc") == "▎ a\n▎\n▎ ▎ b\n\nc"


def test_code_has_a_label_and_wraps_with_a_mark() -> None:
    assert picture("```py\nlong_name(argument, x)\n```", 22) == " py\n long_name(argument,\n↪x)"


def test_code_without_a_language_has_no_label() -> None:
    assert picture("```\na\n\nb\n```") == " a\n\n b"
    assert picture("```\n```") == ""


def test_rows_of_code_are_filled() -> None:
    flow = MarkdownFlow(20, "- a\n  ```\n  x\n  ```")
    assert [line.fill for line in flow.lines(0, flow.height)] == ["", "code"]


def test_a_table_is_aligned() -> None:
    assert picture("| a | b | c |\n|---|:-:|--:|\n| long | mid | right |\n| x | y | z |") == expected(
        """
        a    │  b  │     c
        ─────┼─────┼──────
        long │ mid │ right
        x    │  y  │     z
        """
    )


def test_a_table_that_does_not_fit_wraps_its_cells_between_rules() -> None:
    source = "| key | text |\n|---|---|\n| a | words that are too many |\n| b | few |"
    assert picture(source, 22) == expected(
        """
        key │ text
        ────┼─────────────────
        a   │ words that are
            │ too many
        ────┼─────────────────
        b   │ few
        """
    )


def test_a_table_too_wide_to_wrap_becomes_records() -> None:
    source = "| alpha | beta | gamma | delta |\n|---|---|---|---|\n| one | two | three | four |\n| 5 | | 7 | 8 |"
    assert picture(source, 20) == expected(
        f"""
        alpha: one
        beta: two
        gamma: three
        delta: four
        {"─" * 20}
        alpha: 5
        gamma: 7
        delta: 8
        """
    )


def test_cells_may_hold_bars_and_breaks() -> None:
    assert picture("a | b\n--|--\n`x\\|y` | c<br>d") == "a   │ b\n────┼──\nx|y │ c\n    │ d"


def test_a_definition_is_shown_and_resolves_what_is_before_and_after_it() -> None:
    assert picture("[x][one]\n\n[one]: https://a.example/p\n\n[x][one] [two]") == (
        "x (a.example)\n\n[one] https://a.example/p\n\nx (a.example) [two]"
    )


def test_a_table_is_as_wide_as_its_links_once_they_are_known() -> None:
    table = "| a | b |\n|---|---|\n| [x][a long label] | c |"
    definition = "[a long label]: https://a.b"
    after = picture(f"{table}\n\n{definition}")
    assert after == "a       │ b\n────────┼──\nx (a.b) │ c\n\n[a long label] https://a.b"


def test_a_definition_may_take_several_lines() -> None:
    assert picture("[a\nb]:\n<https://a.example/p>\n'title\nhere'\ntext [A  B]") == (
        "[a b] https://a.example/p\n\ntext A  B (a.example)"
    )


def test_displayed_mathematics_keeps_its_lines_and_its_signs() -> None:
    source = (
        "So\n$$\n\\begin{aligned}\na &= b_1 \\\\\n- c * d * e\n=\n\\end{aligned}\n$$\nand *so*\n\n- \\[\n  # x\n  \\]"
    )
    assert picture(source) == (
        "So\n\n$$\n\\begin{aligned}\na &= b_1 \\\\\n- c * d * e\n=\n\\end{aligned}\n$$\n\nand so\n\n"
        " • \\[\n   # x\n   \\]"
    )


def test_mathematics_that_begins_in_a_paragraph_ends_in_it() -> None:
    assert picture("It is $$\nx_1 * y * z\n$$\nand *so*.") == "It is $$\nx_1 * y * z\n$$ and so."


def test_mathematics_without_an_end_takes_nothing_after_an_empty_line() -> None:
    assert picture("$$\nx = *y*\n\n*z*") == "$$\nx = *y*\n\nz"


def test_html_keeps_its_lines_and_what_is_in_it_is_no_markdown() -> None:
    assert picture("<div>\n  *a* <b>\n</div>\n\n*b*\n\n- <!-- x\n\n  y -->\n  z") == (
        "<div>\n  *a* <b>\n</div>\n\nb\n\n • <!-- x\n\n   y -->\n   z"
    )


def test_definitions_stand_together() -> None:
    assert picture("[a]: https://a.example\n[b]: <https://b.example>\n\n[c]: c.md") == (
        "[a] https://a.example\n[b] https://b.example\n\n[c] c.md"
    )


def test_a_heading_too_long_to_read_at_once_goes_on_as_text() -> None:
    flow = MarkdownFlow(80, "# " + "word " * 500 + "\nmore\n")
    assert [block.kind for block in flow.blocks] == ["heading", "paragraph"]
    flow.finish()
    assert sum(line.text.count("word") for line in flow.lines(0, flow.height)) >= 499


def test_a_row_of_a_table_may_be_very_long() -> None:
    flow = MarkdownFlow(80, "| a | b |\n|---|---|\n| " + "word " * 600 + "| end |\n")
    assert [block.kind for block in flow.blocks] == ["table"]


def test_footnotes_stay_as_they_are() -> None:
    assert picture("text[^1]\n\n[^1]: note") == "text[^1]\n\n[^1]: note"


def test_deep_nesting_leaves_half_of_the_width_to_the_text() -> None:
    flow = MarkdownFlow(20, "> " * 30 + "words of text")
    flow.finish()
    assert all(len(line.text) <= 20 for line in flow.lines(0, flow.height))
    assert "words" in flow.line(0).text


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("text\n-", "text"),
        ("text\n--", "text"),
        ("- a\n- [", " • a"),
        ("```py\nx = 1\n``", " py\n x = 1"),
        ("- a\n*", " • a"),
        ("some **bold", "some bold"),
        ("| a | b |\n|--", "a │ b\n──┼──"),
        ("| a |", "a\n─"),
    ],
)
def test_a_line_begun_does_not_flicker(source: str, shown: str) -> None:
    assert picture(source, is_open=True) == shown


def test_decoration_is_what_is_drawn_and_not_said() -> None:
    flow = MarkdownFlow(24, "- a list item that is wrapped\n\n> quote\n\n```\ncode\n```")
    flow.finish()
    said = ["".join(run.text for run in line.runs[line.decoration :]) for line in flow.lines(0, flow.height)]
    assert said == ["• a list item that is", "wrapped", "", "quote", "", "code"]
