"""The manual of the settings, and the template."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from pathlib import Path

import pytest

from chatui.config.manual import SettingDoc, describe_settings, render_template, write_template
from chatui.config.reading import load_config


def activate(template: str) -> str:
    """Take the comment marks from the settings, not from the prose."""
    return re.sub(r"(?m)^#(?=\S)", "", template)


def test_every_setting_is_described_by_its_docstring() -> None:
    docs = {doc.key: doc for doc in describe_settings()}
    assert docs["providers.NAME.max_retries"] == SettingDoc(
        "providers.NAME.max_retries", "3", "Retries after the first attempt, 0 to 10."
    )
    assert docs["theme"].default == ""
    assert 'providers.NAME.models."ID".price.cached' in docs
    assert not {"sources", "problems", "providers.NAME.name"} & docs.keys()
    assert all(doc.help.endswith(".") and "\n" not in doc.help for doc in docs.values())


def test_the_template_changes_nothing_as_it_is() -> None:
    assert tomllib.loads(render_template()) == {}


def test_the_template_shows_every_setting_with_its_help() -> None:
    template = render_template()
    words = " ".join(re.sub(r"(?m)^# ", "", template).split())
    for doc in describe_settings():
        assert words.count(doc.help) == 1, doc.key
    shown = {("NAME" if part == "work" else part) for part in re.findall(r"(?m)^#(\w+) = ", template)}
    expected = {doc.key.rsplit(".", 1)[-1] for doc in describe_settings()} - {"params", "keys"}
    assert shown == expected | {"temperature"}
    assert "#: " not in template


def test_each_example_of_the_template_is_good(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(activate(render_template()))
    path.chmod(0o600)
    config = load_config(path, {}, {})
    assert config.problems == ()
    assert config.providers["work"].models["big-1"].price is not None
    assert config.keys == {"session.list": "ctrl+o"}


def test_an_example_with_a_default_shows_the_default() -> None:
    work = tomllib.loads(activate(render_template()))["providers"]["work"]
    for doc in describe_settings():
        if doc.default:
            assert tomllib.loads(f"it = {doc.default}")["it"] == work[doc.key.rsplit(".", 1)[-1]], doc.key


def test_the_template_is_written_for_the_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "config.toml"
    assert write_template(path) is True
    assert path.read_text(encoding="utf-8") == render_template()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in path.parents[:2]] == [0o700, 0o700]


def test_a_config_that_is_there_is_never_touched(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("mine")
    assert write_template(path) is False
    assert path.read_text() == "mine"


def test_a_template_that_could_not_be_written_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class FullDisk:
        def __init__(self, handle: int, mode: str) -> None:
            os.close(handle)

        def __enter__(self) -> FullDisk:
            return self

        def __exit__(self, *reason: object) -> None: ...

        def write(self, content: bytes) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fdopen", FullDisk)
    with pytest.raises(OSError, match="No space left"):
        write_template(tmp_path / "config.toml")
    assert list(tmp_path.iterdir()) == []
