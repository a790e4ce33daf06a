"""What the environment says about connections, by the names of its variables: values may hold passwords."""

from __future__ import annotations

import logging
import os
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

_NAMES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy", "all_proxy")


def name_proxies() -> str:
    """The variables that set a proxy: `HTTPS_PROXY or ALL_PROXY`."""
    return " or ".join(name for name in _NAMES if os.environ.get(name)) or "the environment"


def find_proxy(host: str, *, is_tls: bool) -> str:
    """The variable whose proxy is used on the way to `host`; empty where none is."""
    own = "https_proxy" if is_tls else "http_proxy"
    names = [form for name in (own, "all_proxy") for form in (name, name.upper())]
    found = next((name for name in names if os.environ.get(name)), "")
    return "" if proxy_bypass(host) else found


def check_proxies() -> None:
    """Raise ValueError where a proxy is no address, or its port none, which httpx finds out when it connects."""
    proxies = getproxies()
    for name in ("http", "https", "all"):
        address = proxies.get(name, "")
        _ = urlsplit(address if "://" in address else f"http://{address}").port


def silence_loggers() -> None:
    """Keep httpx and httpcore from logging: addresses and headers may hold a key, also one that a server sends back."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
