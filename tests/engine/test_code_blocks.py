"""Fenced code blocks of a reply."""

from __future__ import annotations

import time

import pytest

from chatui.engine.code_blocks import CodeBlock, find_code_blocks


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("no code, only `ticks` and ``` in ``` a line", []),
        ("```py title=x\na\n\nb\n```\nafter", [CodeBlock("a\n\nb\n", "py", True)]),
        ("~~~\n```\n~~~~\n", [CodeBlock("```\n", "", True)]),
        ("````\n```\n````", [CodeBlock("```\n", "", True)]),
        ("```\na\n``` b\n```", [CodeBlock("a\n``` b\n", "", True)]),
        ("```\r\na\r\n```\r\n", [CodeBlock("a\n", "", True)]),
        ("1. do\n\n   ```sh\n   ls\n     -l\n  x\n   ```", [CodeBlock("ls\n  -l\nx\n", "sh", True)]),
        ("- ```\n  a\n  ```", [CodeBlock("a\n", "", True)]),
        ("> ```\n> a\n>\n> b\n> ```", [CodeBlock("a\n\nb\n", "", True)]),
        ("```\na\n```\n\n```\nb\n```", [CodeBlock("a\n", "", True), CodeBlock("b\n", "", True)]),
        ("```\n```", [CodeBlock("", "", True)]),
        ("```\na", [CodeBlock("a\n", "", False)]),
        ("```\na\n", [CodeBlock("a\n", "", False)]),
        ("```", [CodeBlock("", "", False)]),
    ],
)
def test_blocks_are_found_wherever_they_stand(text: str, blocks: list[CodeBlock]) -> None:
    assert list(find_code_blocks(text)) == blocks


@pytest.mark.parametrize("line", [" " * 200_000 + "x", "> " * 100_000, "- " * 100_000, "`" * 200_000 + "`a`"])
def test_no_line_takes_long(line: str) -> None:
    start = time.monotonic()
    list(find_code_blocks(line))
    assert time.monotonic() - start < 2
