"""X7 and R1 over real TLS: whom a connection is made to, what is told where it is not, and how often it is made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Message, Status
from chatui.providers.key_check import KeyState, check_key_of
from chatui.providers.paced_stream import PacedStream
from tests.certificates import Certificate, make_certificate
from tests.providers.work import GOOD, KEY
from tests.reliability.talk import talk
from tests.sse_server import Script, SSEServer, delta, finish

Trust = Callable[[Certificate], None]


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    """One for 127.0.0.1."""
    return make_certificate(tmp_path, "IP:127.0.0.1")


@pytest.fixture
def trust(monkeypatch: pytest.MonkeyPatch) -> Trust:
    """Take a certificate for the own CA, as a user does."""
    return lambda certificate: monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))


async def _ask(certificate: Certificate, folder: Path) -> tuple[Message, SSEServer]:
    async with (
        SSEServer(lambda request: GOOD, certificate.server_context()) as server,
        talk(server, folder / "home") as here,
    ):
        return await here.ask(), server


def _refusal(reply: Message, server: SSEServer) -> Failure:
    """Why no connection was made: nothing was sent, and nothing tried again."""
    assert (reply.status, reply.attempts) == (Status.FAILED, 1)
    assert server.requests == []
    assert reply.failure is not None
    assert reply.failure.kind is FailureKind.CONFIGURATION
    assert KEY not in repr(reply)
    return reply.failure


async def test_x7_a_certificate_that_nobody_vouches_for_is_refused(certificate: Certificate, tmp_path: Path) -> None:
    failure = _refusal(*await _ask(certificate, tmp_path))
    assert failure.message.startswith("The certificate of 127.0.0.1 is not trusted: self")
    assert failure.advice == "If it is your own, or your company's, name its CA's file in SSL_CERT_FILE."


async def test_s11_a_fast_stream_over_tls_is_not_read_record_by_record(
    certificate: Certificate, tmp_path: Path, trust: Trust, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust(certificate)
    pauses: list[float] = []
    plan_next = PacedStream._plan_next

    def note(stream: PacedStream, data: bytes, now: float, *, is_drained: bool) -> None:
        plan_next(stream, data, now, is_drained=is_drained)
        if stream._not_before:
            pauses.append(now)

    monkeypatch.setattr(PacedStream, "_plan_next", note)
    count = 1000
    script = Script([*(delta(content="word ") for _ in range(count)), finish()])
    async with (
        SSEServer(lambda request: script, certificate.server_context()) as server,
        talk(server, tmp_path / "home") as here,
    ):
        reply = await here.ask()
    assert reply.text == "word " * count
    # With a pause for each record it would be a thousand.
    assert len(pauses) < count / 20


async def test_x7_an_own_ca_file_is_trusted(certificate: Certificate, tmp_path: Path, trust: Trust) -> None:
    trust(certificate)
    reply, server = await _ask(certificate, tmp_path)
    assert (reply.status, reply.text) == (Status.COMPLETE, "Hello")
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


async def test_x7_a_certificate_for_another_host_is_refused(tmp_path: Path, trust: Trust) -> None:
    certificate = make_certificate(tmp_path, "DNS:llm.example")
    trust(certificate)
    failure = _refusal(*await _ask(certificate, tmp_path))
    assert "The certificate of 127.0.0.1 is not trusted" in failure.message
    assert "mismatch" in failure.message
    assert failure.advice == "It is made for another host: check base_url."


async def test_x7_the_key_check_refuses_too(certificate: Certificate, tmp_path: Path) -> None:
    async with SSEServer(lambda request: GOOD, certificate.server_context()) as server, talk(server, tmp_path) as here:
        check = await check_key_of(here.endpoint)
        assert (check.state, server.requests) == (KeyState.NOT_CHECKED, [])
        assert check.failure is not None
        assert "is not trusted" in check.failure.message


async def test_x6_a_redirect_from_https_to_http_is_not_followed(
    certificate: Certificate, tmp_path: Path, trust: Trust
) -> None:
    trust(certificate)
    async with SSEServer() as plain, SSEServer(tls=certificate.server_context()) as server:
        server.add(Script([], 307, {"location": f"{plain.base_url}/chat/completions"}, framing="length"))
        async with talk(server, tmp_path / "home") as here:
            reply = await here.ask()
        assert (plain.connections, plain.requests) == (0, [])
    assert (reply.status, reply.attempts) == (Status.FAILED, 1)
    assert reply.failure is not None
    assert f"http://127.0.0.1:{plain.port}" in reply.failure.message


async def test_prompts_share_one_handshake(certificate: Certificate, tmp_path: Path, trust: Trust) -> None:
    trust(certificate)
    async with (
        SSEServer(lambda request: GOOD, certificate.server_context()) as server,
        talk(server, tmp_path / "home") as here,
    ):
        for _ in range(3):
            assert (await here.ask()).text == "Hello"
        assert server.connections == 1
        assert server.tls is not None
        assert server.tls.session_stats()["accept"] == 1
        assert [request.connection for request in server.requests] == [1, 1, 1]
