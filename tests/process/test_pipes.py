"""Text piped into the screen, and terminals that are not there."""

from __future__ import annotations

import asyncio
import fcntl
import os
import sys
import termios
from pathlib import Path

from tests.process.terminal import ROOT, make_environ, run

DEMO = ("-m", "demo/guide")


def _pipe_in(text: bytes) -> int:
    source, sink = os.pipe()
    os.write(sink, text)
    os.close(sink)
    return source


async def test_piped_text_waits_in_the_prompt_and_keys_come_from_the_terminal(tmp_path: Path) -> None:
    source = _pipe_in("two lines\nof Größe\n".encode())
    async with run(*DEMO, home=tmp_path, stdin=source, is_tty=(1, 2)) as terminal:
        os.close(source)
        await terminal.sees("❯ two lines", "of Größe")
        terminal.send(" and more")
        await terminal.sees("of Größe and more")
        terminal.send("ctrl+q")
        assert await terminal.ended() == 0
        assert terminal.is_restored


async def test_a_large_piped_text_becomes_a_chip_at_once(tmp_path: Path) -> None:
    text = tmp_path / "large"
    text.write_bytes(b"a line of text\n" * 70_000)
    source = os.open(text, os.O_RDONLY)
    async with run(*DEMO, home=tmp_path, stdin=source, is_tty=(1, 2)) as terminal:
        os.close(source)
        await terminal.sees("[pasted 1.0 MB")
        terminal.send("ctrl+q")
        assert await terminal.ended() == 0


async def test_standard_output_may_go_elsewhere(tmp_path: Path) -> None:
    async with run(*DEMO, home=tmp_path, is_tty=(0, 2)) as terminal:
        await terminal.sees("Message demo/guide")
        terminal.send("ctrl+q")
        assert await terminal.ended() == 0


async def test_ctrl_c_while_a_pipe_is_read_ends_with_130_and_no_traceback(tmp_path: Path) -> None:
    source, sink = os.pipe()
    try:
        async with run(*DEMO, home=tmp_path, stdin=source, is_tty=(1, 2)) as terminal:
            os.write(sink, b"begun")
            await terminal.until(lambda: _is_read_empty(source))
            terminal.send("ctrl+c")
            assert await terminal.ended() == 130
            assert b"Traceback" not in terminal.raw
            assert b"1049h" not in terminal.raw
    finally:
        os.close(source)
        os.close(sink)


def _is_read_empty(source: int) -> bool:
    waiting = fcntl.ioctl(source, termios.FIONREAD, b"\0" * 4)
    return int.from_bytes(waiting, sys.byteorder) == 0


async def test_without_a_terminal_a_sentence_and_exit_code_2(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "chatui", *DEMO),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
        cwd=ROOT,
        env=make_environ(tmp_path),
    )
    out, err = await process.communicate()
    assert process.returncode == 2
    assert out == b""
    assert err.startswith(b"chatui: ")
    assert err.count(b"\n") == 1
    assert b"terminal" in err


async def test_an_error_before_the_screen_is_one_line_on_the_terminal(tmp_path: Path) -> None:
    async with run("-r", "no such title", home=tmp_path) as terminal:
        assert await terminal.ended() == 2
        assert terminal.text.startswith("chatui: No session fits")


async def test_the_version_is_there_at_once(tmp_path: Path) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with run("--version", home=tmp_path) as terminal:
        assert await terminal.ended() == 0
    assert loop.time() - began <= 2
    assert "chatui" in terminal.text
