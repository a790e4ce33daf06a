"""The command line of `batch` as one frozen value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from chatui.cli.many_commands import BATCH, MAX_CONCURRENCY
from chatui.cli.parser import read_words
from chatui.cli.workplace import WrongUse


@dataclass(frozen=True, slots=True)
class BatchArguments:
    """What the command line says."""

    input: Path | None
    """`None`: standard input."""
    output: Path | None
    """`None`: standard output."""
    model: str | None
    system: str | None
    template: str
    format: str
    concurrency: int
    is_ordered: bool
    max_cost: float | None
    """USD."""
    max_failures: int | None
    max_retries: int | None
    params: Mapping[str, object]
    is_json: bool
    config: Path | None
    play: Path | None


def parse_batch(argv: Sequence[str]) -> BatchArguments:
    """Read the words after `batch`. Raises SystemExit as `read_words` does, and WrongUse."""
    values = read_words(BATCH, argv)
    name = values["words"][0] if values["words"] else "-"
    concurrency = values["concurrency"] or 5
    if concurrency > MAX_CONCURRENCY:
        raise WrongUse(f"--concurrency is {MAX_CONCURRENCY} at most.")
    if values["resume"] and values["output"] is None:
        raise WrongUse("--resume goes on with a file: name it with -o.")
    if values["resume"] and not values["output"].exists():
        raise WrongUse(f"There is no {values['output']} to go on with.")
    return BatchArguments(
        input=None if name == "-" else Path(name).expanduser(),
        output=values["output"],
        model=values["model"],
        system=values["system"],
        template=values["template"] or "",
        format=values["format"] or "",
        concurrency=concurrency,
        is_ordered=not values["unordered"],
        max_cost=values["max_cost"],
        max_failures=values["max_failures"],
        max_retries=values["max_retries"],
        params=dict(values["param"]),
        is_json=values["json"],
        config=values["config"],
        play=values["play"],
    )
