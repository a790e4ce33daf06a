"""`chatui ask --no-stream`, as a program: the answer is asked for whole."""

from __future__ import annotations

import json

from tests.cli.stage import ServerThread, execute
from tests.sse_server import Script, refusal


def whole(content: str, reason: str = "stop") -> Script:
    """An answer that is one JSON object, with usage."""
    payload = {
        "choices": [{"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": reason}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 5},
    }
    return Script([json.dumps(payload).encode()], 200, {"content-type": "application/json"}, framing="length")


def test_the_answer_is_asked_for_whole(server: ServerThread, environ: dict[str, str]) -> None:
    server.server.add(whole("One\nand two"))
    ran = execute(environ, "ask", "--no-stream", "--json", "Hello")
    told = json.loads(ran.out)
    assert (ran.code, ran.err, told["text"], told["outcome"]) == (0, "", "One\nand two", "complete")
    assert told["usage"] == {"input": 3, "output": 5, "cached": 0, "reasoning": 0, "estimated": False}
    assert server.server.requests[0].json["stream"] is False


def test_it_is_printed_once_as_it_came(server: ServerThread, environ: dict[str, str]) -> None:
    server.server.add(whole("One\x1b[1m\r\ntwo"))
    assert execute(environ, "ask", "--no-stream", "Hello").out == "One\x1b[1m\r\ntwo"


def test_a_retry_asks_for_it_whole_again(server: ServerThread, environ: dict[str, str]) -> None:
    server.server.add(refusal(503, "busy", retry_after_ms="10"), whole("Fine."))
    ran = execute(environ, "ask", "--no-stream", "Hello")
    assert (ran.code, ran.out) == (0, "Fine.")
    assert [request.json["stream"] for request in server.server.requests] == [False, False]


def test_a_body_that_is_no_answer_is_told(server: ServerThread, environ: dict[str, str]) -> None:
    server.server.add(Script([b"<html><title>Login</title>"], 200, {"content-type": "text/html"}, framing="length"))
    ran = execute(environ, "ask", "--no-stream", "--max-retries", "0", "Hello")
    assert (ran.code, ran.out) == (1, "")
    assert "with a web page: “Login”" in ran.err
    assert "it usually ends in /v1" in ran.err
