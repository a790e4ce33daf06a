"""Every example of the CommonMark specification, and those of GitHub's extensions of it."""

import functools
import json
import re
from html import unescape
from pathlib import Path
from typing import NamedTuple

import pytest

from chatui.ui.markdown.flow import MarkdownFlow
from chatui.ui.markdown.table import Table
from tests.ui.markdown.shapes import found, judge, make_judge, shape_of

HERE = Path(__file__).parent

TAGS = "a tag that HTML does not know as a block: models wrap answers in tags of their own, with Markdown in them"
EXCEPTIONS = {21: TAGS, 31: TAGS, 162: TAGS, 163: TAGS, 164: TAGS, 165: TAGS, 166: TAGS, 167: TAGS}
"""Examples whose blocks are others with us, by number, and why."""


class Example(NamedTuple):
    example: int
    section: str
    markdown: str
    html: str


@functools.cache
def read_examples(name: str) -> list[Example]:
    return [Example(**row) for row in json.loads((HERE / name).read_text("utf-8"))]


def each(name: str = "commonmark.json") -> pytest.MarkDecorator:
    sections: dict[str, list[Example]] = {}
    for example in read_examples(name):
        sections.setdefault(example.section, []).append(example)
    return pytest.mark.parametrize("examples", sections.values(), ids=sections)


def without_breaks(html: str) -> str:
    return re.sub(r"\n?(<[^>]*>)\n?", r"\1", html)


@each()
def test_the_judge_finds_what_the_specification_says(examples: list[Example]) -> None:
    markdown = make_judge().disable("table")
    for example in examples:
        assert without_breaks(markdown.render(example.markdown)) == without_breaks(example.html), example


@each()
def test_blocks_are_those_of_the_specification(examples: list[Example]) -> None:
    for example in examples:
        assert (found(example.markdown) == judge(example.markdown)) == (example.example not in EXCEPTIONS), example


def test_blocks_are_those_of_github() -> None:
    for example in read_examples("gfm.json"):
        if not example.section.startswith("Task"):
            assert found(example.markdown) == judge(example.markdown), example


def links_of(example: Example) -> list[tuple[str, str]]:
    flow = MarkdownFlow(200, example.markdown)
    flow.finish()
    runs = [run for line in flow.lines(0, flow.height) for run in line.runs]
    return [(run.ink.link, run.text) for run in runs if run.ink.link]


@each("gfm.json")
def test_bare_addresses_boxes_strikes_and_columns_are_those_of_github(examples: list[Example]) -> None:
    for example in examples:
        addresses = re.findall('<a href="([^"]*)">([^<]*)</a>', example.html)
        assert links_of(example) == [(unescape(target), unescape(text)) for target, text in addresses], example
        flow = MarkdownFlow(200, example.markdown)
        flow.finish()
        runs = [run for line in flow.lines(0, flow.height) for run in line.runs]
        boxes = [run.text for run in runs if run.ink.role.startswith("task")]
        assert boxes == ["☑ " if "checked" in box else "☐ " for box in re.findall("<input[^>]*>", example.html)]
        assert [run.text for run in runs if run.ink.strike] == re.findall("<del>(.*?)</del>", example.html)
        aligns = re.findall('<th(?: align="(.*?)")?>', example.html)
        tables = [leaf for leaf in flow._leaves() if isinstance(leaf, Table)]
        signs = {"": "", "left": "<", "center": "^", "right": ">"}
        assert [sign for table in tables for sign in table.alignments] == [signs[align] for align in aligns]


@each()
def test_an_example_that_comes_character_by_character_is_the_same(examples: list[Example]) -> None:
    for example in examples:
        whole = MarkdownFlow(60, example.markdown)
        flow = MarkdownFlow(60)
        for character in example.markdown:
            flow.append(character)
        assert flow.lines(0, flow.height) == whole.lines(0, whole.height), example
        whole.finish()
        flow.finish()
        assert flow.lines(0, flow.height) == whole.lines(0, whole.height), example
        assert shape_of(flow) == shape_of(whole)
