"""Prompts of a batch are read from lines, JSONL, CSV and TOML."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from chatui.cli.batch_input import BatchDefaults, count_items, find_format, read_items
from chatui.cli.batch_template import fill_template
from chatui.cli.workplace import WrongUse
from chatui.conversation.message import Role
from chatui.conversation.request import Turn
from chatui.engine.batch import BatchItem

DEFAULTS = BatchDefaults("env/big-1", "Be brief.", {"temperature": 0.5})


def read(text: str | bytes, format_name: str = "", template: str = "") -> Sequence[BatchItem]:
    data = text if isinstance(text, bytes) else text.encode()
    defaults = BatchDefaults("env/big-1", "Be brief.", {"temperature": 0.5}, template)
    return list(read_items(io.BytesIO(data), format_name, defaults))


def prompts(items: Sequence[BatchItem]) -> list[str]:
    return [item.turns[-1].text if item.turns else f"! {item.problem}" for item in items]


def test_each_line_that_is_not_blank_is_a_prompt() -> None:
    items = read("One\r\n\n  \nTwo\n\xa0three", "lines")
    assert prompts(items) == ["One", "Two", "\xa0three"]
    assert [item.n for item in items] == [1, 2, 3]
    assert (items[0].model, items[0].system, items[0].params) == ("env/big-1", "Be brief.", {"temperature": 0.5})


def test_a_byte_order_mark_and_bad_bytes_do_no_harm() -> None:
    assert prompts(read(b"\xef\xbb\xbfOne\nTw\xff\n")) == ["One", "Tw\ufffd"]


def test_an_object_says_what_it_wants() -> None:
    line = {"id": 7, "prompt": "Hi", "model": "a/b", "system": "Be long.", "params": {"temperature": 1, "seed": 4}}
    (item,) = read(json.dumps(line), "jsonl")
    assert item == BatchItem(1, "a/b", (Turn(Role.USER, "Hi"),), "Be long.", {"temperature": 1, "seed": 4}, "7")


def test_messages_are_a_conversation() -> None:
    messages = [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Hello"},
        {"role": "user", "content": [{"type": "text", "text": "How "}, {"type": "text", "text": "are you?"}]},
    ]
    (item,) = read(json.dumps({"messages": messages}))
    assert item.system == "Be kind."
    assert item.turns == (Turn(Role.USER, "Hi"), Turn(Role.ASSISTANT, "Hello"), Turn(Role.USER, "How are you?"))


def test_the_batch_files_of_openai_are_taken_too() -> None:
    body = {"model": "a/b", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 5, "stream": False}
    (item,) = read(json.dumps({"custom_id": "r-1", "method": "POST", "url": "/v1/chat/completions", "body": body}))
    assert (item.id, item.model, prompts([item]), item.params["max_tokens"]) == ("r-1", "a/b", ["Hi"], 5)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"prompt": "Hi"', "is not JSON"),
        ("[1]", "is no JSON object"),
        ("{}", "it has no prompt"),
        ('{"prompt": " "}', "it has no prompt"),
        ('{"prompt": 5}', "it has no prompt"),
        ('{"prompt": "Hi", "model": 5}', "model is no text"),
        ('{"prompt": "Hi", "params": 5}', "params is no table"),
        ('{"prompt": "Hi", "params": {"stream": true}}', "chatui sets this by itself"),
        ('{"messages": 5}', "messages is no list"),
        ('{"messages": []}', "messages holds no prompt"),
        ('{"messages": [5]}', "something else than"),
        ('{"messages": [{"role": "tool", "content": "x"}]}', "something else than"),
        ('{"messages": [{"role": ["user"], "content": "x"}]}', "something else than"),
        ('{"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}', "messages[0].content[0].image_url"),
    ],
)
def test_a_line_that_cannot_be_asked_is_an_item_that_says_why(line: str, words: str) -> None:
    items = read(f'{line}\n"Fine"', "jsonl")
    assert words in items[0].problem
    assert items[0].source == line
    assert prompts(items)[1] == "Fine"


def test_rows_of_a_table_fill_a_template() -> None:
    table = 'id,text,model\na,"Hello,\nyou",x\nb,Bye,\n'
    items = read(table, "csv", "Translate {text} ({model}) {{now}}")
    assert prompts(items) == ["Translate Hello,\nyou (x) {now}", "Translate Bye () {now}"]
    assert [item.id for item in items] == ["a", "b"]
    assert items[0].model == "env/big-1"


def test_a_table_with_prompts_needs_no_template() -> None:
    items = read("prompt\tmodel\nHi\ta/b\nBye\t\n", "tsv")
    assert [(prompts([item])[0], item.model) for item in items] == [("Hi", "a/b"), ("Bye", "env/big-1")]


@pytest.mark.parametrize(
    ("text", "format_name", "template", "words"),
    [
        ("a,b\n1,2\n", "csv", "{c}", "the columns are: a, b"),
        ("a,b\n1,2\n", "csv", "", "There is no column prompt"),
        ("One\n", "lines", "{word}", "of lines there is only {line}"),
        ("model = 5 5", "toml", "", "cannot be read"),
        ('model = "x"', "toml", "", "no [[prompts]]"),
    ],
)
def test_an_input_that_makes_no_sense_is_refused(text: str, format_name: str, template: str, words: str) -> None:
    with pytest.raises(WrongUse, match=words.replace("[", r"\[").replace("{", r"\{")):
        read(text, format_name, template)


def test_lines_and_objects_fill_templates_too() -> None:
    assert prompts(read("cat\n", "lines", "Translate {line}")) == ["Translate cat"]
    assert prompts(read('{"word": "cat", "n": 3}\n', "jsonl", "{n} {word}")) == ["3 cat"]
    assert prompts(read('{"word": "cat"}\n', "", "{word}")) == ["cat"]
    assert "no such field" in read('{"word": "cat"}\n', "jsonl", "{dog}")[0].problem


def test_a_toml_file_shares_what_stands_above() -> None:
    text = """
        model = "a/b"
        system = "S"
        params = { seed = 1 }
        [[prompts]]
        prompt = "Hi"
        [[prompts]]
        prompt = "Ho"
        model = "c/d"
    """
    items = read(text, "toml")
    assert [(prompts([item])[0], item.model, item.system, item.params["seed"]) for item in items] == [
        ("Hi", "a/b", "S", 1),
        ("Ho", "c/d", "S", 1),
    ]
    assert prompts(read('prompts = ["Hi", 5]', "toml")) == ["Hi", "! Prompt 2 is no table."]


@pytest.mark.parametrize(
    ("name", "path", "found"),
    [("", "a.jsonl", "jsonl"), ("", "a.CSV", "csv"), ("", "a.txt", "lines"), ("tsv", "a.txt", "tsv"), ("", None, "")],
)
def test_the_format_is_named_or_told_by_the_ending(name: str, path: str | None, found: str) -> None:
    assert find_format(name, Path(path) if path else None) == found


def test_prompts_are_counted_without_being_made(tmp_path: Path) -> None:
    path = tmp_path / "prompts"
    path.write_text('prompt\n"a\nb"\n\nc\n')
    assert [count_items(path, name) for name in ("csv", "lines", "jsonl", "toml")] == [2, 4, 4, None]
    assert count_items(tmp_path / "none", "lines") is None


def test_a_template_runs_nothing() -> None:
    assert fill_template("{a.__class__} {{}}", {"a.__class__": "x"}) == "x {}"
    with pytest.raises(ValueError, match="no such field"):
        fill_template("{a.__class__}", {"a": "x"})
