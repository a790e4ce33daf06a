"""Ways out: each with its exit code, each leaves the terminal as it was."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from pathlib import Path

import pytest

from tests.process.terminal import PATIENCE, Terminal, run

DEMO = ("-m", "demo/guide")


async def _stream(terminal: Terminal) -> None:
    await terminal.sees("Message demo/guide")
    terminal.send("/demo slow", "enter")
    await terminal.sees("streaming")


async def test_ctrl_q_ends_with_0_and_gives_the_terminal_back(tmp_path: Path) -> None:
    async with run(*DEMO, home=tmp_path) as terminal:
        await terminal.sees("Message demo/guide", "ready")
        terminal.send("ctrl+q")
        assert await terminal.ended() == 0
        assert terminal.is_restored


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)],
    ids=["SIGTERM", "SIGHUP", "SIGINT"],
)
async def test_a_signal_ends_with_its_code_keeps_the_reply_and_gives_the_terminal_back(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    async with run(*DEMO, home=tmp_path) as terminal:
        await _stream(terminal)
        terminal.signal(number)
        assert await terminal.ended() == code
        assert terminal.is_restored
        assert b"Traceback" not in terminal.raw
    (session,) = (tmp_path / "data" / "sessions").glob("*.toml")
    assert 'status = "cancelled"' in session.read_text()


async def test_a_signal_during_the_start_leaves_the_terminal_as_it_was(tmp_path: Path) -> None:
    async with run(*DEMO, home=tmp_path) as terminal:
        await terminal.until(lambda: b"\x1b[?1000h" in terminal.raw)
        terminal.signal(signal.SIGTERM)
        assert await terminal.ended() == 143
        assert terminal.is_restored


async def test_a_closed_window_ends_the_program_and_keeps_the_reply(tmp_path: Path) -> None:
    async with run(*DEMO, home=tmp_path) as terminal:
        await _stream(terminal)
        terminal.hang_up()
        assert await terminal.process.wait() in (129, -signal.SIGHUP)
    (session,) = (tmp_path / "data" / "sessions").glob("*[0-9a-z].toml")
    assert "/demo slow" in session.read_text()


async def test_a_closed_window_is_not_waited_for(tmp_path: Path) -> None:
    async with run(*DEMO, home=tmp_path) as terminal:
        await terminal.sees("Message demo/guide", "ready")
        terminal.hang_up()
        # The kernel wakes whom it tells of the end of a terminal; Textual would take that for the end of a suspension.
        with contextlib.suppress(ProcessLookupError):
            terminal.signal(signal.SIGCONT)
        async with asyncio.timeout(PATIENCE):
            assert await terminal.process.wait() in (129, -signal.SIGHUP)


async def test_ctrl_c_stops_the_reply_and_then_asks_before_quitting(tmp_path: Path) -> None:
    async with run(*DEMO, home=tmp_path) as terminal:
        await _stream(terminal)
        terminal.send("ctrl+c")
        await terminal.sees("— stopped")
        terminal.send("ctrl+c")
        await terminal.sees("Quit?")
        terminal.send("y")
        assert await terminal.ended() == 0
        assert terminal.is_restored
