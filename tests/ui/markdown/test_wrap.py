from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from chatui.ui.markdown.line import Ink, Run
from chatui.ui.markdown.wrap import is_narrow, wrap, wrap_code, wrap_open

BOLD = Ink(bold=True)
texts = st.text(st.sampled_from("ab   c字（「」、。😀👩\u200d\ufe0f\u0301\n—é"), max_size=120)


def texts_of(rows: list[tuple[Run, ...]]) -> list[str]:
    return ["".join(run.text for run in row) for row in rows]


def wrapped(text: str, width: int) -> list[str]:
    return texts_of(wrap([Run(text, Ink())], width))


def test_words_go_to_the_next_row_whole() -> None:
    assert wrapped("the quick brown fox", 9) == ["the quick", "brown fox"]


def test_spaces_at_a_break_are_dropped() -> None:
    assert wrapped("one   two", 4) == ["one", "two"]


def test_a_long_word_begins_a_row_and_is_broken_hard() -> None:
    assert wrapped("a bbbbbbb c", 3) == ["a", "bbb", "bbb", "b c"]


def test_a_line_break_ends_a_row() -> None:
    assert wrapped("one\n\ntwo", 20) == ["one", "", "two"]


def test_nothing_takes_one_empty_row() -> None:
    assert wrap([], 10) == [()]


def test_ideographs_break_anywhere_but_before_closing_punctuation() -> None:
    assert wrapped("中文字、中文", 6) == ["中文", "字、中", "文"]
    assert wrapped("中文（中）", 6) == ["中文", "（中）"]


def test_a_family_of_emoji_is_never_taken_apart() -> None:
    assert wrapped("👩‍👩‍👧👩‍👩‍👧", 2) == ["👩‍👩‍👧", "👩‍👩‍👧"]


def test_runs_keep_their_inks_over_a_break() -> None:
    rows = wrap([Run("one ", Ink()), Run("two three", BOLD), Run(" four", Ink())], 8)
    assert rows == [(Run("one ", Ink()), Run("two", BOLD)), (Run("three", BOLD),), (Run("four", Ink()),)]


def test_code_keeps_every_space_and_breaks_after_one_where_it_can() -> None:
    rows = texts_of(wrap_code([Run("    call(first,  second)", Ink())], 16))
    assert rows == ["    call(first, ", " second)"]
    assert texts_of(wrap_code([Run("x" * 10, Ink())], 4)) == ["xxxx", "xxxx", "xx"]
    assert wrap_code([], 4) == [()]


@given(texts, st.integers(2, 20))
def test_no_row_is_wider_than_the_width(text: str, width: int) -> None:
    assert all(cell_len(row) <= width for row in wrapped(text, width))
    code = texts_of(wrap_code([Run(text.replace("\n", ""), Ink())], width))
    assert all(cell_len(row) <= width for row in code)
    assert "".join(code) == text.replace("\n", "")


@given(texts, st.integers(2, 20))
def test_wrapping_loses_nothing_but_spaces(text: str, width: int) -> None:
    assert "".join("".join(wrapped(text, width)).split()) == "".join(text.split())


@given(st.text(st.sampled_from("ab c"), max_size=60), st.text(st.sampled_from("ab c"), max_size=40), st.integers(2, 20))
def test_an_open_text_goes_on_as_if_it_had_never_been_cut(text: str, more: str, width: int) -> None:
    rows, rest = wrap_open([Run(text, Ink())], width)
    assert texts_of(rows) + texts_of(wrap([*rest, Run(more, Ink())], width)) == wrapped(text + more, width)


def test_every_character_called_narrow_takes_one_cell() -> None:
    characters = [chr(code) for code in range(0x20, 0x30000) if chr(code).isprintable()]
    assert all(cell_len(character) == 1 for character in characters if is_narrow(character))
