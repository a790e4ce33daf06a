"""What the tests of the command line share."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from chatui.providers.local import FoundServer
from tests.cli.stage import ServerThread


@pytest.fixture(autouse=True)
def _no_input(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing is piped in."""
    with Path(os.devnull).open() as nothing:
        monkeypatch.setattr("sys.stdin", nothing)
        yield


@pytest.fixture(autouse=True)
def local_servers(monkeypatch: pytest.MonkeyPatch) -> list[FoundServer]:
    """The servers that a look around this machine finds; none where a test adds none."""
    found: list[FoundServer] = []

    async def probe(environ: Mapping[str, str]) -> list[FoundServer]:
        return found

    for module in ("chatui.providers.local", "chatui.cli.checkup", "chatui.cli.models_command"):
        monkeypatch.setattr(f"{module}.probe_local_servers", probe)
    return found


@pytest.fixture
def server() -> Iterator[ServerThread]:
    """A scripted server."""
    with ServerThread() as thread:
        yield thread


@pytest.fixture
def bare(home: Path) -> dict[str, str]:
    """An environment in which nothing is set up."""
    return {"HOME": str(home), "CHATUI_HOME": str(home / "chatui")}


@pytest.fixture
def environ(bare: dict[str, str], server: ServerThread) -> dict[str, str]:
    """An environment that names the server, a key and a model."""
    named = {"CHATUI_BASE_URL": server.base_url, "CHATUI_API_KEY": "sk-test-4711-abcdef", "CHATUI_MODEL": "big-1"}
    return bare | named


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    """A file of twenty prompts, for a batch."""
    path = tmp_path / "prompts.txt"
    path.write_text("".join(f"Prompt {n}\n" for n in range(1, 21)))
    return path


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    """Where the results of a batch go."""
    return tmp_path / "answers.jsonl"
