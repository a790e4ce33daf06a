"""A session on a real disk that is too small, or read-only: nothing that was saved is damaged, nothing new is lost."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatui.conversation.message import Status
from tests.crash.small_disk import PAGE, SmallDisk, mount_small_disk
from tests.engine.conftest import SetStage
from tests.engine.fake_provider import FakeProvider, Step, say
from tests.engine.stage import Stage, collect, last_message, messages_of, problems_of, status_of, wait_for_writes

LONG = "word " * 1500
"""Two pages: a reply that does not fit where one page is left."""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with mount_small_disk(tmp_path / "small", 40 * PAGE) as disk:
        yield disk


def _check_files(stage: Stage, texts: list[str]) -> None:
    """All that lies there is TOML, nothing is left behind, and what was saved is there."""
    assert not list(stage.places.sessions.glob(".*"))
    for path in stage.places.sessions.iterdir():
        tomllib.loads(path.read_text())
    assert [message.text for message in stage.read()][: len(texts)] == texts


async def test_at_whichever_page_the_disk_is_full_nothing_is_damaged_and_all_is_saved_when_there_is_room(
    set_stage: SetStage, small_disk: SmallDisk
) -> None:
    seen = set()
    for pages in range(9):
        script: list[Step] = [lambda left=pages: small_disk.fill(left), *say(LONG, LONG)]  # type: ignore[misc]
        stage = set_stage(say("One."), script, say("Three."), folder=f"small/{pages}")
        live = stage.make()
        assert problems_of(await collect(live.send("?"))) == []
        events = await collect(live.send("And?"))
        assert status_of(events) is Status.COMPLETE
        seen.add(bool(problems_of(events)))
        assert all("No space left" in problem or "disk is full" in problem for problem in problems_of(events))
        assert last_message(live).text == LONG * 2
        _check_files(stage, ["?", "One.", "And?"])
        # A prompt that cannot be saved is asked all the same, and is not lost either.
        assert status_of(await collect(live.send("Then?"))) is Status.COMPLETE
        _check_files(stage, ["?", "One.", "And?"])
        small_disk.free()
        assert await live.rename("There is room") is None
        assert stage.read() == messages_of(live)
        await live.aclose()
        assert [path.name for path in stage.places.sessions.iterdir()] == [stage.path.name]
        stage.path.unlink()
    # Some of the sizes refused, some did not.
    assert seen == {False, True}


async def test_a_disk_that_fills_up_and_is_freed_in_mid_reply_gets_every_word(
    set_stage: SetStage, small_disk: SmallDisk
) -> None:
    first, second = asyncio.Event(), asyncio.Event()
    stage = set_stage([*say(LONG)[:-1], first, *say(LONG)[:-1], second, *say("end")], folder="small/mid")
    live = stage.make()
    task = asyncio.create_task(collect(live.send("?")))
    await stage.provider.waits.wait()
    stage.provider.waits.clear()
    small_disk.fill()
    live._recorder._flush()
    await wait_for_writes(live)
    first.set()
    await stage.provider.waits.wait()
    live._recorder._flush()
    await wait_for_writes(live)
    small_disk.free()
    live._recorder._flush()
    second.set()
    (problem, *more) = problems_of(await task)
    assert "Free some space" in problem
    assert more == []
    assert stage.read() == messages_of(live)
    assert last_message(live).text == LONG + LONG + "end"


async def test_a_folder_that_turns_read_only_is_told_and_gets_all_when_it_may_be_written_again(
    set_stage: SetStage, small_disk: SmallDisk
) -> None:
    provider = FakeProvider(say("One."), say("Two."))
    stage = set_stage(provider=provider, folder="home")
    # Locks lie elsewhere, as they do where only the data is on another disk.
    small_disk.folder.chmod(0o700)
    stage.places.sessions.parent.mkdir(parents=True)
    stage.places.sessions.symlink_to(small_disk.folder)
    live = stage.make()
    assert problems_of(await collect(live.send("?"))) == []
    saved = stage.path.read_bytes()
    small_disk.forbid_writing()
    problems = problems_of(await collect(live.send("And?")))
    assert problems
    assert all("read-only" in problem.lower() for problem in problems)
    assert last_message(live).text == "Two."
    assert [path.name for path in small_disk.folder.iterdir()] == [stage.path.name]
    assert stage.path.read_bytes() == saved
    small_disk.allow_writing()
    assert await live.rename("Writable") is None
    assert stage.read() == messages_of(live)
