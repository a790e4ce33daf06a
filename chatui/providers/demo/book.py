"""The book: all that the demo can say, read from the files beside this one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chatui.conversation.failure import Failure, FailureKind
from chatui.providers.demo.script import Script
from chatui.providers.demo.words import Vocabulary

_FOLDER = Path(__file__).parent
_CODE_POINT = re.compile(r"\{U\+([0-9A-F]{4,6})\}")


@dataclass(frozen=True, slots=True)
class Page:
    """An answer to questions that a table does not answer."""

    name: str
    text: str
    """Markdown."""
    words: str
    """Words that lead to it."""
    phrases: tuple[str, ...]
    """Words in a row, in lower case, that lead to it with certainty."""
    keys: tuple[str, ...]
    """Keys that it explains, by Textual's names: those of widgets, which are in no table."""
    ask: str
    """A question that it answers, to be suggested; empty for none."""


@dataclass(frozen=True, slots=True)
class Show:
    """Something that the demo shows on request: a kind of reply, or a failure."""

    name: str
    about: str
    """What is to be seen, in a few words."""
    words: str
    """Words that ask for it."""
    script: Script
    succeeds_on: int = 0
    """The attempt, from 1, that does not fail; 0 for none."""


@dataclass(frozen=True, slots=True)
class Book:
    """Pages, shows and failures by name, and the vocabulary to find them with."""

    vocabulary: Vocabulary
    pages: Mapping[str, Page]
    shows: Mapping[str, Show]
    faults: Mapping[str, Show]
    requests: frozenset[str]
    """Words that ask for something to be shown."""
    fillers: frozenset[str]
    """Words that may stand beside them and say nothing."""


def load_book() -> Book:
    """Read the book; it ships with chatui, so it is there and as it should be."""
    guide = _read_toml("guide.toml")
    faults = _read_toml("faults.toml")
    return Book(
        Vocabulary(guide["ignored"].split(), guide["synonyms"]),
        {entry["name"]: _read_page(entry) for entry in guide["pages"]},
        {entry["name"]: _read_show(entry) for entry in guide["shows"]},
        {name: _read_fault(name, entry) for name, entry in faults.items()},
        frozenset(guide["requests"].split()),
        frozenset(guide["fillers"].split()),
    )


# The files are our own and a test reads them all: their values are taken as they are.
def _read_toml(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / name).read_text("utf-8"))


def _read_text(name: str) -> str:
    """Read a page. A control character stands in it as `{U+001B}`, so that the file itself is harmless."""
    text = (_FOLDER / "pages" / f"{name}.md").read_text("utf-8").strip()
    return _CODE_POINT.sub(lambda found: chr(int(found[1], 16)), text)


def _read_page(entry: Mapping[str, Any]) -> Page:
    return Page(
        entry["name"],
        _read_text(entry["name"]),
        entry.get("words", ""),
        tuple(entry.get("phrases", ())),
        tuple(entry.get("keys", "").split()),
        entry.get("ask", ""),
    )


def _read_show(entry: Mapping[str, Any]) -> Show:
    script = Script(
        _read_text(entry["name"]),
        thought=_read_text(entry["thought"]) if "thought" in entry else "",
        seconds_per_word=entry.get("seconds_per_word", Script.seconds_per_word),
    )
    return Show(entry["name"], entry["about"], entry["words"], script)


def _read_fault(name: str, entry: Mapping[str, Any]) -> Show:
    failure = None
    if "kind" in entry:
        failure = Failure(
            FailureKind(entry["kind"]),
            entry["message"],
            status=entry.get("status"),
            advice=entry.get("advice", ""),
            retry_after=entry.get("retry_after"),
        )
    script = Script(
        entry.get("text", ""),
        rest=entry.get("rest", ""),
        alive_seconds=entry.get("alive_seconds", 0),
        after=entry.get("after", ""),
        finish_reason=entry.get("finish_reason"),
        failure=failure,
        is_cut=entry.get("is_cut", False),
    )
    return Show(name, entry["about"], name, script, entry.get("succeeds_on", 0))
