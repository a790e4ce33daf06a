"""X4 to X10 as far as the stream goes: where keys go and where they do not, redirects, TLS, proxies, error bodies."""

from __future__ import annotations

import base64
import logging
import ssl
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from chatui.conversation.events import Warned
from chatui.conversation.failure import FailureKind
from chatui.conversation.message import Status
from chatui.providers.transport import Transport
from tests.providers.work import GOOD, KEY
from tests.reliability.talk import talk
from tests.sse_server import Recorded, Script, SSEServer, deltas, event, finish, refusal


def _forms(key: str) -> Iterator[str]:
    yield key
    yield from (key[start : start + 14] for start in range(len(key) - 13))
    for before in ("", "x", "xx"):
        yield base64.b64encode(f"{before}{key}".encode()).decode()[4:-6]
    yield quote(key, safe="")
    yield "".join(f"%{ord(letter):02x}" for letter in key)


def _leaks(folder: Path, *texts: str) -> list[str]:
    """Where a form of the key is found: names of files below a folder, and numbers of texts."""
    contents = {str(path): path.read_bytes().decode("utf-8", "replace") for path in folder.rglob("*") if path.is_file()}
    contents |= {str(number): text for number, text in enumerate(texts)}
    return [name for name, content in contents.items() if any(form in content for form in _forms(KEY))]


_ECHOES = [
    refusal(401, f"Incorrect API key provided: {KEY}."),
    refusal(400, f"Your headers: Authorization: Bearer {KEY}"),
    refusal(500, f"key={KEY[:16]}…"),
    refusal(500, base64.b64encode(f"Bearer {KEY}".encode()).decode()),
    refusal(422, "".join(f"%{ord(letter):02x}" for letter in KEY)),
    refusal(404, f"no route for {KEY}/chat"),
    Script([event({"error": {"message": f"bad key {KEY}"}})]),
    Script([f"data: {KEY} oops\n\n".encode(), finish()]),
    Script([f"<html><title>{KEY}</title>".encode()]),
    Script([f"hello {KEY}".encode()]),
    Script([], 302, {"location": f"https://elsewhere.example/?key={KEY}"}),
    Script([], 302, {"location": f"https://{KEY}@elsewhere.example/"}),
    Script([], 302, {"location": f"/{KEY}/chat"}),
    Script([event({"choices": [], "base_resp": {"status_code": 1004, "status_msg": KEY}})]),
    Script([event({"choices": [{"delta": {}}]}), event({"odd": KEY})]),
]


async def test_x4_a_key_that_a_server_sends_back_is_nowhere(
    server: SSEServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with talk(server, tmp_path, max_retries=0) as here:
        for script in _ECHOES:
            server.add(script)
            reply = await here.ask()
            failure = reply.failure
            assert failure is not None
            assert _leaks(tmp_path, repr(reply), repr(here.events), repr(here.endpoint.__dict__.get("_key"))) == []
        assert _leaks(tmp_path, caplog.text, repr(here.endpoint)) == []
    assert len(server.requests) == len(_ECHOES)
    assert all(KEY not in request.path and KEY.encode() not in request.body for request in server.requests)


async def test_x4_a_key_in_a_finish_reason_is_nowhere(server: SSEServer, tmp_path: Path) -> None:
    server.add(Script([deltas("a"), finish(f"refused for {KEY}")]))
    async with talk(server, tmp_path) as here:
        reply = await here.ask()
        assert (reply.text, reply.finish_reason) == ("a", "refused for [key]")
        assert _leaks(tmp_path, repr(reply), repr(here.events)) == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_x6_nothing_is_sent_where_a_redirect_leads(server: SSEServer, tmp_path: Path, status: int) -> None:
    async with SSEServer() as other, talk(server, tmp_path) as here:
        server.add(Script([], status, {"location": f"{other.base_url}/chat/completions"}, framing="length"))
        reply = await here.ask()
        assert other.requests == []
        assert other.connections == 0
    assert (reply.status, reply.attempts) == (Status.FAILED, 1)
    assert reply.failure is not None
    assert f"http://127.0.0.1:{other.port}" in reply.failure.message
    assert "not sent there" in reply.failure.message


def test_x7_tls_is_always_verified() -> None:
    transport = Transport(is_tls=True, is_loopback=False, connect_timeout=1.0)
    assert transport._tls.verify_mode is ssl.CERT_REQUIRED
    assert transport._tls.check_hostname


async def _ask_through_proxy(
    server: SSEServer, folder: Path, monkeypatch: pytest.MonkeyPatch, **settings: object
) -> list[Warned]:
    """Ask `llm.example` twice, with the scripted server as the proxy on the way; return what was warned of."""
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{server.port}")
    warnings: list[Warned] = []
    async with talk(server, folder, None, **settings) as here:
        for _ in range(2):
            assert (await here.ask()).text == "Hello"
            warnings += [happened for happened in here.events if isinstance(happened, Warned)]
    return warnings


async def test_x7_a_key_over_plain_http_is_warned_of_once(
    server: SSEServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.add(GOOD, GOOD)
    (warning,) = await _ask_through_proxy(server, tmp_path, monkeypatch, base_url="http://llm.example/v1")
    assert warning.message == "The key from WORK_KEY goes to http://llm.example without encryption."
    assert "https:// in base_url in [providers.work]" in warning.advice
    assert server.requests[0].path == "http://llm.example/v1/chat/completions"


async def test_x7_without_a_key_or_on_this_machine_there_is_no_warning(
    server: SSEServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.add(GOOD, GOOD, GOOD)
    url = "http://llm.example/v1"
    assert await _ask_through_proxy(server, tmp_path / "a", monkeypatch, base_url=url, api_key_env="") == []
    async with talk(server, tmp_path / "b") as here:
        await here.ask()
        assert [happened for happened in here.events if isinstance(happened, Warned)] == []


async def test_x5_a_key_file_that_others_can_read_is_told_once(server: SSEServer, tmp_path: Path) -> None:
    server.add(GOOD, GOOD)
    path = tmp_path / "key"
    path.write_text(KEY)
    path.chmod(0o644)
    async with talk(server, tmp_path / "home", api_key_env="", api_key_file=str(path)) as here:
        await here.ask()
        (warning,) = [happened for happened in here.events if isinstance(happened, Warned)]
        assert warning.message == f"The key file {path} can be read by others."
        assert warning.advice == f"Make it private: chmod 600 {path}"
        await here.ask()
        assert [happened for happened in here.events if isinstance(happened, Warned)] == []


@pytest.mark.parametrize("mask", [0o000, 0o022])
async def test_x5_all_files_are_private(server: SSEServer, tmp_path: Path, mask: int) -> None:
    import os

    before = os.umask(mask)
    try:
        server.add(Script([deltas("a"), finish()]))
        async with talk(server, tmp_path / "home") as here:
            await here.ask()
        for path in (tmp_path / "home").rglob("*"):
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    finally:
        os.umask(before)


async def test_x9_an_error_body_is_cut_and_a_page_is_its_title(server: SSEServer, tmp_path: Path) -> None:
    page = b"<html><head><title>502 Bad Gateway</title></head><body>" + b"nginx " * 10_000
    server.add(refusal(500, "long " * 10_000), Script([page], 502, {"content-type": "text/html"}))
    async with talk(server, tmp_path, max_retries=0) as here:
        failure = (await here.ask()).failure
        assert failure is not None
        assert len(failure.message) == 500
        failure = (await here.ask()).failure
        assert failure is not None
        assert failure.message == "work (127.0.0.1) answered 502: 502 Bad Gateway"


async def test_x4_nothing_is_sent_that_a_netrc_file_holds_for_the_host(
    server: SSEServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("machine llm.example login me password hunter2hunter2\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HOME", str(tmp_path))
    server.add(GOOD, GOOD)
    await _ask_through_proxy(server, tmp_path / "a", monkeypatch, base_url="http://llm.example/v1", api_key_env="")
    assert [request.headers.get("authorization") for request in server.requests] == [None, None]


async def test_a_proxy_that_cannot_be_reached_is_named_by_its_variable(
    server: SSEServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://user:hunter2hunter2@127.0.0.1:1")
    async with talk(server, tmp_path, base_url="http://llm.example/v1", max_retries=0) as here:
        failure = (await here.ask()).failure
    assert failure is not None
    assert failure.message == "No connection to llm.example: connection refused, by the proxy in HTTP_PROXY."
    assert failure.advice == "Correct or unset HTTP_PROXY, or set NO_PROXY."


async def test_a_proxy_is_not_asked_where_it_is_excepted_or_on_this_machine(
    server: SSEServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    server.add(GOOD)
    async with talk(server, tmp_path) as here:
        assert (await here.ask()).text == "Hello"
    monkeypatch.setenv("NO_PROXY", "llm.example")
    from chatui.providers.surroundings import find_proxy

    assert find_proxy("llm.example", is_tls=False) == ""
    assert find_proxy("other.example", is_tls=False) == "HTTP_PROXY"
    assert find_proxy("other.example", is_tls=True) == ""


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("HTTPS_PROXY", "socks5://127.0.0.1:1080", "The proxy in HTTPS_PROXY speaks SOCKS"),
        ("ALL_PROXY", "socks5h://127.0.0.1:1080", "The proxy in ALL_PROXY speaks SOCKS"),
        ("HTTPS_PROXY", "http://127.0.0.1:port", "The proxy in HTTPS_PROXY"),
        ("HTTPS_PROXY", "ftp://x", "The proxy in HTTPS_PROXY"),
        ("SSL_CERT_FILE", "/nowhere/ca.pem", "SSL_CERT_FILE"),
    ],
)
async def test_an_odd_environment_is_told_by_its_variable_and_never_a_crash(
    server: SSEServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    async with talk(server, tmp_path, base_url="https://llm.example/v1", max_retries=0) as here:
        here.endpoint.warm_up()
        reply = await here.ask()
    assert reply.failure is not None
    assert reply.failure.kind is FailureKind.CONFIGURATION
    assert said in reply.failure.message
    assert reply.failure.advice


async def test_two_prompts_share_one_connection(server: SSEServer, tmp_path: Path) -> None:
    usage: dict[str, object] = {"prompt_tokens": 1, "completion_tokens": 1}
    good = Script([deltas("Hel", "lo"), finish(usage=usage)])
    server.add(good, good, good)
    async with talk(server, tmp_path) as here:
        for _ in range(3):
            assert (await here.ask()).text == "Hello"
        await here.endpoint.list_models()
    assert server.connections == 1
    assert [request.connection for request in server.requests] == [1, 1, 1, 1]


async def test_a_kept_connection_that_died_meanwhile_is_no_failure(server: SSEServer, tmp_path: Path) -> None:
    def answer(request: Recorded) -> Script:
        return GOOD

    async with SSEServer(answer) as dying, talk(dying, tmp_path) as here:
        assert (await here.ask()).text == "Hello"
        for connection in list(dying._open):
            connection.abort()
        assert (await here.ask()).text == "Hello"
