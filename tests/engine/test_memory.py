"""What is remembered between runs."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from chatui.engine.memory import MAX_RECENT_MODELS, Memory
from chatui.storage.prompt_history import PromptHistory
from chatui.storage.state import load_state
from tests.engine.sick_disk import SickDisk


@pytest.fixture
def state_file(tmp_path: Path) -> Path:
    return tmp_path / "state.toml"


def _make(state_file: Path) -> Memory:
    return Memory(state_file, PromptHistory(state_file.with_name("prompts")))


async def test_theme_sidebar_and_models_are_there_at_the_next_start(state_file: Path) -> None:
    memory = _make(state_file)
    assert await memory.remember_theme("dusk") is None
    assert await memory.remember_sidebar(False) is None
    assert await memory.remember_model("fake/one") is None
    state = _make(state_file).state
    assert (state.theme, state.sidebar, state.recent_models) == ("dusk", False, ("fake/one",))


async def test_the_model_used_last_comes_first(state_file: Path) -> None:
    memory = _make(state_file)
    for number in range(MAX_RECENT_MODELS + 3):
        await memory.remember_model(f"fake/{number}")
    await memory.remember_model("fake/5")
    recent = memory.state.recent_models
    assert recent[:2] == ("fake/5", f"fake/{MAX_RECENT_MODELS + 2}")
    assert len(set(recent)) == len(recent) == MAX_RECENT_MODELS


async def test_what_does_not_change_is_not_written(state_file: Path) -> None:
    assert await _make(state_file).remember_sidebar(True) is None
    assert not state_file.exists()


async def test_changes_that_come_together_all_reach_the_disk(state_file: Path) -> None:
    memory = _make(state_file)
    themes = [memory.remember_theme(f"theme-{number}") for number in range(20)]
    await asyncio.gather(*themes, memory.remember_sidebar(False))
    assert load_state(state_file) == memory.state
    assert (memory.state.theme, memory.state.sidebar) == ("theme-19", False)


async def test_a_state_that_cannot_be_saved_is_told_and_holds_until_the_end(
    state_file: Path, sick_disk: SickDisk
) -> None:
    memory = _make(state_file)
    sick_disk.refused = {"rename"}
    problem = await memory.remember_theme("dusk")
    assert problem is not None
    assert str(state_file) in problem
    assert memory.state.theme == "dusk"


async def test_prompts_come_back_oldest_first(state_file: Path) -> None:
    before = _make(state_file)
    for prompt in ("one", "two", "two", "three\nlines"):
        assert await before.remember_prompt(prompt) is None
    assert before.prompts == ["one", "two", "three\nlines"]
    memory = _make(state_file)
    assert memory.prompts == []
    assert await memory.load_prompts() is None
    assert memory.prompts == before.prompts


async def test_a_prompt_sent_while_the_others_are_read_comes_after_them(state_file: Path) -> None:
    before = _make(state_file)
    await before.remember_prompt("old")
    memory = _make(state_file)
    await asyncio.gather(memory.load_prompts(), memory.remember_prompt("new"))
    assert memory.prompts == ["old", "new"]


async def test_prompts_that_cannot_be_read_or_written_are_told(state_file: Path, sick_disk: SickDisk) -> None:
    await _make(state_file).remember_prompt("old")
    memory = _make(state_file)
    sick_disk.refused = {"open_file"}
    problem = await memory.load_prompts()
    assert problem is not None
    assert "prompts" in problem
    assert await memory.remember_prompt("new") == problem
    assert memory.prompts == ["new"]
