"""What `chatui ask` does when its reader, its server or its user makes trouble, in this process."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Iterator

import pytest

from chatui.cli.ask_command import _drain
from chatui.cli.stops import Stops
from tests.cli.stage import ServerThread, call
from tests.sse_server import Script, Stall, deltas, finish


class _Output:
    """Standard output that is a pipe of the test's."""

    def __init__(self) -> None:
        self.reading, self.writing = os.pipe()

    def isatty(self) -> bool:
        return False

    def fileno(self) -> int:
        return self.writing

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""


@pytest.fixture
def output() -> Iterator[_Output]:
    """A pipe, to be put in the place of standard output by the test itself: pytest puts its own there before."""
    pipe = _Output()
    yield pipe
    # The end that is read first: a writer that is stuck there gets away.
    for fd in (pipe.reading, pipe.writing):
        os.close(fd)


def _interrupt_after(wait: Callable[[], object]) -> threading.Thread:
    """Press Ctrl-C once something has happened."""

    def interrupt() -> None:
        wait()
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    return thread


def test_ctrl_c_stops_the_reply(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    server.server.add(Script([Stall()]))
    thread = _interrupt_after(server.wait_for_request)
    assert call(capfd, environ, "ask", "Hello").code == 130
    thread.join()


def test_a_reader_that_is_gone_ends_it_quietly(
    server: ServerThread,
    environ: dict[str, str],
    capfd: pytest.CaptureFixture[str],
    output: _Output,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdout", output)
    os.close(output.reading)
    output.reading = os.open(os.devnull, os.O_RDONLY)
    server.server.add(Script([deltas("Hi"), Stall()]))
    ran = call(capfd, environ, "ask", "Hello")
    assert (ran.code, ran.err) == (141, "")


def test_after_ctrl_c_a_stuck_reader_is_not_waited_for(
    server: ServerThread,
    environ: dict[str, str],
    capfd: pytest.CaptureFixture[str],
    output: _Output,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdout", output)
    monkeypatch.setattr("chatui.cli.ask_command._DRAIN_SECONDS", 0.01)
    server.server.add(Script([deltas("x" * 300_000), finish(), Stall()]))
    thread = _interrupt_after(lambda: os.read(output.reading, 1))
    assert call(capfd, environ, "ask", "Hello").code == 130
    thread.join()


def test_silence_is_told_until_the_first_word(
    server: ServerThread,
    environ: dict[str, str],
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    go_on = asyncio.Event()
    server.server.add(Script([go_on, deltas("Hi"), finish()]))
    monkeypatch.setattr("chatui.cli.ask_command.STALL_SECONDS", 0.02)
    told: list[str] = []

    def tell(*sentences: str) -> None:
        told.extend(sentences)
        server.set(go_on)

    monkeypatch.setattr("chatui.cli.ask_command.tell", tell)
    assert call(capfd, environ, "ask", "Hello").out == "Hi"
    assert told[0] == "no text for 0 s; still waiting, Ctrl-C stops"


def test_nothing_is_told_within_a_line_on_a_terminal(
    server: ServerThread,
    environ: dict[str, str],
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[bool] = []
    go_on = asyncio.Event()

    def is_in_line(_: object) -> bool:
        looked.append(True)
        server.set(go_on)
        return True

    monkeypatch.setattr("chatui.cli.answer_writer.AnswerWriter.is_in_line", property(is_in_line))
    monkeypatch.setattr("chatui.cli.ask_command.STALL_SECONDS", 0.02)
    server.server.add(Script([deltas("Hi"), go_on, finish()]))
    ran = call(capfd, environ, "ask", "Hello")
    assert (ran.out, ran.err) == ("Hi\n", "")
    assert looked


def test_without_standard_output_the_reply_is_had_all_the_same(
    server: ServerThread, environ: dict[str, str], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    server.reply("Hi.")
    monkeypatch.setattr("sys.stdout", None)
    monkeypatch.setattr("sys.stderr", None)
    assert call(capfd, environ, "ask", "-c", "Hello").code == 0


def test_a_standard_output_that_cannot_be_written_is_told(
    server: ServerThread,
    environ: dict[str, str],
    capfd: pytest.CaptureFixture[str],
    output: _Output,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdout", output)
    os.close(output.writing)
    output.writing = os.open("/dev/full", os.O_WRONLY)
    server.reply("Hi.")
    ran = call(capfd, environ, "ask", "Hello")
    assert (ran.code, ran.err) == (1, "chatui: The answer could not be written: No space left on device.\n")


async def test_a_slow_reader_is_waited_for_as_long_as_nobody_stops_it() -> None:
    class Slow:
        """An outlet whose reader takes its time."""

        def __init__(self) -> None:
            self.waits = 0

        async def drain(self, seconds: float) -> bool:
            self.waits += 1
            return self.waits == 3

    outlet = Slow()
    await _drain(outlet, Stops(asyncio.Event().set))  # type: ignore[arg-type]  # a stand-in
    assert outlet.waits == 3
