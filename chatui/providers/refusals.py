"""From what a server answered to a failure that tells the user what happened and what to do next.

Nothing here raises, and every word of a server is cleaned: keys out, controls visible, one line, cut.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.request import Turn
from chatui.conversation.visible import make_visible_line
from chatui.providers.address import BaseUrl
from chatui.providers.keys import FoundKey
from chatui.providers.quirks import Quirks
from chatui.providers.redactor import Redactor
from chatui.providers.server_error import ServerError, classify, read_error_body, read_page, read_retry_delay

MAX_SHOWN = 500
"""Characters of a failure's message."""

_RETIRED = {"deepseek-chat": "deepseek-flash", "deepseek-reasoner": "deepseek-flash"}
"""Model ids that many examples still name, and what took their place (api-docs.deepseek.com, 2026-07-24)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who was asked for what, with which key: all that a failure may need to name."""

    quirks: Quirks
    url: BaseUrl
    model: str = ""
    key: FoundKey | None = None
    redactor: Redactor = field(default_factory=Redactor)
    url_setting: str = ""
    """Where the address is set, as the user knows it: `base_url in [providers.work]` or `CHATUI_BASE_URL`."""
    key_setting: str = ""
    """How a key would be set."""

    def clean(self, text: str) -> str:
        """Return server text without keys, on one line, safe to show."""
        # The cut comes first, so that a huge text costs nothing; a key that it cuts through is still found.
        return make_visible_line(self.redactor.redact(text[: MAX_SHOWN * 8])).strip()

    def fail(self, kind: FailureKind, message: str, status: int | None = None) -> Failure:
        """Make a failure with the advice of its kind."""
        return Failure(kind, shorten(self.clean(message)), status=status, advice=advise(kind, self))


def shorten(text: str) -> str:
    """Cut a message to what may be shown."""
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


def explain_refusal(status: int, headers: Mapping[str, str], body: bytes, asked: Asked) -> Failure:
    """Explain an answer with a status of 300 and above. `headers` have lower-case names."""
    if status < 400:
        return _explain_redirect(status, headers.get("location", ""), asked)
    error = read_error_body(body)
    kind = classify(error, status)
    said = asked.clean(error.message)
    message = f"{asked.quirks.label} answered {status}" + (f": {said}" if said else f" ({_phrase(status)}).")
    return Failure(
        kind,
        shorten(message),
        status=status,
        advice=advise(kind, asked, status),
        retry_after=parse_retry_after(headers, datetime.now(UTC)) or read_retry_delay(body),
        may_retry={"true": True, "false": False}.get(headers.get("x-should-retry", "").strip().lower()),
    )


def explain_stream_error(error: ServerError, asked: Asked) -> Failure:
    """Explain an error inside an answer that began well."""
    said = asked.clean(error.message) or asked.clean(error.code) or "it does not say which"
    kind = classify(error)
    message = shorten(f"{asked.quirks.label} reported an error: {said}")
    return Failure(kind, message, status=error.status, advice=advise(kind, asked))


def explain_foreign_answer(status: int, body: bytes, asked: Asked) -> Failure:
    """Explain a good answer that holds no reply: a web page, other JSON, text, or nothing."""
    text = body[: MAX_SHOWN * 8].decode("utf-8", "replace").lstrip("\ufeff").strip()
    if not text:
        what = f"{status} with an empty body."
    elif text.startswith("<"):
        title = asked.clean(read_page(text))
        what = f"with a web page: “{title[:60]}{'…' if len(title) > 60 else ''}”"
    else:
        excerpt = asked.clean(text)
        what = f"with no reply: {excerpt[:200]}{'…' if len(excerpt) > 200 else ''}"
    message = f"{asked.url.shown} answered {what}"
    return Failure(FailureKind.PROTOCOL, shorten(message), status=status, advice=_check_address(asked))


def _explain_redirect(status: int, location: str, asked: Asked) -> Failure:
    try:
        target = urlsplit(urljoin(asked.url.join("chat/completions"), location))
        host = target.netloc.rpartition("@")[2]
        place = f"{target.scheme}://{host}" if location and host else "another address"
        if place == asked.url.origin:
            # Only there the path is what differs; elsewhere it may hold secrets of others.
            place += target.path
    except ValueError:
        place = "another address"
    message = (
        f"{asked.url.shown} sends us on to {asked.clean(place)[:200]}. The prompt and the key were not sent there."
    )
    advice = f"If that is right, change {asked.url_setting or 'base_url'}."
    return Failure(FailureKind.CONFIGURATION, shorten(message), status=status, advice=advice)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "no reason given"


def _check_address(asked: Asked) -> str:
    return f"Check {asked.url_setting or 'base_url'}: it usually ends in /v1."


def advise(kind: FailureKind, asked: Asked, status: int | None = None) -> str:
    """Say what the user can do next, naming the key, the setting or the model concerned."""
    quirks = asked.quirks
    match kind:
        case FailureKind.AUTHENTICATION:
            return _advise_key(asked, status)
        case FailureKind.FUNDS | FailureKind.QUOTA:
            account = f" ({asked.key.source})" if asked.key else ""
            return f"Add credit to the {quirks.label} account{account}, or choose another model."
        case FailureKind.RATE_LIMIT if asked.key is not None:
            return f"Wait a little and ask again, or choose another model; the limit is that of {asked.key.source}."
        case FailureKind.RATE_LIMIT | FailureKind.OVERLOADED:
            return "Wait a little and ask again, or choose another model."
        case FailureKind.NOT_FOUND:
            return _advise_model(asked)
        case FailureKind.CONTEXT_TOO_LONG:
            return "Start a new session, or choose a model with a larger context window."
        case FailureKind.CONTENT_FILTER:
            return "Put the prompt differently, or choose another model."
        case FailureKind.BAD_REQUEST if status == HTTPStatus.METHOD_NOT_ALLOWED:
            return _check_address(asked)
        case FailureKind.BAD_REQUEST if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
            return "Put user and password of the proxy into HTTP_PROXY: http://USER:PASSWORD@HOST:PORT."
        case FailureKind.BAD_REQUEST:
            return "Check the parameters: the model may not take one of them."
        case FailureKind.NETWORK if asked.url.is_loopback:
            return f"Is {quirks.label} running? Its address is {asked.url_setting or 'base_url'}."
        case FailureKind.NETWORK:
            return f"Check the network and {asked.url_setting or 'base_url'}, then ask again."
        case FailureKind.TIMEOUT:
            return f"Ask again; idle_timeout in [providers.{quirks.name}] sets how long to wait."
        case FailureKind.PROTOCOL | FailureKind.CONFIGURATION:
            return _check_address(asked)
    return "Ask again, or choose another model."


def advise_images(asked: Asked, turns: Iterable[Turn]) -> str:
    """Say what to do about a refusal of a request that had images in it."""
    model = asked.clean(asked.model)[:100]
    if any(isinstance(placed.image, str) for turn in turns for placed in turn.placed):
        return f"{model} may fetch no images by their address: send them as data: URLs, or choose another model."
    setting = f'images = false in [providers.{asked.quirks.name}.models."{model}"]'
    return f"{model} may take no images, or not these: choose another model, or set {setting} so that none are sent."


def _advise_key(asked: Asked, status: int | None) -> str:
    page = f"; a new one is made at {asked.quirks.key_page}" if asked.quirks.key_page else ""
    if asked.key is None:
        return f"It wants a key: {asked.key_setting or 'set one'}{page}."
    if status == 403:
        return f"The key from {asked.key.source} may not do this: check its rights, or choose another model."
    return f"Check the key from {asked.key.source}{asked.key.hint}{page}."


def _advise_model(asked: Asked) -> str:
    model = asked.clean(asked.model)[:100]
    if newer := _RETIRED.get(asked.model):
        return f"{model} is retired; choose {newer}."
    named = f"{asked.quirks.label} may have no model “{model}”: choose" if model else "Choose"
    return f"{named} another one, or check {asked.url_setting or 'base_url'}."


def parse_retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds that a server asks to wait: `retry-after-ms`, else `Retry-After` (seconds, decimals or date).

    `None` for 0, negative numbers and garbage. A date is taken against the server's own `Date` where the two clocks
    differ, so that a wrong clock here does no harm; where they agree, ours is the finer one.
    """
    for name, unit in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            seconds = float(headers.get(name, "")) / unit
        except ValueError:
            continue
        if math.isfinite(seconds) and seconds > 0:
            return seconds
    until = _parse_date(headers.get("retry-after", ""))
    if until is None:
        return None
    there = _parse_date(headers.get("date", ""))
    is_wrong_here = there is not None and not 0 <= (now - there).total_seconds() < 1
    seconds = (until - (there if there is not None and is_wrong_here else now)).total_seconds()
    return seconds if seconds > 0 else None


def _parse_date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
