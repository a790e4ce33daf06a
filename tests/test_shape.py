"""The shape of the code: small files, small classes, reasons where something is unusual."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.readme import ROOT, read_readme, render_readme

MAX_LINES = 300
MAX_METHODS = 25
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "manager", "common", "core", "misc"}
BROAD_EXCEPT_ALLOWED = {"chatui/__main__.py"}
"""The one place that may catch everything: it ends the program, and says so."""

_OPEN_END = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX")) + r")\b")
_BARE_IGNORE = re.compile(r"#\s*type:\s*ignore(?!\[[\w, -]+\]\s+#)")

SOURCES = sorted((ROOT / "chatui").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _classes(path: Path) -> Iterator[ast.ClassDef]:
    for node in ast.walk(_parse(path)):
        if isinstance(node, ast.ClassDef):
            yield node


def _parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@pytest.mark.parametrize("path", SOURCES + TESTS, ids=_name)
def test_a_file_is_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_a_class_is_small(path: Path) -> None:
    for node in _classes(path):
        methods = [child for child in node.body if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)]
        assert len(methods) <= MAX_METHODS, f"{node.name} has {len(methods)} methods, private ones counted"


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_a_module_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(_parse(path)), "the module has no docstring"


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_a_name_says_what_a_thing_is(path: Path) -> None:
    parts = path.relative_to(ROOT).with_suffix("").parts
    assert not VAGUE_NAMES.intersection(parts)
    assert not path.stem.startswith("base_")


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_a_deferred_import_gives_its_reason(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    for function in ast.walk(_parse(path)):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        reasoned = set[int]()
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                own, above = lines[node.lineno - 1], lines[node.lineno - 2].strip()
                has_reason = "#" in own or above.startswith("#") or node.lineno - 1 in reasoned
                assert has_reason, f"line {node.lineno}: {own.strip()}"
                reasoned.add(node.end_lineno or node.lineno)


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_an_except_names_what_it_expects(path: Path) -> None:
    for node in ast.walk(_parse(path)):
        if isinstance(node, ast.ExceptHandler) and _name(path) not in BROAD_EXCEPT_ALLOWED:
            caught = "everything" if node.type is None else ast.unparse(node.type)
            is_broad = re.search(r"\b(everything|Exception|BaseException)\b", caught) is not None
            assert not is_broad or _cleans_up(node), f"line {node.lineno} catches {caught}"


def _cleans_up(handler: ast.ExceptHandler) -> bool:
    """What is raised again as it came is not swallowed."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_there_is_no_hidden_state(path: Path) -> None:
    for node in ast.walk(_parse(path)):
        assert not isinstance(node, ast.Global), f"line {node.lineno} changes a module's variable"
        assert not (isinstance(node, ast.Name) and node.id == "ContextVar"), f"line {node.lineno}"


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_an_ignored_type_error_gives_its_reason(path: Path) -> None:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        assert not _BARE_IGNORE.search(line), f"line {number}: {line.strip()}"


@pytest.mark.parametrize("path", SOURCES + TESTS, ids=_name)
def test_nothing_is_left_for_later(path: Path) -> None:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        assert not _OPEN_END.search(line), f"line {number}: {line.strip()}"


def test_the_readme_says_what_the_code_says() -> None:
    assert read_readme() == render_readme(), "run: python -m tests.readme"
