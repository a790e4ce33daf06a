"""The options of `chatui batch`, each as a program."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.many_stage import ManyServer, environ_of, read_results
from tests.cli.stage import SECONDS, execute, spawn
from tests.sse_server import refusal


@pytest.fixture
def server() -> Iterator[ManyServer]:
    with ManyServer() as thread:
        yield thread


@pytest.fixture
def environ(home: Path, server: ManyServer) -> dict[str, str]:
    return environ_of(home, server)


def test_model_system_and_parameters_hold_for_prompts_that_do_not_say_otherwise(
    server: ManyServer, environ: dict[str, str]
) -> None:
    lines = (
        '{"prompt": "One"}\n{"prompt": "Two", "model": "env/own", "system": "Mine.", "params": {"temperature": 1}}\n'
    )
    options = ("-m", "env/all", "--system", "All.", "-p", "temperature=0", "--param", "seed=7", "--concurrency", "1")
    assert execute(environ, "batch", "-", *options, stdin=lines.encode()).code == 0
    one, two = (request.json for request in server.server.requests)
    assert (one["model"], one["temperature"], one["seed"]) == ("all", 0, 7)
    assert (two["model"], two["temperature"], two["seed"]) == ("own", 1, 7)
    assert [sent["messages"][0]["content"] for sent in (one, two)] == ["All.", "Mine."]


def test_a_table_fills_a_template_and_its_format_can_be_named(
    server: ManyServer, environ: dict[str, str], tmp_path: Path
) -> None:
    table = tmp_path / "words.txt"
    table.write_text("id\tword\na\tcat\nb\tdog\n")
    ran = execute(environ, "batch", str(table), "--format", "tsv", "--template", "Translate {word}: {{x}}")
    results = [json.loads(line) for line in ran.out.splitlines()]
    assert [(result["id"], result["text"]) for result in results] == [
        ("a", "Re: Translate cat: {x}"),
        ("b", "Re: Translate dog: {x}"),
    ]


def test_rows_of_the_wrong_length_fail_alone_and_are_told_with_their_lines(
    server: ManyServer, environ: dict[str, str], tmp_path: Path
) -> None:
    table = tmp_path / "words.csv"
    table.write_text('word,language\ncat,French\n"two\nlines",German\ndog\nhen,a,b\nowl,\n')
    ran = execute(environ, "batch", str(table), "--template", "{word} in {language}")
    assert ran.code == 1
    assert set(server.asked) == {"cat in French", "two\nlines in German", "owl in "}
    assert "prompt 3: Prompt 3, line 5 of the table, cannot be asked: it ends before the column language." in ran.err
    assert "line 6 of the table, cannot be asked: it has more cells than the first row (2)" in ran.err


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("Translate {wrod}", "The template names {wrod}; the columns are: word."),
        ("Translate {word", "The template has a { without a }. Write {{ for the sign itself."),
        ("Translate word}", "The template has a } without a {."),
    ],
)
def test_a_template_that_makes_no_sense_is_told_and_nothing_is_sent(
    server: ManyServer, environ: dict[str, str], tmp_path: Path, template: str, told: str
) -> None:
    table = tmp_path / "words.csv"
    table.write_text("word\ncat\n")
    ran = execute(environ, "batch", str(table), "--template", template)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"chatui: {told}")
    assert not server.asked


def test_results_come_as_they_finish_where_that_is_wanted(home: Path, prompts: Path, answers: Path) -> None:
    with ManyServer(is_held=True) as server:
        argv = ("batch", str(prompts), "-o", str(answers), "--concurrency", "20", "--unordered")
        with spawn(environ_of(home, server), *argv) as program:
            server.wait_for(20)
            asked = [request.json["messages"][-1]["content"] for request in server.server.requests]
            # The last one that came is answered first.
            server.released = 19
            server.set(server._gates[19])
            while not (answers.exists() and answers.read_bytes().endswith(b"\n")):
                assert program.poll() is None
                os.sched_yield()
            server.released = 0
            server.release(19)
            program.communicate(timeout=SECONDS)
    results = read_results(answers)
    assert len(results) == 20
    assert results[0]["text"] == f"Re: {asked[19]}"


def test_retries_are_limited_for_each_prompt(home: Path, prompts: Path, answers: Path) -> None:
    with ManyServer(lambda *_: refusal(503, "busy", retry_after_ms="1")) as server:
        ran = execute(environ_of(home, server), "batch", str(prompts), "-o", str(answers), "--max-retries", "1")
        assert set(server.asked.values()) == {2}
    assert ran.code == 1
    assert {result["attempts"] for result in read_results(answers)} == {2}


def test_a_cassette_answers_without_any_network(home: Path, tmp_path: Path, prompts: Path) -> None:
    tape = tmp_path / "tape.toml"
    tape.write_text(
        'format = 1\nmodel = "glm-5"\n[[replies]]\nevents = [{ text = "Said" }, { finish_reason = "stop" }]\n'
    )
    ran = execute({"HOME": str(home), "CHATUI_HOME": str(home)}, "batch", str(prompts), "--play", str(tape))
    assert ran.code == 0
    assert {json.loads(line)["text"] for line in ran.out.splitlines()} == {"Said"}
