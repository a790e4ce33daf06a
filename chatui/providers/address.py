"""The address of an OpenAI-compatible API, in whatever form people paste it."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_ENDINGS = (["chat", "completions"], ["completions"], ["models"])


class BaseUrl(NamedTuple):
    """What paths such as `chat/completions` are joined to."""

    scheme: str
    host: str
    """Without brackets."""
    port: int | None
    path: str
    """Starts with a slash and ends without one."""
    query: str = ""
    """Sent with every request; some gateways want an `api-version` there."""
    user_info: str = ""
    """`user:password`, never shown."""

    @property
    def origin(self) -> str:
        """Scheme, host and port: all that a message may need to name, and no secret in it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + (f":{self.port}" if self.port is not None else "")

    @property
    def shown(self) -> str:
        """The address as it may be shown: without user, password and query."""
        return self.origin + self.path

    @property
    def is_loopback(self) -> bool:
        """True where it does not leave this machine."""
        return is_loopback(self.host)

    def beside(self, name: str) -> BaseUrl:
        """The address with `name` in place of `v1` at the end of its path, or below it where that does not end so."""
        return self._replace(path=f"{self.path.removesuffix('/v1')}/{name}")

    def join(self, path: str) -> str:
        """Return the URL of `path` below this address."""
        secret = f"{self.user_info}@" if self.user_info else ""
        url = self.origin.replace("://", f"://{secret}", 1) + f"{self.path}/{path}"
        return f"{url}?{self.query}" if self.query else url


def read_ollama_host(text: str) -> BaseUrl:
    """Read `OLLAMA_HOST`, host[:port] with or without a scheme, as the server means it.

    It says where the server listens: `0.0.0.0` is reached at 127.0.0.1. Without a scheme the port is 11434. Raises
    ValueError with a sentence.
    """
    text = text.strip()
    has_scheme = bool(_SCHEME.match(text))
    url = parse_base_url(text if has_scheme else f"http://{text if text[:1] != ':' else '127.0.0.1' + text}")
    host = "127.0.0.1" if url.host == "0.0.0.0" else url.host  # noqa: S104 - compared, not listened on
    return url._replace(host=host, port=url.port or (None if has_scheme else 11434))


def is_loopback(host: str) -> bool:
    """True for `localhost`, names below it, and loopback addresses."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def parse_base_url(text: str) -> BaseUrl:
    """Read an address with or without scheme, `/v1`, trailing slash or `/chat/completions`.

    Without a scheme it is http on this machine and https elsewhere. Without any path it gets `/v1`, where every
    OpenAI-compatible server has its API; a path that is given is taken as it is. Raises ValueError with a sentence.
    """
    text = text.strip()
    if not text.isprintable() or " " in text:
        raise ValueError("it has spaces or control characters in it")
    if not _SCHEME.match(text):
        host = urlsplit(f"//{text}").hostname or ""
        text = f"{'http' if is_loopback(host) else 'https'}://{text}"
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"}:
        raise ValueError(f"it starts with {parts.scheme}://, and only http:// and https:// are spoken")
    if not parts.hostname:
        raise ValueError("it names no host")
    segments = [segment for segment in parts.path.split("/") if segment]
    for ending in _ENDINGS:
        if segments[-len(ending) :] == ending:
            del segments[-len(ending) :]
            break
    if segments[-2:] == ["v1", "v1"]:
        del segments[-1]
    user_info, at, _ = parts.netloc.rpartition("@")
    return BaseUrl(
        scheme=parts.scheme,
        host=parts.hostname,
        port=parts.port,
        path="/" + "/".join(segments or ["v1"]),
        query=parts.query,
        user_info=user_info if at else "",
    )
