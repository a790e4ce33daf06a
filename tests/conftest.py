"""What every test stands on: a clean environment, a home of its own, and no network but this machine."""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

_PREFIXES = ("TEXTUAL_", "CHATUI_", "XDG_")
_SUFFIXES = ("_API_KEY", "_PROXY")
_NAMES = {
    "NO_COLOR",
    "FORCE_COLOR",
    "CLICOLOR_FORCE",
    "OPENAI_BASE_URL",
    "OLLAMA_HOST",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
}


def _clean_environment() -> None:
    for name in list(os.environ):
        upper = name.upper()
        if upper.startswith(_PREFIXES) or upper.endswith(_SUFFIXES) or upper in _NAMES:
            del os.environ[name]


# At import, and not in a fixture: Textual reads its variables when it is imported, and that is before any fixture.
_clean_environment()
# A shell ignores SIGINT for what it starts in the background, and programs started from here would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    """How long the crash tests are to try."""
    parser.addoption(
        "--crash-rounds", default=2, type=int, help="random kills; above 20: also each disk operation, system call"
    )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are processors: many tests wait for a process, a disk or a clock."""
    return (os.cpu_count() or 1) + 1


settings.register_profile(
    "chatui",
    max_examples=60,
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
settings.load_profile("chatui")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the slow checks of the whole tree: workers that run them do so while the others test."""
    items.sort(key=lambda item: item.get_closest_marker("gate") is None)


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home for each test; nothing of the real one is read or written."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(folder))
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(folder / name.lower()))
    monkeypatch.setenv("CHATUI_HOME", str(folder / "chatui"))
    # What starting the screen leaves behind for Textual.
    monkeypatch.delenv("TEXTUAL_FPS", raising=False)
    return folder


@pytest.fixture(autouse=True)
def no_outside_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let sockets reach this machine only; any other address is a fault of the test."""
    connect, connect_ex, sendto = socket.socket.connect, socket.socket.connect_ex, socket.socket.sendto
    resolve = socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: object) -> None:
        _refuse_outside(self.family, address)
        connect(self, address)  # type: ignore[arg-type]  # passed on as it came

    def guarded_connect_ex(self: socket.socket, address: object) -> int:
        _refuse_outside(self.family, address)
        return connect_ex(self, address)  # type: ignore[arg-type]  # passed on as it came

    def guarded_sendto(self: socket.socket, *args: object) -> int:
        _refuse_outside(self.family, args[-1])
        return sendto(self, *args)  # type: ignore[call-overload, no-any-return]  # passed on as it came

    def guarded_resolve(host: object, *args: object, **kwargs: object) -> object:
        _refuse_outside(socket.AF_INET, (host,))
        return resolve(host, *args, **kwargs)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    monkeypatch.setattr(socket.socket, "sendto", guarded_sendto)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_resolve)


class OutsideNetworkError(AssertionError):
    """A test reached for a machine that is not this one."""


def _refuse_outside(family: int, address: object) -> None:
    if family == socket.AF_UNIX:
        return
    host = address[0] if isinstance(address, tuple) else address
    name = host.decode() if isinstance(host, bytes) else host
    if name in ("127.0.0.1", "::1", "localhost", "", None) or str(name).startswith("127."):
        return
    raise OutsideNetworkError(f"a test tried to reach {name!r}")
