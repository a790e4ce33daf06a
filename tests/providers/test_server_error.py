"""Errors in every shape that servers give them, and the kinds they are sorted into."""

from __future__ import annotations

import json

import pytest

from chatui.conversation.failure import FailureKind
from chatui.providers.server_error import ServerError, classify, html_title, read_error_body, read_stream_error


def _nest(depth: int) -> object:
    value: object = "too deep"
    for _ in range(depth):
        value = {"error": value}
    return value


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        pytest.param({"error": {"message": "no"}}, "no", id="OpenAI"),
        pytest.param({"error": "no"}, "no", id="a string"),
        pytest.param({"error": ["no", None, "never"]}, "no; never", id="a list"),
        pytest.param({"error": {"error": {"message": "no"}}}, "no", id="errors in each other"),
        pytest.param({"error": {"code": "x"}}, "", id="a code alone"),
        pytest.param({"error": 500}, "500", id="a number"),
        pytest.param({"error": True}, "the server reported an error without saying which", id="true"),
        pytest.param({"error": {"odd": 1}}, "the server reported an error without saying which", id="nothing known"),
        pytest.param(_nest(30), "the server reported an error without saying which", id="too deep"),
        pytest.param({"error": True, "message": "no"}, "no", id="true and a message"),
        pytest.param({"object": "error", "message": "no", "code": 400}, "no", id="vLLM"),
        pytest.param({"type": "error", "error": {"type": "overloaded_error", "message": "no"}}, "no", id="Anthropic"),
        pytest.param({"detail": "no"}, "no", id="FastAPI"),
        pytest.param({"detail": [{"loc": ["body", 0, None], "msg": "no"}]}, "body.0: no", id="FastAPI, validation"),
        pytest.param({"message": "no"}, "no", id="a message alone"),
        pytest.param({"errors": [{"message": "no"}]}, "no", id="Cloudflare"),
        pytest.param([{"error": {"message": "no"}}], "no", id="Gemini"),
        pytest.param({"choices": [{"error": {"message": "no", "code": 502}}]}, "no", id="in the choice"),
        pytest.param(
            {"choices": [{"error": True}]}, "the server reported an error without saying which", id="true in it"
        ),
        pytest.param(
            {"error": {"message": "Provider returned error", "metadata": {"raw": "busy"}}},
            "Provider returned error: busy",
            id="OpenRouter",
        ),
        pytest.param({"error": {"metadata": {"raw": "busy"}, "code": 1}}, "busy", id="OpenRouter without a message"),
    ],
)
def test_an_error_inside_a_stream(payload: object, message: str) -> None:
    error = read_stream_error(payload)
    assert error is not None
    assert error.message == message


@pytest.mark.parametrize(
    "payload",
    [
        None,
        1,
        "text",
        [],
        [1],
        {},
        {"error": None},
        {"error": ""},
        {"error": {}, "choices": []},
        {"choices": [{"delta": {"content": "x"}}], "message": "fine"},
        {"choices": [{"error": None}]},
        {"choices": [5]},
        {"choices": [], "detail": "fine"},
        {"usage": {}, "message": "fine"},
        {"message": {"content": "x"}},
        {"type": "ping"},
    ],
)
def test_what_is_no_error(payload: object) -> None:
    assert read_stream_error(payload) is None


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        ("no", "no"),
        ({"message": "no"}, "no"),
        ({}, "the server reported an error without saying which"),
        (None, "the server reported an error without saying which"),
    ],
)
def test_anything_in_an_error_event_is_an_error(payload: object, message: str) -> None:
    assert read_stream_error(payload, "error") == ServerError(message)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"error":{"message":"no"}}', "no"),
        (b'{"html-message":"no"}', "no"),
        (b'"no"', "no"),
        (b"no\n", "no"),
        (b"", ""),
        (b"null", ""),
        (b"{}", ""),
        (b"<html><head><title>\n 502 &amp; more </title>", "502 & more"),
        (b"<p>no title", "a web page"),
        (b"\xff\xfe", "\ufffd\ufffd"),
        (b"[" * 100_000, "[" * 100_000),
        (b'{"a":' * 50_000, '{"a":' * 50_000),
        (b'{"error": "{\\"message\\": \\"inner\\"}"}', "inner"),
        (b'{"error": "{\\"x\\": 1}"}', '{"x": 1}'),
        (b'{"error": "{no JSON"}', "{no JSON"),
        (b"42 is the answer", "42 is the answer"),
        (b"42", "42"),
    ],
)
def test_the_body_of_a_refusal(body: bytes, message: str) -> None:
    assert read_error_body(body).message == message


def test_the_status_that_an_error_names_is_read() -> None:
    assert read_stream_error({"error": {"message": "x", "code": 429}}) == ServerError("x", "429", 429)
    assert read_stream_error({"error": {"message": "x", "code": "503", "type": "Y"}}) == ServerError("x", "503 y", 503)
    assert read_stream_error({"error": {"error": {"message": "x", "status": 500}}}) == ServerError("x", "500", 500)
    assert read_stream_error({"error": {"message": "x", "code": 200}}) == ServerError("x", "200", None)


def test_a_title_is_cut_out_of_a_page_of_any_case() -> None:
    assert html_title("<HTML><TITLE lang=en>Hi</TITLE>") == "Hi"


K = FailureKind


@pytest.mark.parametrize(
    ("status", "words", "kind"),
    [
        (401, "", K.AUTHENTICATION),
        (402, "", K.FUNDS),
        (403, "", K.AUTHENTICATION),
        (403, "flagged by moderation", K.CONTENT_FILTER),
        (403, "insufficient_quota", K.QUOTA),
        (404, "", K.NOT_FOUND),
        (400, "", K.BAD_REQUEST),
        (405, "", K.BAD_REQUEST),
        (409, "", K.BAD_REQUEST),
        (418, "rate limit", K.BAD_REQUEST),
        (422, "extra_forbidden", K.BAD_REQUEST),
        (400, "maximum context length is 8192 tokens", K.CONTEXT_TOO_LONG),
        (400, "exceed_context_size_error", K.CONTEXT_TOO_LONG),
        (400, "prompt is too long: 250000 tokens", K.CONTEXT_TOO_LONG),
        (400, "API key not valid. Please pass a valid API key.", K.AUTHENTICATION),
        (400, "Model Not Exist", K.NOT_FOUND),
        (400, "Your credit balance is too low", K.FUNDS),
        (400, "content_filter", K.CONTENT_FILTER),
        (413, "", K.CONTEXT_TOO_LONG),
        (408, "", K.TIMEOUT),
        (429, "", K.RATE_LIMIT),
        (429, "overloaded", K.RATE_LIMIT),
        (429, "insufficient_quota", K.QUOTA),
        (429, "Insufficient Balance", K.QUOTA),
        (500, "insufficient_quota", K.SERVER),
        (502, "", K.SERVER),
        (503, "", K.OVERLOADED),
        (529, "", K.OVERLOADED),
        (599, "", K.SERVER),
        (None, "", K.SERVER),
        (None, "rate_limit_exceeded", K.RATE_LIMIT),
        (None, "Overloaded", K.OVERLOADED),
        (None, "request timed out", K.TIMEOUT),
        (None, "invalid_request_error", K.BAD_REQUEST),
        (None, "authentication_error", K.AUTHENTICATION),
        (None, "the model `x` does not exist", K.NOT_FOUND),
    ],
)
def test_the_kind_of_an_error(status: int | None, words: str, kind: FailureKind) -> None:
    assert classify(ServerError(words), status) is kind
    assert classify(ServerError(code=words.lower()), status) is kind


def test_the_status_in_the_error_counts_where_there_is_no_other() -> None:
    assert classify(ServerError("x", "429", 429)) is K.RATE_LIMIT


def test_giant_bodies_are_read() -> None:
    assert len(read_error_body(json.dumps({"error": "x" * 60_000}).encode()).message) == 60_000
