"""The prompts of a batch, read one after the other: lines, JSONL, CSV, or a TOML file."""

from __future__ import annotations

import csv
import io
import json
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from chatui.cli.batch_messages import read_messages
from chatui.cli.batch_template import check_template, fill_template, list_slots
from chatui.cli.workplace import WrongUse
from chatui.config.checks import check_param
from chatui.conversation.message import Role
from chatui.conversation.request import Turn
from chatui.engine.batch import BatchItem

FORMATS = ("lines", "jsonl", "csv", "tsv", "toml")
_BY_SUFFIX = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "tsv", ".toml": "toml"}
_MAX_TOML = 64 * 1024 * 1024
_MAX_FIELD = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class BatchDefaults:
    """What holds for prompts that do not say otherwise."""

    model: str
    """`provider/model`."""
    system: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    template: str = ""
    """A prompt with `{field}` where a field of the input goes; empty for none."""
    qualify: Callable[[str], str] = str
    """Returns the full name of a model that may stand without its provider."""


def find_format(name: str, path: Path | None) -> str:
    """The format of an input: as named, else by the file's ending; empty where its first line has to tell."""
    if name or path is None:
        return name
    return _BY_SUFFIX.get(path.suffix.lower(), "lines")


def read_items(source: BinaryIO, format_name: str, defaults: BatchDefaults) -> Iterator[BatchItem]:
    """Yield the prompts in their order, then close the source. A line that cannot be read is an item with a `problem`.

    Raises WrongUse for an input that cannot be read at all.
    """
    with source:
        check_template(defaults.template)
        yield from _read_items(source, format_name, defaults)


def _read_items(source: BinaryIO, format_name: str, defaults: BatchDefaults) -> Iterator[BatchItem]:
    if format_name == "toml":
        yield from _read_toml(source, defaults)
        return
    with io.TextIOWrapper(source, encoding="utf-8-sig", errors="replace", newline="") as text:
        if format_name in ("csv", "tsv"):
            yield from _read_table(text, "\t" if format_name == "tsv" else ",", defaults)
        else:
            yield from _read_lines(text, format_name, defaults)


def _read_lines(text: io.TextIOWrapper, format_name: str, defaults: BatchDefaults) -> Iterator[BatchItem]:
    if format_name in ("", "lines") and (unknown := [name for name in list_slots(defaults.template) if name != "line"]):
        if format_name:
            raise WrongUse(f"The template names {{{unknown[0]}}}; of lines there is only {{line}}.")
        format_name = "jsonl"
    n = 0
    for line in text:
        line = line.rstrip("\r\n")
        if not line.strip():
            continue
        n += 1
        if not format_name:
            format_name = "jsonl" if line.lstrip().startswith("{") else "lines"
        yield _from_json(n, line, defaults) if format_name == "jsonl" else _from_line(n, line, defaults)


def _from_line(n: int, line: str, defaults: BatchDefaults) -> BatchItem:
    prompt = fill_template(defaults.template, {"line": line}) if defaults.template else line
    return _make_item(n, {"prompt": prompt}, line, defaults)


def _from_json(n: int, line: str, defaults: BatchDefaults) -> BatchItem:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "it cannot be read"
        return _refuse(n, line, defaults, f"Prompt {n} is not JSON: {reason}.")
    if isinstance(found, str):
        found = {"prompt": found}
    if not isinstance(found, dict):
        return _refuse(n, line, defaults, f"Prompt {n} is no JSON object.")
    found = _unwrap(found)
    if defaults.template:
        try:
            found["prompt"] = fill_template(defaults.template, found)
        except ValueError as error:
            return _refuse(n, line, defaults, f"Prompt {n} cannot be asked: {error}.", found.get("id"))
    return _make_item(n, found, line, defaults)


def _unwrap(found: dict[str, Any]) -> dict[str, Any]:
    """Take the lines of OpenAI's batch files (API reference, "Batch", 2026-11) too: the request stands in `body`."""
    body = found.get("body")
    if not isinstance(body, dict) or "custom_id" not in found:
        return found
    known = {name: body[name] for name in ("model", "messages") if name in body}
    params = {name: value for name, value in body.items() if name not in ("model", "messages", "stream")}
    return {"id": found["custom_id"], "params": params} | known


def _read_table(text: io.TextIOWrapper, delimiter: str, defaults: BatchDefaults) -> Iterator[BatchItem]:
    csv.field_size_limit(_MAX_FIELD)
    rows = csv.DictReader(text, delimiter=delimiter)
    try:
        names = [name.strip() for name in rows.fieldnames or []]
        rows.fieldnames = names
        missing = [name for name in list_slots(defaults.template) if name not in names]
        if missing:
            raise WrongUse(f"The template names {{{missing[0]}}}; the columns are: {', '.join(names)}.")
        if not defaults.template and "prompt" not in names:
            raise WrongUse("There is no column prompt. Say with --template how a prompt is made from the columns.")
        for n, row in enumerate(rows, start=1):
            cells = {name: value for name, value in row.items() if isinstance(name, str) and value is not None}
            if complaint := _check_row(row, cells, names, defaults):
                problem = f"Prompt {n}, line {rows.line_num} of the table, cannot be asked: {complaint}."
                yield _refuse(n, json.dumps(cells), defaults, problem, cells.get("id"))
                continue
            # Under a template any column may be called anything, but an id is an id.
            taken = ("id",) if defaults.template else ("id", "prompt", "model", "system")
            found = {name: cells[name] for name in taken if cells.get(name)}
            if defaults.template:
                found["prompt"] = fill_template(defaults.template, cells)
            yield _make_item(n, found, json.dumps(cells), defaults)
    except csv.Error as error:
        raise WrongUse(f"The table cannot be read at line {rows.line_num}: {error}.") from error


def _check_row(
    row: Mapping[str | None, object], cells: Mapping[str, str], names: Sequence[str], defaults: BatchDefaults
) -> str:
    """What is wrong with the number of its cells; empty for nothing."""
    if None in row:
        return f"it has more cells than the first row ({len(names)}); what holds a delimiter goes in quotes"
    wanted = list_slots(defaults.template) if defaults.template else ["prompt"]
    missing = next((name for name in wanted if name not in cells), None)
    return "" if missing is None else f"it ends before the column {missing}"


def _read_toml(source: BinaryIO, defaults: BatchDefaults) -> Iterator[BatchItem]:
    data = source.read(_MAX_TOML + 1)
    if len(data) > _MAX_TOML:
        raise WrongUse("A TOML file is read whole and may have 64 MB. Use JSONL for more.")
    try:
        table = tomllib.loads(data.decode().removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise WrongUse(f"The TOML file cannot be read: {error}.") from error
    prompts = table.pop("prompts", None)
    if not isinstance(prompts, list):
        raise WrongUse("There is no [[prompts]] in the TOML file.")
    for n, prompt in enumerate(prompts, start=1):
        source_text = json.dumps(prompt, default=str)
        if isinstance(prompt, str):
            prompt = {"prompt": prompt}
        if not isinstance(prompt, dict):
            yield _refuse(n, source_text, defaults, f"Prompt {n} is no table.")
            continue
        shared: dict[str, Any] = {name: table[name] for name in ("model", "system", "params") if name in table}
        yield _make_item(n, shared | prompt, source_text, defaults)


def _make_item(n: int, found: Mapping[str, Any], source: str, defaults: BatchDefaults) -> BatchItem:
    try:
        turns, system = _read_turns(found.get("prompt"), found.get("messages"))
        params = found.get("params", {})
        if not isinstance(params, dict):
            raise ValueError("params is no table")
        for name, value in params.items():
            if complaint := check_param(name, value):
                raise ValueError(f"{name}: {complaint}")
        return BatchItem(
            n,
            defaults.qualify(_text(found, "model")) or defaults.model,
            turns,
            _text(found, "system") or system or defaults.system,
            {**defaults.params, **params},
            None if found.get("id") is None else str(found["id"]),
        )
    except ValueError as error:
        return _refuse(n, source, defaults, f"Prompt {n} cannot be asked: {error}.", found.get("id"))


def _text(found: Mapping[str, Any], name: str) -> str:
    value = found.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"{name} is no text")
    return value


def _read_turns(prompt: object, messages: object) -> tuple[tuple[Turn, ...], str]:
    if messages is None:
        if not isinstance(prompt, str) or not prompt.strip():
            raise ValueError("it has no prompt")
        return (Turn(Role.USER, prompt),), ""
    return read_messages(messages)


def _refuse(n: int, source: str, defaults: BatchDefaults, problem: str, item_id: object = None) -> BatchItem:
    name = None if item_id is None else str(item_id)
    return BatchItem(n, defaults.model, id=name, problem=problem, source=source)


def open_input(path: Path | None) -> BinaryIO:
    """Open a file of prompts, or standard input for `None`. Raises WrongUse."""
    if path is None:
        if sys.stdin is None:
            raise WrongUse("Standard input is closed.")
        # A reader of its own: the thread that waits in it must not keep Python from closing `sys.stdin` at the end.
        return open(sys.stdin.fileno(), "rb", closefd=False)
    try:
        return path.open("rb")
    except OSError as error:
        raise WrongUse(f"{path} cannot be read: {error.strerror}.") from error


def count_items(path: Path, format_name: str) -> int | None:
    """Count the prompts of a file without making them; `None` where that would mean to read all of it as a whole."""
    try:
        if format_name in ("csv", "tsv"):
            csv.field_size_limit(_MAX_FIELD)
            with path.open(encoding="utf-8-sig", errors="replace", newline="") as text:
                rows = csv.reader(text, delimiter="\t" if format_name == "tsv" else ",")
                return max(sum(1 for row in rows if row) - 1, 0)
        if format_name == "toml":
            return None
        with path.open("rb") as lines:
            return sum(1 for line in lines if line.strip())
    except (OSError, csv.Error):
        return None
