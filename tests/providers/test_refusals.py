"""What a refusal tells the user."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from chatui.conversation.failure import FailureKind
from chatui.providers.address import parse_base_url
from chatui.providers.keys import FoundKey
from chatui.providers.quirks import Quirks
from chatui.providers.redactor import Redactor
from chatui.providers.refusals import (
    Asked,
    advise,
    explain_foreign_answer,
    explain_refusal,
    explain_stream_error,
    parse_retry_after,
)
from chatui.providers.server_error import ServerError

KEY = "sk-0123456789abcdefghij"
ACME = Quirks("acme", "Acme", key_env=("ACME_KEY",), key_page="https://acme.example/keys", needs_key=True)
ASKED = Asked(
    ACME,
    parse_base_url("https://api.acme.example/v1"),
    model="big-1",
    key=FoundKey(KEY, "ACME_KEY"),
    redactor=Redactor([KEY]),
    url_setting="base_url in [providers.acme]",
    key_setting="set ACME_KEY",
)
KEYLESS = Asked(
    ACME, parse_base_url("http://127.0.0.1:8080"), url_setting="CHATUI_BASE_URL", key_setting="set ACME_KEY"
)
NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)


def body(message: str) -> bytes:
    return json.dumps({"error": {"message": message}}).encode()


@pytest.mark.parametrize(
    ("status", "kind", "advice"),
    [
        (400, FailureKind.BAD_REQUEST, "Check the parameters"),
        (401, FailureKind.AUTHENTICATION, "Check the key from ACME_KEY (…ghij); a new one is made at https://acme.ex"),
        (402, FailureKind.FUNDS, "Add credit to the Acme account (ACME_KEY)"),
        (403, FailureKind.AUTHENTICATION, "ACME_KEY may not do this"),
        (404, FailureKind.NOT_FOUND, "Acme may have no model “big-1”: choose another one"),
        (405, FailureKind.BAD_REQUEST, "Check base_url in [providers.acme]"),
        (407, FailureKind.BAD_REQUEST, "user and password of the proxy"),
        (408, FailureKind.TIMEOUT, "idle_timeout in [providers.acme]"),
        (413, FailureKind.CONTEXT_TOO_LONG, "new session"),
        (418, FailureKind.BAD_REQUEST, "Check the parameters"),
        (422, FailureKind.BAD_REQUEST, "Check the parameters"),
        (429, FailureKind.RATE_LIMIT, "Wait a little"),
        (500, FailureKind.SERVER, "Ask again"),
        (503, FailureKind.OVERLOADED, "Wait a little"),
        (529, FailureKind.OVERLOADED, "Wait a little"),
        (599, FailureKind.SERVER, "Ask again"),
    ],
)
def test_every_status_has_its_kind_and_names_what_to_do(status: int, kind: FailureKind, advice: str) -> None:
    failure = explain_refusal(status, {}, body("the server's words"), ASKED)
    assert (failure.kind, failure.status) == (kind, status)
    assert failure.message == f"Acme answered {status}: the server's words"
    assert advice in failure.advice
    assert explain_refusal(status, {}, b"", ASKED).message.startswith(f"Acme answered {status} (")


def test_no_status_and_no_kind_is_without_advice() -> None:
    assert all(explain_refusal(status, {}, b"x", ASKED).advice for status in range(300, 600))
    assert all(advise(kind, asked) for kind in FailureKind for asked in (ASKED, KEYLESS))


def test_a_server_that_wants_a_key_is_told_from_one_that_refused_it() -> None:
    assert explain_refusal(401, {}, b"", KEYLESS).advice == "It wants a key: set ACME_KEY; a new one is made at " + (
        "https://acme.example/keys."
    )


def test_a_retired_model_names_its_successor() -> None:
    asked = Asked(ACME, ASKED.url, model="deepseek-chat")
    assert explain_refusal(404, {}, b"", asked).advice == "deepseek-chat is retired; choose deepseek-flash."
    assert explain_refusal(404, {}, b"", KEYLESS).advice == "Choose another one, or check CHATUI_BASE_URL."


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500])
@pytest.mark.parametrize("text", [f"bad key {KEY}", f"bad key {KEY[4:18]}", "<title>" + KEY + "</title>", KEY * 100])
def test_the_key_is_in_no_message(status: int, text: str) -> None:
    for content in (text.encode(), body(text), json.dumps({"detail": [{"msg": text}]}).encode()):
        failure = explain_refusal(status, {"location": text}, content, ASKED)
        assert not any(KEY[i : i + 14] in failure.message + failure.advice for i in range(len(KEY) - 13))
    for failure in (
        explain_stream_error(ServerError(text, text), ASKED),
        explain_foreign_answer(200, text.encode(), ASKED),
        explain_refusal(301, {"location": f"https://{KEY}.example"}, b"", ASKED),
    ):
        assert not any(KEY[i : i + 14] in failure.message + failure.advice for i in range(len(KEY) - 13))


def test_server_text_is_cut_to_500_characters_and_controls_are_visible() -> None:
    failure = explain_refusal(500, {}, b"x" * 60_000, ASKED)
    assert len(failure.message) == 500
    assert failure.message.endswith("…")
    assert explain_refusal(500, {}, b"\x1b[31mred\nline", ASKED).message == "Acme answered 500: ␛[31mred line"


def test_html_is_reduced_to_its_title() -> None:
    page = b"<!doctype html><html><title>502 Bad Gateway</title><body>" + b"x" * 1000
    assert explain_refusal(502, {}, page, ASKED).message == "Acme answered 502: 502 Bad Gateway"


@pytest.mark.parametrize(
    ("location", "place"),
    [
        ("https://new.example/v1?key=secret", "https://new.example"),
        ("http://user:pw@new.example:81/x", "http://new.example:81"),
        ("https://api.acme.example.evil.example/v1", "https://api.acme.example.evil.example"),
        ("http://api.acme.example/v1/chat/completions", "http://api.acme.example"),
        ("", "another address"),
        ("https://[bad", "another address"),
    ],
)
def test_a_redirect_names_the_new_origin_only(location: str, place: str) -> None:
    failure = explain_refusal(308, {"location": location}, b"", ASKED)
    assert failure.kind is FailureKind.CONFIGURATION
    assert f"sends us on to {place}." in failure.message
    assert failure.advice == "If that is right, change base_url in [providers.acme]."


@pytest.mark.parametrize(
    ("location", "place"),
    [
        ("/v2/chat/completions?key=secret#x", "https://api.acme.example/v2/chat/completions"),
        ("https://api.acme.example/v1/chat/completions/", "https://api.acme.example/v1/chat/completions/"),
        ("https://u:pw@api.acme.example/login", "https://api.acme.example/login"),
    ],
)
def test_a_redirect_within_the_same_origin_names_the_path_too(location: str, place: str) -> None:
    failure = explain_refusal(307, {"location": location}, b"", ASKED)
    assert f"sends us on to {place}. " in failure.message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "200 with an empty body."),
        (b"\n \n", "200 with an empty body."),
        (b"<html><title>Welcome to nginx!</title>", "with a web page: “Welcome to nginx!”"),
        (b'{"status": "ok"}', 'with no reply: {"status": "ok"}'),
        (b"x" * 1000, "x" * 200 + "…"),
    ],
)
def test_a_foreign_answer_hints_at_the_address(content: bytes, words: str) -> None:
    failure = explain_foreign_answer(200, content, KEYLESS)
    assert failure.kind is FailureKind.PROTOCOL
    assert failure.message.startswith("http://127.0.0.1:8080/v1 answered ")
    assert words in failure.message
    assert failure.advice == "Check CHATUI_BASE_URL: it usually ends in /v1."


def test_an_error_inside_a_stream_names_who_sent_it() -> None:
    failure = explain_stream_error(ServerError("too busy", "x", 529), ASKED)
    assert (failure.kind, failure.status) == (FailureKind.OVERLOADED, 529)
    assert failure.message == "Acme reported an error: too busy"
    assert explain_stream_error(ServerError("", "e42"), ASKED).message == "Acme reported an error: e42"
    assert explain_stream_error(ServerError(), ASKED).message == "Acme reported an error: it does not say which"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "0.25"}, 0.25),
        ({"retry-after": "120"}, 120.0),
        ({"retry-after-ms": "1500"}, 1.5),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after-ms": "soon", "retry-after": "9"}, 9.0),
        ({"retry-after-ms": "0", "retry-after": "9"}, 9.0),
        ({"retry-after": "Mon, 23 Nov 2026 12:00:07 GMT"}, 7.0),
        ({"retry-after": "Mon, 23 Nov 2026 12:00:07"}, 7.0),
        ({"retry-after": "Fri, 02 Jan 1970 00:00:05 GMT", "date": "Fri, 02 Jan 1970 00:00:00 GMT"}, 5.0),
        ({"retry-after": "Mon, 23 Nov 2026 11:59:00 GMT"}, None),
        ({"retry-after": "0"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "later"}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "Mon, 99 Nov 2026 99:00:00 GMT"}, None),
        ({}, None),
    ],
)
def test_the_wait_that_a_server_asks_for(headers: dict[str, str], seconds: float | None) -> None:
    assert parse_retry_after(headers, NOW) == seconds


@pytest.mark.parametrize(("word", "expected"), [("true", True), ("False ", False), ("maybe", None), ("", None)])
def test_x_should_retry_is_handed_on(word: str, expected: bool | None) -> None:
    assert explain_refusal(500, {"x-should-retry": word}, b"", ASKED).may_retry is expected
    assert explain_refusal(429, {"retry-after": "7"}, b"", ASKED).retry_after == 7
