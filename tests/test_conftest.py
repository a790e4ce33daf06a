"""The guards that every test stands behind."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from tests.conftest import OutsideNetworkError


def test_a_test_cannot_reach_another_machine() -> None:
    with socket.socket() as tcp, pytest.raises(OutsideNetworkError):
        tcp.connect(("192.0.2.1", 80))
    with socket.socket() as tcp, pytest.raises(OutsideNetworkError):
        tcp.connect_ex(("192.0.2.1", 80))
    with socket.socket(type=socket.SOCK_DGRAM) as udp, pytest.raises(OutsideNetworkError):
        udp.sendto(b"", ("192.0.2.1", 53))
    with pytest.raises(OutsideNetworkError):
        socket.getaddrinfo("example.com", 80)


def test_a_test_can_reach_this_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()


def test_a_test_has_an_empty_home_of_its_own(home: Path) -> None:
    assert Path.home() == home
    assert list(home.iterdir()) == []


def test_no_key_of_the_developer_reaches_a_test() -> None:
    assert [name for name in os.environ if name.endswith("_API_KEY") or name.startswith("TEXTUAL_")] == []
