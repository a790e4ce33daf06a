"""Writing a config and reading it back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chatui.config.config import Config
from chatui.config.reading import load_config

Write = Callable[[str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a config that only its owner can read."""

    def write(content: str | bytes) -> Path:
        path = tmp_path / "config.toml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        path.chmod(0o600)
        return path

    return write


def read(path: Path | None, environ: dict[str, str] | None = None, **flags: str) -> Config:
    return load_config(path, environ or {}, flags)


def told(config: Config) -> list[str]:
    """The problems without the file's folder."""
    return [str(problem).rsplit("/config.toml:", 1)[-1] for problem in config.problems]
