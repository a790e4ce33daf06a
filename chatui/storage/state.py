"""What the app remembers by itself between two starts: `state.toml`. Losing it costs comfort, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from chatui.storage.errors import StorageError
from chatui.storage.regular_file import RegularFile, read_stamp
from chatui.storage.toml_text import TomlError, parse_toml, take


@dataclass(frozen=True)
class State:
    """What is remembered. Replaced whole when something in it changes."""

    theme: str = ""
    """Name of the theme chosen last; empty: the default."""
    sidebar: bool = True
    """Whether the sidebar is shown."""
    recent_models: tuple[str, ...] = ()
    """`provider/model` names, the one used last first."""
    last_session: str = ""
    """Id of the session that was open last; empty: none."""
    refused_fields: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Optional fields of a request that a provider, or a `provider/model`, does not take, each with the field that
    carries its value instead; an empty name leaves it out."""
    extra: Mapping[str, object] = field(default_factory=dict)
    """Keys of the file that this version does not know; they survive a round trip."""
    problem: str = field(default="", compare=False)
    """What went wrong when it was loaded, in a sentence for the user; not saved."""


def load_state(path: Path) -> State:
    """Load the state; defaults where there is none. Never raises.

    A file that cannot be read as state is renamed to `state.damaged-N.toml`; the state's `problem` says so.
    """
    try:
        if read_stamp(path) is None:
            return State()
        with RegularFile.open(path) as source:
            data = source.read_at(0, source.size)
    except StorageError as error:
        return State(problem=error.reason)
    try:
        return _decode(data)
    except TomlError as error:
        return State(problem=_keep_aside(path, error))


def save_state(path: Path, state: State) -> None:
    """Save the state atomically. Raises StorageError."""
    # Deferred: the start reads only.
    import tomli_w

    # Deferred: as above.
    from chatui.storage.atomic import write_atomic

    table = {
        "theme": state.theme,
        "sidebar": state.sidebar,
        "recent_models": list(state.recent_models),
        "last_session": state.last_session,
        "refused_fields": {name: dict(fields) for name, fields in state.refused_fields.items()},
    }
    rest = {key: value for key, value in state.extra.items() if key not in table}
    write_atomic(path, tomli_w.dumps(table | rest).encode("utf-8", "replace"))


def _decode(data: bytes) -> State:
    table = parse_toml(data)
    recent = take(table, "recent_models", list) or []
    if not all(isinstance(model, str) for model in recent):
        raise TomlError("`recent_models` should be a list of texts in quotes")
    sidebar = take(table, "sidebar", bool)
    refused = take(table, "refused_fields", dict) or {}
    tables = [fields for fields in refused.values() if isinstance(fields, dict)]
    if len(tables) < len(refused) or not all(isinstance(name, str) for fields in tables for name in fields.values()):
        raise TomlError("`refused_fields` should hold tables of texts in quotes")
    return State(
        theme=take(table, "theme", str) or "",
        sidebar=sidebar is not False,
        recent_models=tuple(recent),
        last_session=take(table, "last_session", str) or "",
        refused_fields=refused,
        extra=table,
    )


def _keep_aside(path: Path, error: TomlError) -> str:
    # Deferred: seldom needed.
    from chatui.storage.atomic import move_aside

    reason = f"{path} could not be read: {error.reason}. The defaults hold"
    try:
        aside = move_aside(path, ".damaged")
    except StorageError as failed:
        return f"{reason}. {failed.reason}"
    return f"{reason}; the file is kept as {aside.name}."
