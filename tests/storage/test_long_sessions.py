"""Long sessions: 2,000 messages of 5 KB each, opened, grown and saved within their times."""

from __future__ import annotations

import asyncio
import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest

from chatui.conversation.continued import add_part
from chatui.conversation.conversation import Conversation
from chatui.conversation.events import Loaded, Started
from chatui.conversation.message import Message, Part, Status
from chatui.storage import message_block, session_file
from chatui.storage.checkpoint import Checkpoint, checkpoint_path
from chatui.storage.paths import find_places, make_private_dir
from chatui.storage.session_file import SessionFile
from chatui.storage.shelf import Shelf
from tests.storage.samples import CREATED, make_dialogue, make_header, make_reply

MESSAGES = 2000
SIZE = 10_000_000
OPENED = 2.0
"""Seconds, on a machine that does nothing else; doubled here, where other tests run too."""


@pytest.fixture(scope="module")
def long_session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sessions") / "20261123-104233-k3f9.toml"
    file = SessionFile.create(path, make_header())
    dialogue = make_dialogue(MESSAGES, "word " * (SIZE // MESSAGES // 5))
    for number, message in enumerate(dialogue):
        if number % 100 == 1:
            # Continued replies are in our own form too, so they do not slow the reading down.
            cut = replace(message, status=Status.INTERRUPTED)
            dialogue[number] = add_part(cut, Part(len(cut.text), "demo/guide", CREATED), " and more")
        file.put(dialogue[number])
    file.set_active(dialogue[-1].id)
    file.save()
    return path


def test_everything_is_read_in_time(long_session: Path) -> None:
    assert long_session.stat().st_size >= SIZE
    began = time.process_time()
    with SessionFile.open(long_session) as file:
        first_words = time.process_time() - began
        conversation = Conversation()
        conversation.apply(Loaded(file.tail))
        conversation.activate(file.active)
        conversation.apply(Loaded(file.load_rest()))
    assert len(conversation) == MESSAGES
    assert time.process_time() - began <= 2 * OPENED
    assert first_words <= 0.2


def test_a_reply_that_a_crash_cut_is_adopted_in_time(long_session: Path, tmp_path: Path) -> None:
    shelf = Shelf(find_places({"CHATUI_HOME": str(tmp_path)}, tmp_path))
    path = shelf.new_session_path(long_session.stem)
    make_private_dir(path.parent)
    shutil.copy(long_session, path)
    checkpoint = Checkpoint.open(checkpoint_path(path), Started("m9999", f"m{MESSAGES}", "demo/guide", CREATED))
    for number in range(2000):
        checkpoint.append(text=f"word {number} ")
    checkpoint.close()
    began = time.process_time()
    opened = shelf.open_session(path.stem)
    assert time.process_time() - began <= 2 * OPENED
    opened.file.close()
    assert opened.adopted
    reply = opened.session.conversation.message("m9999")
    assert (reply.status, reply.text[-10:]) == (Status.INTERRUPTED, "word 1999 ")
    assert [name.name for name in path.parent.iterdir()] == [path.name]


def test_saving_one_more_encodes_nothing_else(long_session: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoded: list[str] = []

    def encode(message: Message) -> bytes:
        encoded.append(message.id)
        return message_block.encode_message(message)

    monkeypatch.setattr(session_file, "encode_message", encode)
    with SessionFile.open(long_session) as file:
        file.put(make_reply("m9999", "One more.", f"m{MESSAGES}"))
        file.save()
    assert encoded == ["m9999"]


async def test_the_loop_turns_while_a_long_session_is_saved(long_session: Path) -> None:
    with SessionFile.open(long_session) as file:
        file.load_rest()
        file.put(make_reply("m9999", "Another one more.", f"m{MESSAGES}"))
        longest, before = 0.0, time.perf_counter()
        saving = asyncio.create_task(asyncio.to_thread(file.save))
        while not saving.done():
            await asyncio.sleep(0)
            now = time.perf_counter()
            longest, before = max(longest, now - before), now
        await saving
    # 5 ms are promised of a machine that does nothing else.
    assert longest < 0.1
