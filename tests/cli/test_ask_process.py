"""`chatui ask` as a program: pipes, signals, terminals, and what it loads."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import signal
import subprocess
import sys
import tomllib

import pytest

from tests.cli.stage import ROOT, SECONDS, ServerThread, execute, saved_sessions, spawn
from tests.sse_server import Script, Stall, deltas, finish


def test_what_is_piped_in_comes_after_the_prompt(server: ServerThread, environ: dict[str, str]) -> None:
    server.reply("Fine.")
    ran = execute(environ, "ask", "Review this", stdin=b"\n+ one\n- two\n")
    assert (ran.code, ran.out, ran.err) == (0, "Fine.", "")
    assert server.server.requests[0].json["messages"][0]["content"] == "Review this\n\n+ one\n- two"


def test_a_prompt_may_be_piped_in_alone(server: ServerThread, environ: dict[str, str]) -> None:
    server.reply("Fine.")
    assert execute(environ, "ask", stdin="Grüße".encode()).code == 0
    assert server.server.requests[0].json["messages"][0]["content"] == "Grüße"


def test_the_answer_streams_while_it_comes(server: ServerThread, environ: dict[str, str]) -> None:
    go_on = asyncio.Event()
    server.server.add(Script([deltas("First"), go_on, deltas(" second"), finish()]))
    with spawn(environ, "ask", "Hello") as program:
        assert program.stdout is not None
        assert os.read(program.stdout.fileno(), 100) == b"First"
        server.set(go_on)
        out, _ = program.communicate(timeout=SECONDS)
    assert out == b" second"
    assert program.returncode == 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_keeps_and_prints_what_came(
    server: ServerThread, environ: dict[str, str], number: signal.Signals, code: int
) -> None:
    server.server.add(Script([deltas("Half an ans"), Stall()]))
    with spawn(environ, "ask", "Hello") as program:
        assert program.stdout is not None
        assert os.read(program.stdout.fileno(), 100) == b"Half an ans"
        program.send_signal(number)
        _, err = program.communicate(timeout=SECONDS)
    assert program.returncode == code
    (path,) = saved_sessions(environ)
    reply = tomllib.loads(path.read_text())["messages"][1]
    assert (reply["text"], reply["status"]) == ("Half an ans", "cancelled")
    assert err.decode() == f"chatui: Stopped.\nchatui: What came is kept: chatui -r {path.stem}\n"


def test_json_is_printed_on_ctrl_c(server: ServerThread, environ: dict[str, str]) -> None:
    server.server.add(Script([Stall()]))
    with spawn(environ, "ask", "--json", "Hello") as program:
        server.wait_for_request()
        program.send_signal(signal.SIGINT)
        out, _ = program.communicate(timeout=SECONDS)
    told = json.loads(out)
    assert program.returncode == 130
    assert (told["outcome"], told["error"]["kind"]) == ("interrupted", "cancelled")


def test_ctrl_c_while_the_prompt_is_read_ends_quietly(environ: dict[str, str]) -> None:
    with spawn(environ, "ask", stdin=subprocess.PIPE) as program:
        assert program.stderr is not None
        # It says that it waits: then it does.
        assert b"waiting for standard input to end" in program.stderr.readline()
        program.send_signal(signal.SIGINT)
        assert program.communicate(timeout=SECONDS) == (b"", b"")
    assert program.returncode == 130


def test_a_reader_that_goes_away_ends_it_quietly(server: ServerThread, environ: dict[str, str]) -> None:
    go_on = asyncio.Event()
    server.server.add(Script([deltas("First\n"), go_on, deltas("second"), Stall()]))
    with spawn(environ, "ask", "Hello") as program:
        assert program.stdout is not None
        assert program.stderr is not None
        os.read(program.stdout.fileno(), 100)
        program.stdout.close()
        server.set(go_on)
        assert program.stderr.read() == b""
        assert program.wait(SECONDS) == 141
    (path,) = saved_sessions(environ)
    assert tomllib.loads(path.read_text())["messages"][1]["text"].startswith("First\n")


def test_a_reader_that_is_slow_does_not_hold_ctrl_c_up(server: ServerThread, environ: dict[str, str]) -> None:
    server.reply("x" * 500_000)
    with spawn(environ, "ask", "Hello") as program:
        assert program.stdout is not None
        os.read(program.stdout.fileno(), 10)
        program.send_signal(signal.SIGINT)
        assert program.wait(SECONDS) == 130
        program.communicate()


def test_a_full_disk_behind_standard_output_is_told(server: ServerThread, environ: dict[str, str]) -> None:
    server.reply("Hi.")
    with open("/dev/full", "wb") as full, spawn(environ, "ask", "Hello", stdout=full) as program:  # noqa: PTH123  # a device
        _, err = program.communicate(timeout=SECONDS)
    assert program.returncode == 1
    assert err == b"chatui: The answer could not be written: No space left on device.\n"


def test_without_standard_output_the_answer_is_saved_and_no_file_is_hurt(
    server: ServerThread, environ: dict[str, str]
) -> None:
    server.reply("Hi.")
    command = [sys.executable, "-m", "chatui", "ask", "Hello"]
    closed = ["sh", "-c", 'exec "$@" >&-', "sh", *command]
    env = {"PATH": os.environ["PATH"], **environ}
    done = subprocess.run(closed, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS)
    assert (done.returncode, done.stderr) == (0, b"")
    (path,) = saved_sessions(environ)
    assert tomllib.loads(path.read_text())["messages"][1]["text"] == "Hi."


def _on_terminal(environ: dict[str, str], *argv: str) -> bytes:
    """Run it with standard output on a terminal; return what that got."""
    main, other = pty.openpty()
    with spawn(environ, *argv, stdout=other) as program:
        os.close(other)
        shown = b""
        try:
            while piece := os.read(main, 4096):
                shown += piece
        except OSError:  # the other end is closed
            os.close(main)
        program.communicate(timeout=SECONDS)
    return shown


def test_no_control_reaches_a_terminal(server: ServerThread, environ: dict[str, str]) -> None:
    server.reply("a\x1b]0;b\x07\tc", "\u202e\x9b d")
    assert _on_terminal(environ, "ask", "Hello") == "a␛]0;b␇    c<202E><9B> d\r\n".encode()


def test_markdown_is_rendered_on_a_terminal(server: ServerThread, environ: dict[str, str]) -> None:
    for _ in range(4):
        server.reply("**b", "** c\n")
    bold = b"\x1b[1mb\x1b[0m c"
    assert _on_terminal(environ, "ask", "Hello").splitlines()[-1].endswith(bold)
    assert _on_terminal(environ, "ask", "--no-stream", "Hello") == bold + b"\r\n"
    plain = _on_terminal(environ | {"NO_COLOR": "1"}, "ask", "--no-stream", "Hello")
    assert plain == b"b c\r\n"
    assert _on_terminal(environ | {"TERM": "dumb"}, "ask", "Hello") == b"**b** c\r\n"


def test_raw_shows_a_terminal_what_came(server: ServerThread, environ: dict[str, str]) -> None:
    server.reply("a\x1b[1mb")
    assert _on_terminal(environ, "ask", "--raw", "Hello") == b"a\x1b[1mb"


def test_textual_is_never_loaded(server: ServerThread, environ: dict[str, str]) -> None:
    server.reply("Hi.")
    program = (
        "import sys; from chatui.__main__ import run; import os; run(sys.argv[1:], os.environ); print(*sys.modules)"
    )
    for words in (["ask", "Hello"], ["doctor"], ["models"], ["sessions"], ["completion", "bash"], ["config", "path"]):
        env = {"PATH": os.environ["PATH"], **environ}
        done = subprocess.run(
            [sys.executable, "-c", program, *words], cwd=ROOT, env=env, stdin=subprocess.DEVNULL, capture_output=True
        )
        loaded = done.stdout.decode().splitlines()[-1].split()
        assert "chatui.cli.dispatch" in loaded
        assert "textual" not in loaded, words
