"""Where a key stands in a TOML text."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatui.config.lines import KeyPath, find_key_lines, join_key, line_of


def test_every_key_and_table_is_found_on_its_line() -> None:
    text = (
        'model = "a/b" # model = "no"\n'
        '"quoted \\u0041" = 1\n'
        "'literal' = 2\n"
        "[providers.work]\n"
        "list = [\n"
        '  "a = 1", # ]\n'
        '  { x = "}" },\n'
        "]\n"
        'text = """\n'
        "[not.a.table]\n"
        'key = "no" \\"""\n'
        '"""""\n'
        "raw = '''\n"
        "[neither]\n"
        "it's'''\n"
        'after.dotted . "key" = true\n'
        '  [ providers . work . models . "big-1.5" ]\n'
        "price = { input = 1, output = 2 }\n"
        "[[lists]]\n"
        "item = 1979-05-27T07:32:00.5Z\n"
        "[empty]"
    )
    tomllib.loads(text)
    work = ("providers", "work")
    assert find_key_lines(text) == {
        ("model",): 1,
        ("quoted A",): 2,
        ("literal",): 3,
        work: 4,
        (*work, "list"): 5,
        (*work, "text"): 9,
        (*work, "raw"): 13,
        (*work, "after"): 16,
        (*work, "after", "dotted"): 16,
        (*work, "after", "dotted", "key"): 16,
        (*work, "models", "big-1.5"): 17,
        (*work, "models", "big-1.5", "price"): 18,
        ("lists",): 19,
        ("lists", "item"): 20,
        ("empty",): 21,
    }


def test_a_key_of_an_inline_table_stands_where_the_table_stands() -> None:
    assert line_of(("price", "input"), find_key_lines("\nprice = { input = 1 }")) == 2


def test_a_key_that_is_not_in_the_text_has_no_line() -> None:
    assert line_of(("theme",), find_key_lines("model = 'a/b'")) is None


@pytest.mark.parametrize(
    ("path", "written"),
    [(("a", "b-1"), "a.b-1"), (("m", "big-1.5"), 'm."big-1.5"'), (("", "x y"), '""."x y"')],
)
def test_a_key_is_quoted_where_it_needs_to_be(path: KeyPath, written: str) -> None:
    assert join_key(path) == written


@given(st.dictionaries(st.text("ab.=#[]{}\"'\\\n ü", max_size=6), st.text("a=[]#\"'\n", max_size=8), max_size=6))
def test_any_keys_with_any_texts_are_found_on_their_lines(table: dict[str, str]) -> None:
    def quote(text: str) -> str:
        escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{escaped}"'

    text = "".join(f"{quote(key)} = {quote(value)}\n" for key, value in table.items())
    assert tomllib.loads(text) == table
    assert find_key_lines(text) == {(key,): number for number, key in enumerate(table, start=1)}
