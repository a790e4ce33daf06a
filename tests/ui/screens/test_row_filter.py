from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from chatui.ui.screens.row_filter import (
    RowText,
    filter_rows,
    find_letters,
    find_spans,
    fold,
    read_row,
    score_row,
    split_words,
)
from chatui.ui.screens.rows import PickerRow

titles = st.lists(st.text("abcdeé ßI", max_size=12), max_size=30)
queries = st.text("abcdeE ", max_size=6)


def _texts(rows: list[str]) -> list[RowText]:
    return [read_row(PickerRow(str(index), (title,))) for index, title in enumerate(rows)]


def _has_in_order(text: str, word: str) -> bool:
    letters = iter(text)
    return all(letter in letters for letter in word)


@settings(max_examples=100)
@given(titles, queries)
def test_every_row_found_holds_each_word_or_its_letters_in_order(rows: list[str], query: str) -> None:
    words = split_words(query)
    for index in filter_rows(_texts(rows), words):
        assert all(_has_in_order(fold(rows[index]), word) for word in words)


@settings(max_examples=100)
@given(titles, queries)
def test_every_row_with_all_the_words_is_found_and_comes_before_the_loose_ones(rows: list[str], query: str) -> None:
    words = split_words(query)
    found = filter_rows(_texts(rows), words)
    strict = {index for index, row in enumerate(rows) if all(word in fold(row) for word in words)}
    assert set(found[: len(strict)]) == strict


@settings(max_examples=100)
@given(titles, queries)
def test_rows_that_match_equally_well_keep_their_order(rows: list[str], query: str) -> None:
    texts, words = _texts(rows), split_words(query)
    found = filter_rows(texts, words)
    ranks = [(score_row(texts[index], words), index) for index in found]
    assert ranks == sorted(ranks, key=lambda rank: (rank[0] or (0, 0), rank[1]))


@settings(max_examples=100)
@given(st.text())
def test_folding_keeps_every_letter_in_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)


@settings(max_examples=100)
@given(st.text("abcé ", max_size=20), queries)
def test_spans_lie_in_the_text_in_order_and_apart(text: str, query: str) -> None:
    spans = find_spans(text, split_words(query), is_title=True)
    edges = [edge for span in spans for edge in span]
    assert edges == sorted(set(edges))
    assert all(0 <= edge <= len(text) for edge in edges)


def test_case_and_accents_do_not_matter() -> None:
    assert fold("Café ÉTÉ") == "cafe ete"
    assert fold("İßが") == "ißが"


def test_a_title_that_begins_with_the_word_comes_first_then_one_with_a_word_that_does() -> None:
    rows = ["a sprint", "the print", "print it"]
    assert filter_rows(_texts(rows), split_words("print")) == [2, 1, 0]


def test_letters_in_order_find_a_model_by_its_initials() -> None:
    assert find_letters("deepseek-flash", "dsfl") == [0, 4, 9, 10]
    assert filter_rows(_texts(["qwen3", "deepseek-flash"]), split_words("dsfl")) == [1]


def test_letters_far_apart_and_very_short_words_are_not_taken_loosely() -> None:
    assert find_letters("x" + "-" * 20 + "yz", "xyz") is None
    assert find_letters("a-b", "ab") is None


def test_words_are_looked_for_in_the_other_columns_and_in_the_hidden_text_too() -> None:
    row = read_row(PickerRow("k", ("title", "qwen3"), group="ollama", search="hidden"))
    assert filter_rows([row], split_words("qwen3 ollama hidden")) == [0]
    assert filter_rows([row], split_words("absent")) == []


def test_words_are_set_off_where_they_stand_and_loose_ones_letter_by_letter() -> None:
    assert find_spans("deepseek-flash", ("flash",), is_title=False) == [(9, 14)]
    assert find_spans("deepseek-flash", ("dsfl",), is_title=True) == [(0, 1), (4, 5), (9, 11)]
    assert find_spans("deepseek-flash", ("dsfl",), is_title=False) == []
