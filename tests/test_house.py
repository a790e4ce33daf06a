"""The house stands as drawn: layers, what is loaded when, types, lint and format."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import chatui

ROOT = Path(__file__).parents[1]

_LOOK = """
import importlib, sys
unwanted = sys.argv[1].split(",")
for name in sys.argv[2:]:
    importlib.import_module(name)
    if found := [module for module in unwanted if module in sys.modules]:
        sys.exit(f"importing {name} loads {', '.join(found)}")
"""
"""Imports one module after the other and names the first that brings in something unwanted."""


def _run(*arguments: str) -> None:
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _modules() -> Iterator[str]:
    for found in pkgutil.walk_packages(chatui.__path__, "chatui."):
        yield found.name


@pytest.mark.gate
def test_the_types_are_sound() -> None:
    _run("-m", "mypy")


@pytest.mark.gate
def test_the_linter_has_nothing_to_say() -> None:
    _run("-m", "ruff", "check", ".")


@pytest.mark.gate
def test_the_code_is_formatted() -> None:
    _run("-m", "ruff", "format", "--check", ".")


@pytest.mark.gate
def test_arrows_point_down_only() -> None:
    _run("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache")


@pytest.mark.gate
def test_below_the_screen_nothing_loads_textual_or_rich() -> None:
    # Where click is installed too, httpx loads Rich for a command line of its own.
    above = ("chatui.ui", "chatui.assembly", "chatui.screen", "chatui.__main__", "chatui.providers.transport")
    below = [name for name in _modules() if not name.startswith(above)]
    assert below
    _run("-c", _LOOK, "textual,rich", *below)


@pytest.mark.gate
def test_only_the_transport_loads_httpx() -> None:
    others = [
        name
        for name in _modules()
        if not name.startswith(("chatui.ui", "chatui.assembly", "chatui.screen", "chatui.__main__"))
    ]
    _run("-c", _LOOK, "httpx", *[name for name in others if name != "chatui.providers.transport"])


@pytest.mark.gate
def test_the_first_frame_waits_for_nothing_heavy() -> None:
    started_with = [name for name in _modules() if name in ("chatui.ui.app", "chatui.screen", "chatui.__main__")]
    _run("-c", _LOOK, "httpx,markdown_it,pygments", *started_with)


@pytest.mark.gate
def test_the_command_line_is_read_before_textual_is_loaded() -> None:
    started_with = [name for name in _modules() if name in ("chatui.cli.arguments", "chatui.__main__")]
    _run("-c", _LOOK, "textual", *started_with)
