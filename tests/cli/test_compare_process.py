"""`chatui compare` and `chatui costs` as programs."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import signal
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.many_stage import ManyServer, environ_of, say_yes
from tests.cli.stage import SECONDS, call, execute, saved_sessions, spawn
from tests.sse_server import Recorded, Script, Stall, deltas, refusal


@pytest.fixture
def server() -> Iterator[ManyServer]:
    with ManyServer(lambda server, request, number: answer_by_model(server, request, number)) as thread:
        yield thread


def answer_by_model(server: ManyServer, request: Recorded, number: int) -> Script:
    match request.json["model"]:
        case "bad":
            return refusal(400, "no such model here")
        case "slow":
            return Script([deltas("Half an"), Stall()])
        case _:
            return say_yes(server, request, number)


@pytest.fixture
def environ(home: Path, server: ManyServer) -> dict[str, str]:
    return environ_of(home, server)


def wait_for_checkpoint(environ: dict[str, str], text: str) -> None:
    """Wait until a checkpoint holds a text."""
    sessions = Path(environ["CHATUI_HOME"]) / "data" / "sessions"
    found = ""
    while text not in found:
        os.sched_yield()
        with contextlib.suppress(FileNotFoundError):
            found = "".join(path.read_text() for path in sessions.glob("*checkpoint*"))


def test_all_models_answer_and_a_table_compares_them(
    capfd: pytest.CaptureFixture[str], server: ManyServer, environ: dict[str, str]
) -> None:
    ran = call(capfd, environ, "compare", "Hi", "-m", "one", "-m", "two", "-o", "temperature=0.5", "--system", "S")
    assert ran.code == 0
    assert ran.out.startswith("## env/one\n\nRe: Hi\n\n## env/two\n\nRe: Hi\n\n")
    table = ran.out.splitlines()[-3:]
    assert table[0].split() == ["model", "first", "token", "total", "speed", "in", "out", "cost", "ended"]
    assert [line.split()[0] for line in table[1:]] == ["env/one", "env/two"]
    assert all(line.split()[-4:] == ["10", "2", "–", "stop"] for line in table[1:])
    assert all(request.json["temperature"] == 0.5 for request in server.server.requests)
    assert server.server.requests[0].json["messages"][0] == {"role": "system", "content": "S"}
    assert saved_sessions(environ) == []


def test_as_json_it_is_one_object(server: ManyServer, environ: dict[str, str]) -> None:
    ran = execute(environ, "compare", "-m", "one", "-m", "bad", "--json", stdin=b"From a pipe")
    assert ran.code == 1
    found = json.loads(ran.out)
    assert found["prompt"] == "From a pipe"
    assert [(reply["model"], reply["outcome"]) for reply in found["replies"]] == [
        ("env/one", "complete"),
        ("env/bad", "failed"),
    ]
    assert "env/bad: " in ran.err


def test_saved_the_answers_are_siblings_of_one_session(server: ManyServer, environ: dict[str, str]) -> None:
    ran = execute(environ, "compare", "Hi", "-m", "one", "-m", "two", "--save")
    (path,) = saved_sessions(environ)
    assert path.stem in ran.err
    messages = tomllib.loads(path.read_text())["messages"]
    assert {(each.get("parent"), each["role"]) for each in messages} == {(None, "user"), ("m1", "assistant")}
    assert len(messages) == 3
    asked = execute(environ, "ask", "-c", "And?", "--json")
    assert json.loads(asked.out)["session"] == path.stem


def test_ctrl_c_keeps_what_came(server: ManyServer, environ: dict[str, str]) -> None:
    with spawn(environ, "compare", "Hi", "-m", "one", "-m", "slow", "--save", "--json") as program:
        server.wait_for(2)
        wait_for_checkpoint(environ, "Half an")
        program.send_signal(signal.SIGINT)
        out, _ = program.communicate(timeout=SECONDS)
    assert program.returncode == 130
    replies = json.loads(out)["replies"]
    assert [(reply["text"], reply["outcome"]) for reply in replies] == [
        ("Re: Hi", "complete"),
        ("Half an", "interrupted"),
    ]


def test_killed_in_the_middle_every_lane_is_adopted(server: ManyServer, environ: dict[str, str]) -> None:
    with spawn(environ, "compare", "Hi", "-m", "slow", "-m", "slow/er", "--save") as program:
        server.wait_for(2)
        wait_for_checkpoint(environ, "Half an")
        program.send_signal(signal.SIGKILL)
        program.communicate(timeout=SECONDS)
    execute(environ, "ask", "-c", "And?")
    (path,) = saved_sessions(environ)
    replies = [each for each in tomllib.loads(path.read_text())["messages"] if each.get("parent") == "m1"]
    assert {each["model"] for each in replies if each["role"] == "assistant"} == {"env/slow", "env/slow/er"}
    assert "Half an" in {each["text"] for each in replies}


def test_on_a_terminal_there_are_live_columns(server: ManyServer, environ: dict[str, str]) -> None:
    leader, follower = pty.openpty()
    with spawn(environ | {"TERM": "xterm"}, "compare", "Hi", "-m", "one", "-m", "slow", stderr=follower) as program:
        os.close(follower)
        shown = b""
        while b"Half an" not in shown or b"Re: Hi" not in shown:
            shown += os.read(leader, 65536)
        program.send_signal(signal.SIGINT)
        out, _ = program.communicate(timeout=SECONDS)
    os.close(leader)
    assert "env/one" in shown.decode("utf-8", "replace")
    assert b"\x1b" not in out


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["compare", "Hi"], "Name 2 to 8 different models"),
        (["compare", "Hi", "-m", "one"], "Name 2 to 8"),
        (["compare", "Hi", "-m", "one", "-m", "one"], "Name 2 to 8"),
        (["compare", "-m", "one", "-m", "two"], "There is nothing to ask"),
        (["costs", "--what-if", "nothing-like-that"], "nothing-like-that"),
        (["costs", "--monthly", "many"], "expected a number of tokens"),
    ],
)
def test_wrong_use_is_told(environ: dict[str, str], argv: list[str], words: str) -> None:
    ran = execute(environ, *argv)
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err


def test_costs_are_told_by_model(
    capfd: pytest.CaptureFixture[str], server: ManyServer, environ: dict[str, str]
) -> None:
    assert call(capfd, environ, "costs").out == "Nothing was spent yet: no saved reply used any tokens.\n"
    call(capfd, environ, "compare", "Hi", "-m", "one", "-m", "two", "--save")
    lines = call(capfd, environ, "costs").out.splitlines()
    assert [line.split() for line in lines] == [
        ["model", "replies", "in", "cached", "out", "cost"],
        ["env/one", "1", "10", "0", "2", "–"],
        ["env/two", "1", "10", "0", "2", "–"],
        ["all", "2", "20", "0", "4", "–"],
    ]
    found = json.loads(call(capfd, environ, "costs", "--json").out)
    assert found["total"]["usage"] == {"input": 20, "output": 4, "cached": 0, "estimated": False}


def test_what_if_prices_the_same_tokens_elsewhere(server: ManyServer, environ: dict[str, str], tmp_path: Path) -> None:
    answers = tmp_path / "answers.jsonl"
    execute(environ, "batch", "-", "-o", str(answers), stdin=b"One\nTwo\n")
    ran = execute(environ, "costs", "--what-if", str(answers))
    lines = ran.out.splitlines()
    assert lines[0] == "20 in, 4 out; it cost –."
    costs = [line for line in lines if "2026-" in line]
    assert len(costs) > 10
    assert "* env/big-1" in ran.out
    offers = json.loads(execute(environ, "costs", "--what-if", str(answers), "--json").out)["offers"]
    known = [offer["cost"] for offer in offers if offer["cost"] is not None]
    assert known == sorted(known)
    assert offers[-1] == {"model": "env/big-1", "cost": None, "price_as_of": None}


def test_a_month_is_projected_in_the_same_proportions(
    capfd: pytest.CaptureFixture[str], server: ManyServer, environ: dict[str, str]
) -> None:
    found = json.loads(call(capfd, environ, "costs", "--monthly", "10M", "--json").out)
    assert found["usage"] == {"input": 7_500_000, "output": 2_500_000, "cached": 0, "estimated": True}
    call(capfd, environ, "compare", "Hi", "-m", "one", "-m", "two", "--save")
    ran = call(capfd, environ, "costs", "--monthly", "12k", "--what-if")
    assert ran.out.startswith("12.0k tokens a month, in the proportions of what was used: ~10.0k in, ~2,000 out.")
    (path,) = saved_sessions(environ)
    assert call(capfd, environ, "costs", "--what-if", path.stem).code == 0


def test_a_file_that_holds_no_results_is_refused(
    capfd: pytest.CaptureFixture[str], environ: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("Notes\n")
    ran = call(capfd, environ, "costs", "--what-if", str(tmp_path / "notes.txt"))
    assert (ran.code, "no result of a batch" in ran.err) == (2, True)


def test_where_no_tokens_were_used_nothing_is_priced(
    environ: dict[str, str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "none.jsonl").touch()
    for argv in (["costs", "--what-if"], ["costs", "--what-if", str(tmp_path / "none.jsonl")]):
        assert call(capfd, environ, *argv).out.startswith("No tokens were used there")
