import subprocess
import sys

import pytest

from chatui.ui.markdown.flow import MarkdownFlow
from chatui.ui.markdown.highlight import Highlighter
from chatui.ui.markdown.inline import inline_parser
from chatui.ui.markdown.warm_up import warm_up

LONG = "Some **words** of `code`.\n\n- one *item*\n- two\n\n| a | b |\n|---|---|\n| *c* | d |\n\n> quote *it*\n\n"


def test_closed_blocks_are_never_parsed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    lines: list[str] = []
    inline = inline_parser().inline
    parse, highlight = inline.parse, Highlighter.highlight

    def count_parse(text: str, *rest: object) -> object:
        parsed.append(text)
        return parse(text, *rest)  # type: ignore[arg-type] # passed on as they came

    def count_highlight(self: Highlighter, text: str, *rest: object, **more: object) -> object:
        lines.append(text)
        return highlight(self, text, *rest, **more)  # type: ignore[arg-type] # passed on as they came

    monkeypatch.setattr(inline, "parse", count_parse)
    monkeypatch.setattr(Highlighter, "highlight", count_highlight)
    flow = MarkdownFlow(60, LONG * 50 + "```python\n" + "x = 1\n" * 500)
    parsed.clear()
    lines.clear()
    flow.append("y = *2*")
    assert (parsed, lines) == ([], ["y = *2*"])
    flow.set_width(40)
    assert (parsed, lines) == ([], ["y = *2*"] * 2)
    flow.append("\n```\n\nlast *words*")
    assert parsed == ["last *words*"]


def test_a_giant_paragraph_is_parsed_about_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[int] = []
    inline = inline_parser().inline
    parse = inline.parse

    def count_parse(text: str, *rest: object) -> object:
        parsed.append(len(text))
        return parse(text, *rest)  # type: ignore[arg-type] # passed on as they came

    monkeypatch.setattr(inline, "parse", count_parse)
    flow = MarkdownFlow(80)
    words = "*some* words of text, "
    for _ in range(2000):
        flow.append(words)
    assert max(parsed) < 3000
    assert sum(parsed[-100:]) < 100 * 3000


def test_append_names_the_first_line_that_changed() -> None:
    flow = MarkdownFlow(40)
    assert flow.append("first") == 0
    assert flow.append("\n\n") == 1
    assert flow.append("second") == 1
    assert flow.append(" and more") == 2
    assert flow.finish() == 3
    assert flow.height == 3


def test_a_table_whose_columns_grow_changes_from_its_head() -> None:
    flow = MarkdownFlow(40, "text\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")
    assert flow.append("| longer | 2 |\n") == 2
    assert flow.append("| short | 2 |\n") == 6


def test_nothing_can_be_appended_to_what_is_finished() -> None:
    flow = MarkdownFlow(40, "text")
    flow.finish()
    with pytest.raises(ValueError, match="finished"):
        flow.append("more")
    assert flow.finish() == flow.height


def test_lines_are_there_by_index_and_by_range() -> None:
    flow = MarkdownFlow(40, "a\n\nb\n\nc")
    assert [line.text for line in flow.lines(1, 99)] == ["", "b", "", "c"]
    assert [line.text for line in flow.lines(0, 1)] == ["a"]
    assert flow.line(4).text == "c"
    for outside in (-1, 5):
        with pytest.raises(IndexError):
            flow.line(outside)


def test_code_is_numbered_and_comes_without_its_surroundings() -> None:
    source = "```py\n\tx = 1\n```\n\n> - a\n>\n>   ```sh\n>   ls\n>\n>   cd\n>   ```\n\n    plain\n"
    flow = MarkdownFlow(40, source)
    assert [(block.kind, block.language, block.number) for block in flow.blocks] == [
        ("code", "py", 1),
        ("quote", "", 0),
        ("code", "sh", 2),
        ("code", "", 3),
    ]
    assert [flow.code(number) for number in (1, 2, 3)] == ["\tx = 1\n", "ls\n\ncd\n", "plain\n"]
    with pytest.raises(KeyError):
        flow.code(4)


def test_a_block_knows_its_source() -> None:
    source = "# Head\n\n- a\n- b\n\nlast\nwords\n"
    flow = MarkdownFlow(40, source)
    flow.finish()
    assert [source[block.start : block.end] for block in flow.blocks] == ["# Head", "- a\n- b", "last\nwords"]


def test_widths_below_the_narrowest_are_survived() -> None:
    flow = MarkdownFlow(0, LONG)
    flow.set_width(1)
    assert flow.width == 8
    assert flow.height > 10


def test_warming_up_takes_any_language() -> None:
    warm_up(("python", "nonsense"))
    assert inline_parser() is inline_parser()


def test_neither_parser_nor_lexers_are_imported_with_the_modules() -> None:
    code = (
        "import sys; import chatui.ui.markdown.flow, chatui.ui.markdown.plain_flow, chatui.ui.markdown.warm_up;"
        "f = chatui.ui.markdown.flow.MarkdownFlow(40, 'plain words');"
        "print([name for name in ('markdown_it', 'pygments') if name in sys.modules]);"
        "chatui.ui.markdown.warm_up.warm_up();"
        "print([name for name in ('markdown_it', 'pygments') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split("\n")[:2] == ["[]", "['markdown_it', 'pygments']"]
