"""`chatui batch` as a program: what the server sees, and what is left after any end."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.many_stage import ManyServer, environ_of, limit_every, read_results, say_yes
from tests.cli.stage import SECONDS, call, execute, spawn
from tests.sse_server import Recorded, Script, refusal


@pytest.fixture
def server() -> Iterator[ManyServer]:
    with ManyServer() as thread:
        yield thread


@pytest.fixture
def environ(home: Path, server: ManyServer) -> dict[str, str]:
    return environ_of(home, server)


def test_lines_in_and_json_lines_out_in_their_order(
    capfd: pytest.CaptureFixture[str], server: ManyServer, environ: dict[str, str], prompts: Path
) -> None:
    ran = call(capfd, environ, "batch", str(prompts))
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


def test_the_summary_has_all_figures(
    capfd: pytest.CaptureFixture[str], server: ManyServer, environ: dict[str, str], prompts: Path, answers: Path
) -> None:
    ran = call(capfd, environ, "batch", str(prompts), "-o", str(answers), "--json")
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
    assert len(read_results(answers)) == 20


def test_a_retry_after_holds_all(home: Path, prompts: Path, answers: Path) -> None:
    with ManyServer(limit_every(7)) as server:
        ran = execute(environ_of(home, server), "batch", str(prompts), "-o", str(answers), "--json")
        assert ran.code == 0
        assert json.loads(ran.out)["retried"] > 0
        assert max(server.asked.values()) == 2
    assert all(result["outcome"] == "complete" for result in read_results(answers))


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
    assert read_results(answers)[2]["error"]["kind"] == "bad_request"
    with ManyServer() as server:
        assert execute(environ_of(home, server), "batch", str(prompts), "-o", str(answers)).code == 0
        assert dict(server.asked) == {"Prompt 3": 1}
    assert [(result["n"], result["outcome"]) for result in read_results(answers)] == [
        (n, "complete") for n in range(1, 21)
    ]


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


def test_a_limit_of_cost_needs_a_price(
    capfd: pytest.CaptureFixture[str], environ: dict[str, str], prompts: Path
) -> None:
    ran = call(capfd, environ, "batch", str(prompts), "--max-cost", "1")
    assert ran.code == 2
    assert "The price of env/big-1 is unknown" in ran.err


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
