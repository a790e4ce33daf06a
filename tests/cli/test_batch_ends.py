"""`chatui batch` as a program: what is left after any end, and what a terminal shows."""

from __future__ import annotations

import json
import os
import pty
import random
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.many_stage import ManyServer, environ_of, read_results
from tests.cli.stage import SECONDS, execute, spawn
from tests.sse_server import Script, Stall, deltas, finish


@pytest.fixture
def server() -> Iterator[ManyServer]:
    with ManyServer() as thread:
        yield thread


@pytest.fixture
def environ(home: Path, server: ManyServer) -> dict[str, str]:
    return environ_of(home, server)


@pytest.mark.parametrize("seed", range(6))
def test_killed_at_any_moment_it_loses_no_result_and_repeats_none(
    home: Path, prompts: Path, answers: Path, seed: int
) -> None:
    chance = random.Random(seed)
    with ManyServer() as server:
        environ = environ_of(home, server)
        for _ in range(2):
            with spawn(environ, "batch", str(prompts), "-o", str(answers), "--concurrency", "3") as program:
                so_far = sum(server.asked.values())
                server.wait_for(min(so_far + chance.randint(1, 8), 20))
                program.send_signal(signal.SIGKILL)
                program.communicate(timeout=SECONDS)
            if chance.random() < 0.5 and answers.exists():
                # As a power cut would: a part of the last line is gone.
                with answers.open("rb+") as file:
                    file.truncate(max(answers.stat().st_size - chance.randint(1, 50), 0))
        whole = answers.read_bytes().rpartition(b"\n")[0].splitlines() if answers.exists() else []
        kept = {json.loads(line)["text"].removeprefix("Re: ") for line in whole}
        before = dict(server.asked)
        assert execute(environ, "batch", str(prompts), "-o", str(answers)).code == 0
        for prompt in kept:
            assert server.asked[prompt] == before[prompt], "a finished prompt was asked again"
    results = read_results(answers)
    assert [result["n"] for result in results] == list(range(1, 21))
    assert [result["text"] for result in results] == [f"Re: Prompt {n}" for n in range(1, 21)]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("finished", [0, 5, 13])
def test_stopped_at_any_moment_it_keeps_what_was_finished(
    home: Path, prompts: Path, answers: Path, number: signal.Signals, code: int, finished: int
) -> None:
    with ManyServer(is_held=True) as server:
        environ = environ_of(home, server)
        with spawn(environ, "batch", str(prompts), "-o", str(answers), "--concurrency", "2") as program:
            server.wait_for(2)
            for _ in range(finished):
                server.release()
                server.wait_for(server.released + 2)
            program.send_signal(number)
            _, err = program.communicate(timeout=SECONDS)
        assert program.returncode == code
    assert f"{finished} ok" in err.decode()
    assert "2 stopped" in err.decode()
    assert len(read_results(answers)) == finished
    with ManyServer() as server:
        assert execute(environ_of(home, server), "batch", str(prompts), "-o", str(answers)).code == 0
        assert sum(server.asked.values()) == 20 - finished
    assert [result["n"] for result in read_results(answers)] == list(range(1, 21))


def test_stopped_while_a_pipe_is_silent_it_ends_at_once(server: ManyServer, environ: dict[str, str]) -> None:
    with spawn(environ, "batch", "--unordered", stdin=subprocess.PIPE) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        program.stdin.write(b"One\n")
        program.stdin.flush()
        program.stdout.readline()
        program.send_signal(signal.SIGINT)
        assert program.wait(SECONDS) == 130
        program.communicate()


def test_a_reader_that_goes_away_ends_it(home: Path, prompts: Path) -> None:
    long_reply = Script([deltas("x" * 200_000), finish()])
    with (
        ManyServer(lambda *_: long_reply) as server,
        spawn(environ_of(home, server), "batch", str(prompts)) as program,
    ):
        assert program.stdout is not None
        program.stdout.read(10)
        program.stdout.close()
        assert program.wait(SECONDS) == 141
        assert program.stderr is not None
        assert b"Traceback" not in program.stderr.read()


def test_it_can_be_gone_on_with_when_the_input_has_changed(
    server: ManyServer, environ: dict[str, str], prompts: Path, answers: Path
) -> None:
    execute(environ, "batch", str(prompts), "-o", str(answers))
    prompts.write_text("New\n" + "".join(f"Prompt {n}\n" for n in range(20, 2, -1)))
    ran = execute(environ, "batch", str(prompts), "-o", str(answers), "--resume")
    assert ran.code == 0
    assert "18 there already" in ran.err
    assert "2 results" in ran.err
    assert server.asked["New"] == 1
    assert sum(server.asked.values()) == 21
    texts = [result["text"] for result in read_results(answers)]
    assert texts == ["Re: New", *(f"Re: Prompt {n}" for n in range(20, 2, -1)), "Re: Prompt 1", "Re: Prompt 2"]
    assert [result["n"] for result in read_results(answers)][:19] == list(range(1, 20))


def test_on_a_terminal_there_is_a_live_table(home: Path, prompts: Path, answers: Path) -> None:
    with ManyServer(lambda *_: Script([deltas("Hello"), Stall()])) as server:
        leader, follower = pty.openpty()
        environ = environ_of(home, server, TERM="xterm-256color")
        with spawn(environ, "batch", str(prompts), "-o", str(answers), stderr=follower) as program:
            os.close(follower)
            shown = b""
            while b"0 of 20" not in shown or b"streaming" not in shown:
                shown += os.read(leader, 65536)
            program.send_signal(signal.SIGINT)
            program.communicate(timeout=SECONDS)
            shown += os.read(leader, 65536)
        os.close(leader)
    assert program.returncode == 130
    assert b"\x1b[?25l" in shown
    assert shown.rfind(b"\x1b[?25h") > shown.rfind(b"\x1b[?25l"), "the cursor is given back"
    assert b"Prompt 1" in shown


def test_without_colour_the_table_has_none(home: Path, prompts: Path, answers: Path) -> None:
    with ManyServer(lambda *_: Script([deltas("Hello"), Stall()])) as server:
        leader, follower = pty.openpty()
        environ = environ_of(home, server, TERM="xterm-256color", NO_COLOR="1")
        with spawn(environ, "batch", str(prompts), "-o", str(answers), stderr=follower) as program:
            os.close(follower)
            shown = b""
            while b"streaming" not in shown:
                shown += os.read(leader, 65536)
            program.send_signal(signal.SIGINT)
            program.communicate(timeout=SECONDS)
        os.close(leader)
    assert not re.search(rb"\x1b\[[0-9;]*m", shown)


def test_memory_stays_flat_for_many_prompts(server: ManyServer, environ: dict[str, str], tmp_path: Path) -> None:
    few, many = tmp_path / "few.jsonl", tmp_path / "many.jsonl"
    # Prompts that cannot be asked go the whole way but the network.
    few.write_text('{"prompt": ""}\n' * 100)
    many.write_text('{"prompt": ""}\n' * 10_000)
    sizes = []
    for path in (few, many):
        with spawn(environ, "batch", str(path), "-o", str(path) + ".out", stderr=subprocess.DEVNULL) as program:
            _, status, used = os.wait4(program.pid, 0)
            program.returncode = os.waitstatus_to_exitcode(status)
        assert program.returncode == 1
        sizes.append(used.ru_maxrss)
    # A hundred times the prompts: what is left of each is its place in the file, some fifty bytes.
    assert sizes[1] / sizes[0] < 1.3, f"{sizes} KB"
    assert len((tmp_path / "many.jsonl.out").read_bytes().splitlines()) == 10_000
