"""In a session of 10 MB: what a reply of 1,000 tokens a second writes while it streams, and what a save encodes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from chatui.conversation.events import TextDelta
from chatui.conversation.message import Message, Role
from chatui.conversation.session import SessionHeader
from chatui.engine.recorder import CHECKPOINT_SECONDS
from chatui.storage import disk, message_block, session_file
from chatui.storage.session_file import SessionFile
from tests.engine.conftest import SetStage
from tests.engine.fake_provider import STOP, Step
from tests.engine.stage import ID, NOW, Stage, collect, last_message, problems_of

SECONDS = 4
TOKENS_PER_SECOND = 1000
MOST_PER_SECOND = 2_000_000
MESSAGES = 2000
TEXT = "word " * 1000


def _write_session(stage: Stage) -> None:
    with SessionFile.create(stage.path, SessionHeader(ID, NOW, title="Long", model="fake/one")) as file:
        for number in range(1, MESSAGES + 1):
            role = Role.USER if number % 2 else Role.ASSISTANT
            file.put(Message(f"m{number}", role, TEXT, NOW, f"m{number - 1}" if number > 1 else None))
        file.set_active(f"m{MESSAGES}")
        file.save()
    assert stage.path.stat().st_size > 10_000_000


async def test_little_is_written_while_it_streams_and_a_save_encodes_one_message(
    set_stage: SetStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = set_stage([STOP])
    _write_session(stage)
    live = stage.open()
    await live.load_older()
    paths: dict[int, str] = {}
    written: list[tuple[str, int]] = []
    in_loop: list[str] = []
    encoded: list[str] = []

    def watch(name: str) -> None:
        call: Callable[..., Any] = getattr(disk, name)

        def run(*args: Any, **options: Any) -> Any:
            if threading.current_thread() is threading.main_thread():
                in_loop.append(name)
            done = call(*args, **options)
            if name == "open_file":
                paths[done] = args[0].name
            elif name in ("write", "write_pieces"):
                written.append((paths[args[0]], done))
            return done

        monkeypatch.setattr(disk, name, run)

    def encode(message: Message) -> bytes:
        encoded.append(message.id)
        return message_block.encode_message(message)

    for name in (
        "open_file",
        "write",
        "write_pieces",
        "reserve",
        "sync",
        "sync_folder",
        "rename",
        "unlink",
        "truncate",
        "read_at",
        "list_folder",
    ):
        watch(name)
    monkeypatch.setattr(session_file, "encode_message", encode)
    script: list[Step] = []
    per_checkpoint = round(TOKENS_PER_SECOND * CHECKPOINT_SECONDS)
    for number in range(SECONDS * TOKENS_PER_SECOND):
        script.append(TextDelta(f"w{number:05}“\n"))
        if (number + 1) % per_checkpoint == 0:
            # As the timer does after so long.
            script.append(live._recorder._flush)
    stage.provider.attempts = [[*script, STOP]]
    assert problems_of(await collect(live.send("?"))) == []
    assert in_loop == []
    assert encoded == [f"m{MESSAGES + 1}", f"m{MESSAGES + 2}"]
    sizes = [size for name, size in written if name == stage.checkpoint.name]
    # The whole file is written before the request leaves and after the last delta, and never between.
    names = [name for name, _ in written]
    first = names.index(stage.checkpoint.name)
    assert names[first : first + len(sizes)] == [stage.checkpoint.name] * len(sizes)
    assert len(sizes) <= 1 + SECONDS / CHECKPOINT_SECONDS
    text = last_message(live).text
    assert len(text) == SECONDS * TOKENS_PER_SECOND * 8
    assert sum(sizes) <= MOST_PER_SECOND * SECONDS
    # In truth little more than the text itself: escapes, and a line or two around each block.
    assert sum(sizes) <= 1.2 * len(text.encode()) + 100 * len(sizes)
