"""Saved sessions to open: as many messages, or as many files, as asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from chatui.conversation.message import Message, Role
from chatui.conversation.session import SessionHeader
from chatui.conversation.usage import Timing, Usage
from chatui.storage.message_block import encode_header, encode_message
from tests.benchmarks.payloads import make_mixed, make_prose

MODEL = "scripted/benchmark"
_START = datetime(2026, 1, 1, tzinfo=UTC)


def make_messages(count: int) -> list[Message]:
    """Prompts and replies in turn, about 150 words of Markdown each."""
    texts = [make_prose(900, seed) if seed % 2 else make_mixed(900) for seed in range(20)]
    messages: list[Message] = []
    for number in range(count):
        is_reply = number % 2 == 1
        messages.append(
            Message(
                id=f"m{number + 1}",
                role=Role.ASSISTANT if is_reply else Role.USER,
                text=texts[number % len(texts)],
                created=_START + timedelta(seconds=10 * number),
                parent=f"m{number}" if number else None,
                model=MODEL if is_reply else None,
                finish_reason="stop" if is_reply else None,
                usage=Usage(input=1000, output=200) if is_reply else None,
                timing=Timing(first_token=0.4, total=4.0) if is_reply else None,
            )
        )
    return messages


def write_session(home: Path, session_id: str, messages: list[Message]) -> Path:
    """Write a session into a chatui home and return its path."""
    folder = home / "chatui" / "data" / "sessions"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    header = SessionHeader(id=session_id, created=_START, title=f"Session {session_id}", model=MODEL)
    path = folder / f"{session_id}.toml"
    head = encode_header(header, messages[-1].id if messages else None)
    path.write_bytes(head + b"".join(map(encode_message, messages)))
    return path


def write_sessions(home: Path, count: int) -> None:
    """Write many small sessions."""
    messages = make_messages(4)
    for number in range(count):
        at = _START + timedelta(minutes=number)
        write_session(home, f"{at:%Y%m%d-%H%M%S}-{number:04d}", messages)
