"""A folder of sessions in which nearly everything lies that may lie there, and one good session."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

GOOD = "20261101-000001-good"
TEXT = f"""format = 1
id = "{GOOD}"
title = "Good one"
created = 2026-11-01T00:00:01Z
model = "demo/guide"
active = "m2"

[[messages]]
id = "m1"
role = "user"
created = 2026-11-01T00:00:01Z
text = "Hi, good one"

[[messages]]
id = "m2"
parent = "m1"
role = "assistant"
status = "complete"
created = 2026-11-01T00:00:02Z
model = "demo/guide"
text = "Hello."
"""
BYTES: dict[str, bytes] = {
    "empty": b"",
    "binary": bytes(range(256)) * 12,
    "truncated": TEXT.encode()[:-12],
    "doubled": TEXT.encode() * 2,
    "foreign": b"[tool]\nname = 'x'\n",
    "zero": TEXT.encode() + b"\0",
    "utf16": TEXT.encode("utf-16"),
    "half-a-character": TEXT.encode() + b'[[messages]]\nid = "m3"\nrole = "user"\ntext = "\xf0\x9f"\n',
    "list-of-none": b"format = 1\nmessages = 3\n",
}
"""By the last part of the id: files that are no sessions that can be read."""
TOLD = {
    "huge": "larger than",
    "fifo": "not a regular file",
    "folder": "not a regular file",
    "link": "symbolic link",
    "dangling": "symbolic link",
    "outside": "symbolic link",
    "loop": "symbolic link",
    "newer": "newer chatui",
    **dict.fromkeys(BYTES, "not a session that can be read"),
}
"""What is said of each."""
READABLE = {"newer"}
OWN_NAMES = ("My Notes.toml", "-dash.toml", "Ünï.toml", "CON.toml")
"""Names that no session has."""


@dataclass(frozen=True)
class OddFolder:
    """Where it lies, and what lies there."""

    sessions: Path
    outside: Path

    def path(self, kind: str) -> Path:
        """The file of a kind."""
        return self.sessions / f"{self.id(kind)}.toml"

    def id(self, kind: str) -> str:
        """Its id."""
        return f"20261102-000000-{kind}"

    def look(self) -> dict[str, object]:
        """All that lies there, byte for byte where there are bytes."""
        found: dict[str, object] = {self.outside.name: self.outside.read_bytes()}
        for path in self.sessions.iterdir():
            if path.is_symlink():
                found[path.name] = path.readlink()
            elif path.is_file() and path.stat().st_size < 1_000_000:
                found[path.name] = path.read_bytes()
            else:
                kept = path.stat()
                found[path.name] = (kept.st_mode, kept.st_ino, kept.st_size)
        return found


def make_odd_folder(home: Path) -> OddFolder:
    """Fill the sessions of a `CHATUI_HOME`."""
    sessions = home / "data" / "sessions"
    sessions.mkdir(parents=True)
    odd = OddFolder(sessions, home / "outside.toml")
    odd.outside.write_text(TEXT)
    (sessions / f"{GOOD}.toml").write_text(TEXT)
    for kind, data in BYTES.items():
        odd.path(kind).write_bytes(data)
    odd.path("huge").write_text(TEXT)
    os.truncate(odd.path("huge"), 300 * 1024 * 1024)
    os.mkfifo(odd.path("fifo"))
    odd.path("folder").mkdir()
    odd.path("link").symlink_to(f"{GOOD}.toml")
    odd.path("dangling").symlink_to("nowhere.toml")
    odd.path("outside").symlink_to(odd.outside)
    odd.path("loop").symlink_to(odd.path("loop").name)
    odd.path("newer").write_text(TEXT.replace("format = 1", "format = 9"))
    for name in OWN_NAMES:
        (sessions / name).write_text(TEXT)
    return odd
