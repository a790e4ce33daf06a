"""Images that go along with a prompt of `chatui ask`, as a program."""

from __future__ import annotations

import base64
import hashlib
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.cli.stage import ServerThread, execute, saved_sessions

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
UNKNOWN = (
    "chatui: Whether env/big-1 takes images is not known; it was asked with the image. "
    'Say it in the config: images = true in [providers.env.models."big-1"], or false.\n'
)


@pytest.fixture
def cat(tmp_path: Path) -> Path:
    """An image."""
    path = tmp_path / "my cat.png"
    path.write_bytes(PNG)
    return path


def set_images(environ: dict[str, str], value: str) -> None:
    """Say in the config whether the model takes images."""
    config = Path(environ["CHATUI_HOME"]) / "config" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f'[providers.env.models."big-1"]\nimages = {value}\n')


def contents(server: ServerThread, number: int) -> list[Any]:
    """What the messages of a request hold."""
    return [message["content"] for message in server.server.requests[number].json["messages"]]


def test_an_image_is_sent_kept_and_sent_again_in_later_turns(
    server: ServerThread, environ: dict[str, str], cat: Path
) -> None:
    set_images(environ, "true")
    server.reply("A cat.")
    server.reply("Sure.")
    first = execute(environ, "ask", "-f", str(cat), "What is this?")
    assert (first.code, first.out, first.err) == (0, "A cat.", "")
    cat.unlink()
    assert execute(environ, "ask", "-c", "Sure?").out == "Sure."
    shown = [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{base64.b64encode(PNG).decode()}"}},
    ]
    assert contents(server, 0) == [shown]
    assert contents(server, 1) == [shown, "A cat.", "Sure?"]

    (session,) = saved_sessions(environ)
    (attached,) = tomllib.loads(session.read_text())["messages"][0]["attachments"]
    digest = hashlib.sha256(PNG).hexdigest()
    assert attached == {"name": "my cat.png", "type": "image/png", "size": len(PNG), "hash": digest}
    kept = session.parents[1] / "attachments" / f"{digest}.png"
    assert (kept.read_bytes(), kept.stat().st_mode & 0o777) == (PNG, 0o600)
    shown_session = execute(environ, "sessions", "show", session.stem).out
    assert "*attached: my cat.png (PNG, 264 bytes)*" in shown_session


def test_text_and_images_go_together_and_an_image_may_be_piped_in(
    server: ServerThread, environ: dict[str, str], cat: Path, tmp_path: Path
) -> None:
    set_images(environ, "true")
    (tmp_path / "notes.txt").write_text("a note")
    server.reply("Fine.")
    argv = ("ask", "Compare", "-f", str(tmp_path / "notes.txt"), "--file", str(cat))
    assert execute(environ, *argv, stdin=b"GIF89a\0").code == 0
    ((text, piped, image),) = contents(server, 0)
    assert text == {"type": "text", "text": "Compare\n\n`notes.txt`:\n\n```txt\na note\n```"}
    assert piped["image_url"]["url"].startswith("data:image/gif;base64,")
    assert image["image_url"]["url"].startswith("data:image/png;base64,")


def test_a_model_that_takes_none_is_not_asked_and_nothing_is_kept(
    server: ServerThread, environ: dict[str, str], cat: Path
) -> None:
    set_images(environ, "false")
    ran = execute(environ, "ask", "-f", str(cat), "What is this?")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "chatui: env/big-1 takes no images. Choose another model; if this one does take them, set images = true in "
        '[providers.env.models."big-1"] in the config.\n'
    )
    assert server.server.requests == []
    assert saved_sessions(environ) == []


def test_where_nobody_knows_it_is_tried_and_told(server: ServerThread, environ: dict[str, str], cat: Path) -> None:
    server.reply("A cat.")
    ran = execute(environ, "ask", "--no-save", "-f", str(cat), "What is this?")
    assert (ran.code, ran.out, ran.err) == (0, "A cat.", UNKNOWN)
    assert not (Path(environ["CHATUI_HOME"]) / "data").exists()


def test_an_image_that_is_too_large_is_told(environ: dict[str, str], tmp_path: Path) -> None:
    huge = tmp_path / "huge.jpg"
    with huge.open("wb") as file:
        file.write(b"\xff\xd8\xff")
        file.truncate(20 * 2**20 + 1)
    ran = execute(environ, "ask", "-f", str(huge), "What is this?")
    assert (ran.code, ran.err) == (2, f"chatui: {huge} is an image of more than 20 MB. Make it smaller.\n")
