"""Odd streams as data: read from the TOML files of `streams/`, one table each.

A body is written line by line; a line that begins with `@` stands for whole lines:

    @text WORDS        a chunk with this content (TOML's escapes hold, so a space at its end counts)
    @think WORDS       a chunk with this `reasoning_content`
    @json JSON         an event with this payload
    @finish REASON     a chunk with this finish reason
    @usage IN OUT      a chunk with usage and no choices
    @done              `[DONE]`
    @repeat COUNT X    an event whose data is X so many times
    @blank COUNT       so many blank lines

All other lines are sent as they are, each ended by LF; the last one is not ended where the body's text is not.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.sse_server import Close, Reset, Script, Step

FOLDER = Path(__file__).with_name("streams")


@dataclass(frozen=True)
class OddStream:
    """One stream, and what it has to come to."""

    name: str
    """A sentence."""
    rule: str
    """The promise it tests, such as `S4`."""
    body: bytes
    outcome: str
    """`complete`, `interrupted` or `failed`."""
    text: str = ""
    reasoning: str = ""
    finish: str | None = None
    usage: list[int] | None = None
    """Tokens in and out as the server counted them; `None` where it did not."""
    kind: str | None = None
    says: str = ""
    """What the failure's message holds."""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    end: str = "end"
    """`end` as HTTP asks for, `cut` (closed within the body), `reset`, or `close` (the connection ends the body)."""

    def script(self, pieces: list[bytes]) -> Script:
        """The answer of a server that sends the body in these pieces."""
        steps: list[Step] = [*pieces]
        if self.end == "cut":
            steps.append(Close())
        elif self.end == "reset":
            steps.append(Reset())
        return Script(steps, self.status, self.headers, framing="close" if self.end == "close" else "chunked")


def load_streams() -> list[OddStream]:
    """All of them, in the order of their files."""
    found: list[OddStream] = []
    for path in sorted(FOLDER.glob("*.toml")):
        for table in tomllib.loads(path.read_text(encoding="utf-8"))["stream"]:
            found.append(_make(table))
    return found


def _make(table: dict[str, Any]) -> OddStream:
    body = bytes.fromhex(table.pop("hex")) if "hex" in table else b""
    text = table.pop("body", "")
    ends_line = text.endswith("\n")
    lines = text.split("\n")[: -1 if ends_line else None] if text else []
    for number, line in enumerate(lines):
        is_open = number == len(lines) - 1 and not ends_line
        body += _event(line) if line.startswith("@") else line.encode() + (b"" if is_open else b"\n")
    return OddStream(body=body + bytes.fromhex(table.pop("hex_after", "")), **table)


def _event(line: str) -> bytes:
    word, _, rest = line.partition(" ")
    match word:
        case "@text":
            payload: object = _chunk({"content": rest})
        case "@think":
            payload = _chunk({"reasoning_content": rest})
        case "@finish":
            payload = _chunk({}, rest)
        case "@usage":
            sent, received = rest.split()
            payload = {"choices": [], "usage": {"prompt_tokens": int(sent), "completion_tokens": int(received)}}
        case "@repeat":
            count, text = rest.split()
            return f"data: {text * int(count)}\n\n".encode()
        case "@blank":
            return b"\n" * int(rest)
        case "@done":
            return b"data: [DONE]\n\n"
        case "@json":
            return f"data: {rest}\n\n".encode()
        case _:
            raise ValueError(f"no such event: {line}")
    return f"data: {json.dumps(payload)}\n\n".encode()


def _chunk(delta: dict[str, str], reason: str | None = None) -> dict[str, object]:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": reason}]}
