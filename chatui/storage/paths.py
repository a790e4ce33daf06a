"""Where things are kept: the four XDG folders of chatui, and the names in them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from chatui.storage import disk
from chatui.storage.errors import StorageError


class Places(NamedTuple):
    """The four folders; none of them needs to exist."""

    config: Path
    """`config.toml` and `themes/`; belongs to the user."""
    data: Path
    """`sessions/`, `attachments/` and `trash/`; what must not be lost."""
    state: Path
    """`log`, `state.toml`, prompt history, locks; what may be lost without harm."""
    cache: Path
    """Derived things, safe to delete."""

    @property
    def config_file(self) -> Path:
        """The user's settings."""
        return self.config / "config.toml"

    @property
    def sessions(self) -> Path:
        """The folder of session files and checkpoints."""
        return self.data / "sessions"

    @property
    def attachments(self) -> Path:
        """The folder of the images that went along with prompts."""
        return self.data / "attachments"

    @property
    def trash(self) -> Path:
        """The folder that deleted sessions go to."""
        return self.data / "trash"

    @property
    def locks(self) -> Path:
        """The folder of lock files."""
        return self.state / "locks"

    @property
    def state_file(self) -> Path:
        """What the app remembers by itself."""
        return self.state / "state.toml"

    @property
    def prompt_history(self) -> Path:
        """The prompts typed last."""
        return self.state / "prompts"

    @property
    def log(self) -> Path:
        """The log file."""
        return self.state / "log"


def find_places(environ: Mapping[str, str], home: Path, data_dir: Path | None = None) -> Places:
    """Find the folders; nothing is made or looked at.

    `CHATUI_HOME` puts all four under one folder, as `config`, `data`, `state` and `cache`; otherwise the XDG variables
    hold (XDG Base Directory Specification 0.8: one that is not absolute is ignored). `data_dir` moves `data` alone.
    """
    data = _absolute(data_dir, home) if data_dir is not None else None
    if own := environ.get("CHATUI_HOME"):
        root = _absolute(Path(own), home)
        return Places(root / "config", data or root / "data", root / "state", root / "cache")

    def base(variable: str, default: str) -> Path:
        given = Path(environ.get(variable, ""))
        return (given if given.is_absolute() else home / default) / "chatui"

    return Places(
        config=base("XDG_CONFIG_HOME", ".config"),
        data=data or base("XDG_DATA_HOME", ".local/share"),
        state=base("XDG_STATE_HOME", ".local/state"),
        cache=base("XDG_CACHE_HOME", ".cache"),
    )


def make_private_dir(path: Path) -> None:
    """Make a folder and those above it that are missing, 0700 each. Raises StorageError."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        try:
            disk.make_dir(folder)
        except OSError as error:
            raise StorageError.from_os(folder, "make the folder", error) from error
    if not path.is_dir():
        raise StorageError(path, f"{path} is a file, but a folder of that name is needed. Move it away.")


def list_names(folder: Path) -> list[str]:
    """The names in a folder, in no order; none for a folder that is not there. Raises StorageError."""
    try:
        return disk.list_folder(folder)
    except OSError as error:
        raise StorageError.from_os(folder, "list", error) from error


def _absolute(path: Path, home: Path) -> Path:
    if path.parts[:1] == ("~",):
        return home.joinpath(*path.parts[1:])
    return path.absolute()
