"""The shape of the code: small files, small classes, reasons where something is unusual."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

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
# Each rule is one test over all files: one for each file would be thousands, and take longer to report than to run.


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


@cache
def _parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def _nodes() -> Iterator[tuple[Path, ast.AST]]:
    """Each node of each source, with its file."""
    for path in SOURCES:
        for node in ast.walk(_parse(path)):
            yield path, node


def _list(faults: Iterator[str]) -> str:
    return "\n".join(faults)


def test_there_is_something_to_look_at() -> None:
    assert ROOT / "chatui" / "__main__.py" in SOURCES
    assert Path(__file__) in TESTS


def test_a_file_is_small() -> None:
    assert not _list(_name(path) for path in SOURCES + TESTS if len(_lines(path)) > MAX_LINES)


def test_a_class_is_small() -> None:
    def faults() -> Iterator[str]:
        for path, node in _nodes():
            if isinstance(node, ast.ClassDef):
                methods = [child for child in node.body if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)]
                if len(methods) > MAX_METHODS:
                    yield f"{_name(path)}: {node.name} has {len(methods)} methods, private ones counted"

    assert not _list(faults())


def test_a_module_says_what_it_is() -> None:
    assert not _list(_name(path) for path in SOURCES if not ast.get_docstring(_parse(path)))


def test_a_name_says_what_a_thing_is() -> None:
    def is_vague(path: Path) -> bool:
        parts = path.relative_to(ROOT).with_suffix("").parts
        return bool(VAGUE_NAMES.intersection(parts)) or path.stem.startswith("base_")

    assert not _list(_name(path) for path in SOURCES if is_vague(path))


def test_a_deferred_import_gives_its_reason() -> None:
    def faults() -> Iterator[str]:
        for path, function in _nodes():
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            lines, reasoned = _lines(path), set[int]()
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    own, above = lines[node.lineno - 1], lines[node.lineno - 2].strip()
                    if "#" not in own and not above.startswith("#") and node.lineno - 1 not in reasoned:
                        yield f"{_name(path)}:{node.lineno}: {own.strip()}"
                    reasoned.add(node.end_lineno or node.lineno)

    assert not _list(faults())


def test_an_except_names_what_it_expects() -> None:
    def faults() -> Iterator[str]:
        for path, node in _nodes():
            if isinstance(node, ast.ExceptHandler) and _name(path) not in BROAD_EXCEPT_ALLOWED:
                caught = "everything" if node.type is None else ast.unparse(node.type)
                is_broad = re.search(r"\b(everything|Exception|BaseException)\b", caught) is not None
                if is_broad and not _cleans_up(node):
                    yield f"{_name(path)}:{node.lineno} catches {caught}"

    assert not _list(faults())


def _cleans_up(handler: ast.ExceptHandler) -> bool:
    """What is raised again as it came is not swallowed."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def test_there_is_no_hidden_state() -> None:
    def is_hidden(node: ast.AST) -> bool:
        return isinstance(node, ast.Global) or (isinstance(node, ast.Name) and node.id == "ContextVar")

    assert not _list(f"{_name(path)}: {ast.unparse(node)}" for path, node in _nodes() if is_hidden(node))


def test_an_ignored_type_error_gives_its_reason() -> None:
    assert not _list(_find(_BARE_IGNORE, SOURCES))


def test_nothing_is_left_for_later() -> None:
    assert not _list(_find(_OPEN_END, SOURCES + TESTS))


def _find(pattern: re.Pattern[str], paths: list[Path]) -> Iterator[str]:
    for path in paths:
        for number, line in enumerate(_lines(path), start=1):
            if pattern.search(line):
                yield f"{_name(path)}:{number}: {line.strip()}"


def test_the_readme_says_what_the_code_says() -> None:
    assert read_readme() == render_readme(), "run: python -m tests.readme"
