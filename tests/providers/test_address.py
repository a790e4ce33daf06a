"""Addresses in whatever form people paste them."""

from __future__ import annotations

import pytest

from chatui.providers.address import parse_base_url, read_ollama_host


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://a.example", "https://a.example/v1/models"),
        ("https://a.example/", "https://a.example/v1/models"),
        ("https://a.example/v1", "https://a.example/v1/models"),
        ("https://a.example/v1/", "https://a.example/v1/models"),
        ("https://a.example//v1//", "https://a.example/v1/models"),
        ("https://a.example/v1/v1", "https://a.example/v1/models"),
        ("https://a.example/v1/chat/completions", "https://a.example/v1/models"),
        ("https://a.example/v1/chat/completions/", "https://a.example/v1/models"),
        ("https://a.example/v1/completions", "https://a.example/v1/models"),
        ("https://a.example/v1/models", "https://a.example/v1/models"),
        ("https://a.example/chat/completions", "https://a.example/v1/models"),
        ("https://a.example/api/paas/v4", "https://a.example/api/paas/v4/models"),
        ("https://a.example/engines/v1", "https://a.example/engines/v1/models"),
        ("https://a.example/v1?api-version=2", "https://a.example/v1/models?api-version=2"),
        ("https://a.example/v1#part", "https://a.example/v1/models"),
        ("  HTTPS://A.example:8443/v1 ", "https://a.example:8443/v1/models"),
        ("https://me:pw@a.example/v1", "https://me:pw@a.example/v1/models"),
        ("a.example/v1", "https://a.example/v1/models"),
        ("localhost:8080", "http://localhost:8080/v1/models"),
        ("127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1/models"),
        ("http://[::1]:8080", "http://[::1]:8080/v1/models"),
    ],
)
def test_paths_are_joined_without_doubling_anything(text: str, url: str) -> None:
    assert parse_base_url(text).join("models") == url


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "names no host"),
        ("https://", "names no host"),
        ("ftp://a.example", "only http:// and https://"),
        ("https://a b", "spaces or control"),
        ("https://a\x1b[0m", "spaces or control"),
        ("https://a:port", "Port could not be cast"),
        ("https://[::1", "Invalid IPv6 URL"),
    ],
)
def test_what_is_no_address_is_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_base_url(text)


def test_user_password_and_query_are_not_shown() -> None:
    assert parse_base_url("https://me:pw@a.example/v1?key=secret").shown == "https://a.example/v1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://localhost", True),
        ("http://x.localhost", True),
        ("http://127.9.9.9", True),
        ("http://[::1]", True),
        ("http://a.example", False),
        ("http://10.0.0.1", False),
        ("http://localhost.example", False),
    ],
)
def test_loopback_is_this_machine_only(text: str, expected: bool) -> None:
    assert parse_base_url(text).is_loopback is expected


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("0.0.0.0", "http://127.0.0.1:11434/v1"),
        ("0.0.0.0:9999", "http://127.0.0.1:9999/v1"),
        (":9999", "http://127.0.0.1:9999/v1"),
        ("box.example", "http://box.example:11434/v1"),
        ("https://box.example", "https://box.example/v1"),
        ("http://box.example:1/", "http://box.example:1/v1"),
    ],
)
def test_ollama_host_is_read_as_ollama_means_it(text: str, shown: str) -> None:
    assert read_ollama_host(text).shown == shown
