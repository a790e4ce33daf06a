"""`chatui batch` as a program: what the server sees, and what is left after any end."""

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
from typing import Any

import pytest

from tests.cli.many_stage import ManyServer, limit_every, say_yes
from tests.cli.stage import SECONDS, execute, spawn
from tests.sse_server import Recorded, Script, Stall, deltas, finish, refusal


def environ_of(home: Path, server: ManyServer, **more: str) -> dict[str, str]:
    """An environment that names the server, a key and a model."""
    return {
        "HOME": str(home),
        "CHATUI_HOME": str(home / "chatui"),
        "CHATUI_BASE_URL": server.base_url,
        "CHATUI_API_KEY": "sk-test-4711-abcdef",
        "CHATUI_MODEL": "big-1",
        **more,
    }


@pytest.fixture
def server() -> Iterator[ManyServer]:
    with ManyServer() as thread:
        yield thread


@pytest.fixture
def environ(home: Path, server: ManyServer) -> dict[str, str]:
    return environ_of(home, server)


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    path = tmp_path / "prompts.txt"
    path.write_text("".join(f"Prompt {n}\n" for n in range(1, 21)))
    return path


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    return tmp_path / "answers.jsonl"


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_lines_in_and_json_lines_out_in_their_order(server: ManyServer, environ: dict[str, str], prompts: Path) -> None:
    ran = execute(environ, "batch", str(prompts))
    assert ran.code == 0
    results = [json.loads(line) for line in ran.out.splitlines()]
    assert [result["n"] for result in results] == list(range(1, 21))
    assert [result["text"] for result in results] == [f"Re: Prompt {n}" for n in range(1, 21)]
    first = results[0]
    assert first["outcome"] == "complete"
    assert first["usage"] == {"input": 10, "output": 2, "cached": 0, "reasoning": 0, "estimated": False}
    assert (first["id"], first["model"], first["attempts"], first["error"]) == (None, "env/big-1", 1, None)
    assert "20 ok · 0 failed · 0 retried" in ran.err
    assert "\x1b" not in ran.err


def test_the_summary_has_all_figures(server: ManyServer, environ: dict[str, str], prompts: Path, answers: Path) -> None:
    ran = execute(environ, "batch", str(prompts), "-o", str(answers), "--json")
    summary = json.loads(ran.out)
    assert (summary["complete"], summary["failed"], summary["requests"]) == (20, 0, 20)
    assert summary["usage"] == {"input": 200, "output": 40, "cached": 0, "reasoning": 0, "estimated": False}
    assert summary["cost"] is None
    assert summary["first_token"]["p50"] <= summary["first_token"]["p95"]
    assert summary["speed_up"] > 0
    assert summary["tokens_per_second"] > 0


def test_prompts_come_from_a_pipe(server: ManyServer, environ: dict[str, str]) -> None:
    ran = execute(environ, "batch", "-", stdin=b'{"prompt": "One", "id": "a"}\n\n"Two"\n')
    assert [json.loads(line)["id"] for line in ran.out.splitlines()] == ["a", None]
    assert ran.code == 0


def test_a_prompt_from_a_pipe_is_asked_before_the_pipe_ends(server: ManyServer, environ: dict[str, str]) -> None:
    with spawn(environ, "batch", "--unordered", stdin=subprocess.PIPE) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        program.stdin.write(b"One\n")
        program.stdin.flush()
        assert json.loads(program.stdout.readline())["text"] == "Re: One"
        program.communicate(timeout=SECONDS)
    assert program.returncode == 0


@pytest.mark.parametrize("concurrency", [1, 4])
def test_the_server_never_sees_more_at_once(home: Path, prompts: Path, answers: Path, concurrency: int) -> None:
    with ManyServer(is_held=True) as server:
        environ = environ_of(home, server)
        with spawn(environ, "batch", str(prompts), "-o", str(answers), "--concurrency", str(concurrency)) as program:
            for released in range(20):
                server.wait_for(min(released + concurrency, 20))
                server.release()
            program.communicate(timeout=SECONDS)
        assert server.most_open == concurrency
    assert len(read(answers)) == 20


def test_a_retry_after_holds_all(home: Path, prompts: Path, answers: Path) -> None:
    with ManyServer(limit_every(7)) as server:
        ran = execute(environ_of(home, server), "batch", str(prompts), "-o", str(answers), "--json")
        assert ran.code == 0
        assert json.loads(ran.out)["retried"] > 0
        assert max(server.asked.values()) == 2
    assert all(result["outcome"] == "complete" for result in read(answers))


def _refuse_some(server: ManyServer, request: Recorded, number: int) -> Script:
    if b"Prompt 3" in request.body:
        return refusal(400, "no such thing")
    return say_yes(server, request, number)


def test_a_failed_prompt_fails_alone_and_is_done_anew(home: Path, prompts: Path, answers: Path) -> None:
    with ManyServer(_refuse_some) as server:
        ran = execute(environ_of(home, server), "batch", str(prompts), "-o", str(answers))
    assert ran.code == 1
    assert "prompt 3: " in ran.err
    assert "19 ok · 1 failed" in ran.err
    assert read(answers)[2]["error"]["kind"] == "bad_request"
    with ManyServer() as server:
        assert execute(environ_of(home, server), "batch", str(prompts), "-o", str(answers)).code == 0
        assert dict(server.asked) == {"Prompt 3": 1}
    assert [(result["n"], result["outcome"]) for result in read(answers)] == [(n, "complete") for n in range(1, 21)]


def test_so_many_failures_stop_it(home: Path, prompts: Path, answers: Path) -> None:
    with ManyServer(lambda *_: refusal(400, "no")) as server:
        environ = environ_of(home, server)
        ran = execute(environ, "batch", str(prompts), "-o", str(answers), "--max-failures", "3", "--concurrency", "1")
        assert sum(server.asked.values()) == 3
    assert ran.code == 1
    assert "3 prompts failed; --max-failures is 3." in ran.err


def test_a_limit_of_cost_stops_it(home: Path, prompts: Path, answers: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[providers.env.models."big-1"]\nprice = { input = 0.0, output = 1_000_000.0 }\n')
    with ManyServer() as server:
        options = ["--max-cost", "7", "--concurrency", "1", "--config", str(config), "--json"]
        ran = execute(environ_of(home, server), "batch", str(prompts), "-o", str(answers), *options)
        assert sum(server.asked.values()) == 3
    assert ran.code == 1
    assert json.loads(ran.out)["cost"] == 6.0


def test_a_limit_of_cost_needs_a_price(environ: dict[str, str], prompts: Path) -> None:
    ran = execute(environ, "batch", str(prompts), "--max-cost", "1")
    assert ran.code == 2
    assert "The price of env/big-1 is unknown" in ran.err


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
    results = read(answers)
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
    assert len(read(answers)) == finished
    with ManyServer() as server:
        assert execute(environ_of(home, server), "batch", str(prompts), "-o", str(answers)).code == 0
        assert sum(server.asked.values()) == 20 - finished
    assert [result["n"] for result in read(answers)] == list(range(1, 21))


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
    texts = [result["text"] for result in read(answers)]
    assert texts == ["Re: New", *(f"Re: Prompt {n}" for n in range(20, 2, -1)), "Re: Prompt 1", "Re: Prompt 2"]
    assert [result["n"] for result in read(answers)][:19] == list(range(1, 20))


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


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["nowhere.txt"], "nowhere.txt cannot be read"),
        (["-", "--resume"], "name it with -o"),
        (["-", "--resume", "-o", "nowhere.jsonl"], "There is no nowhere.jsonl"),
        (["-", "--concurrency", "101"], "100 at most"),
        (["-", "--max-cost", "free"], "expected an amount"),
        (["a", "b"], "found too much"),
    ],
)
def test_wrong_use_is_told_and_nothing_is_sent(
    server: ManyServer, environ: dict[str, str], argv: list[str], words: str
) -> None:
    ran = execute(environ, "batch", *argv, stdin=b"One\n")
    assert ran.code == 2
    assert words in ran.err
    assert ran.out == ""
    assert not server.asked


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["batch", "-"], "No model is set up"),
        (["batch", "-", "-m", "nobody/x"], "There is no provider"),
        (["compare", "Hi", "-m", "nobody/x", "-m", "nobody/y"], "There is no provider"),
    ],
)
def test_without_a_model_nothing_is_sent(home: Path, argv: list[str], words: str) -> None:
    environ = {"HOME": str(home), "CHATUI_HOME": str(home / "chatui")}
    ran = execute(environ, *argv, stdin=b"One\n")
    assert ran.code == 2
    assert words in ran.err


def test_memory_stays_flat_for_many_prompts(server: ManyServer, environ: dict[str, str], tmp_path: Path) -> None:
    few, many = tmp_path / "few.jsonl", tmp_path / "many.jsonl"
    # Prompts that cannot be asked go the whole way but the network.
    few.write_text('{"prompt": ""}\n' * 100)
    many.write_text('{"prompt": ""}\n' * 20_000)
    sizes = []
    for path in (few, many):
        with spawn(environ, "batch", str(path), "-o", str(path) + ".out", stderr=subprocess.DEVNULL) as program:
            _, status, used = os.wait4(program.pid, 0)
            program.returncode = os.waitstatus_to_exitcode(status)
        assert program.returncode == 1
        sizes.append(used.ru_maxrss)
    assert sizes[1] - sizes[0] < 12_000, f"{sizes} KB"
    assert len((tmp_path / "many.jsonl.out").read_bytes().splitlines()) == 20_000
