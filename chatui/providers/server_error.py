"""What a server says went wrong: read from any of the shapes in use, and sorted into kinds."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from chatui.conversation.failure import FailureKind

_MAX_DEPTH = 6
"""Error objects lie in each other; deeper than this nobody means an error by it."""

_MESSAGE_FIELDS = (
    # What OAuth, Apigee and AWS call it stands where the usual names hold a code, or nothing.
    *("error_description", "faultstring", "fault", "error", "errors", "detail", "message", "msg", "html-message"),
    *("error_message", "error_msg", "status_msg", "Message", "title", "description", "reason", "text", "err", "info"),
)


@dataclass(frozen=True, slots=True)
class ServerError:
    """An error in the server's own words, still untrusted and uncut."""

    message: str = ""
    """What it says; empty where it says nothing."""
    code: str = ""
    """Its code, type and status words in lower case, joined by spaces."""
    status: int | None = None
    """The HTTP status that the error itself names."""


_PAGE = re.compile(r"<(!doctype|html|head|title|body|\?xml|error)\b", re.IGNORECASE)
_UNNAMED = ServerError("the server reported an error without saying which")


def read_stream_error(payload: object, event: str = "message") -> ServerError | None:
    """Return the error that a payload inside a good answer carries, or `None` where it is not an error.

    Shapes: `{"error": object | string | list}`, `{"object": "error", …}` (vLLM), `{"type": "error", …}` (Anthropic),
    `{"detail": …}` (FastAPI), `{"message": …}` without choices, `{"choices": [{"error": …}]}` (OpenRouter), the same in
    the delta, `{"base_resp": {"status_code": 1008, …}}` (MiniMax), `{"error_code": …, "error_msg": …}` (Baidu), a list
    of these (Gemini), and anything at all in an event of type `error`.
    """
    if event == "error":
        return _read(payload, 0) or _UNNAMED
    if isinstance(payload, list):
        return next((error for item in payload if (error := read_stream_error(item))), None)
    if not isinstance(payload, dict):
        return None
    gateway, base = payload.get("x_groq"), payload.get("base_resp")
    if isinstance(gateway, dict) and gateway.get("error"):
        return _read(gateway["error"], 0) or _UNNAMED
    if isinstance(base, dict) and base.get("status_code"):
        return _read(base, 0) or _UNNAMED
    if payload.get("error") or "error" in (payload.get("object"), payload.get("type")):
        return _read(payload, 0) or _UNNAMED
    choices = payload.get("choices")
    if not choices and payload.get("error_msg") and (error := _read(payload["error_msg"], 0)) and error.message:
        return error
    if isinstance(choices, list):
        return _read_choice(choices[0]) if choices else None
    told = (payload.get(name) for name in ("errors", "detail", "message", "msg"))
    return _read(payload, 0) if "usage" not in payload and any(isinstance(v, str | list) and v for v in told) else None


def _read_choice(choice: object) -> ServerError | None:
    holders = [choice, choice.get("delta"), choice.get("message")] if isinstance(choice, dict) else []
    told = next((holder["error"] for holder in holders if isinstance(holder, dict) and holder.get("error")), None)
    return None if told is None else _read(told, 0) or _UNNAMED


def read_error_body(body: bytes) -> ServerError:
    """Read the body of a refusal: JSON in any shape, events that hold it, HTML (its title), XML, or text."""
    text = body.decode("utf-8", "replace").lstrip("\ufeff").strip().removeprefix("error:").lstrip()
    try:
        payload = _parse_first(text)
    except ValueError:
        return ServerError(read_page(text) if text.startswith("<") else text)
    return _read(payload, 0) or ServerError()


def _parse_first(text: str) -> object:
    """The JSON value that a text begins with, or that its first event holds. Raises ValueError."""
    if text.startswith(("data:", "event:")):
        text = text.partition("data:")[2].lstrip()
    try:
        value: object
        value, end = json.JSONDecoder(strict=False).raw_decode(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(value, dict | list) and end < len(text):
        raise ValueError("a text that begins with a number, say, which says less than the text")
    return value


def read_page(text: str) -> str:
    """What a page says: its title, or the message of an XML error."""
    said = re.search(r"<message[^>]{0,200}>(.{1,500}?)</message", text, re.IGNORECASE | re.DOTALL)
    return " ".join(html.unescape(said[1]).split()) if said else html_title(text)


def read_retry_delay(body: bytes) -> float | None:
    """Return the seconds that Google's `RetryInfo` in an error asks to wait; it sends no header with them."""
    found = re.search(rb'"retryDelay"\s*:\s*"(\d{1,6}(?:\.\d{1,9})?)s"', body)
    return float(found[1]) or None if found else None


def html_title(text: str) -> str:
    """The title of an HTML page, or the words `a web page`."""
    found = re.search(r"<title[^>]{0,200}>(.{1,500}?)</title", text, re.IGNORECASE | re.DOTALL)
    title = " ".join(html.unescape(found[1]).split()) if found else ""
    return title or "a web page"


def _read(value: object, depth: int) -> ServerError | None:
    if depth > _MAX_DEPTH or value is None or isinstance(value, bool):
        return None
    if isinstance(value, str):
        return _read_text(value.strip(), depth)
    if isinstance(value, int | float):
        return ServerError(str(value)) if value else None
    if isinstance(value, list):
        errors = [error for item in value[:5] if (error := _read(item, depth + 1))]
        if not errors:
            return None
        return ServerError("; ".join(error.message for error in errors), errors[0].code, errors[0].status)
    return _read_object(value, depth) if isinstance(value, dict) else None


def _read_text(text: str, depth: int) -> ServerError | None:
    """A text, or the error that gateways pass on as text: JSON once more, or a page."""
    if text.startswith("{"):
        with suppress(ValueError):
            if found := _read(_parse_first(text), depth + 1):
                return found
    if _PAGE.match(text):
        text = read_page(text)
    return ServerError(text) if text else None


def _read_object(value: Mapping[str, object], depth: int) -> ServerError | None:
    found = [error for name in _MESSAGE_FIELDS if (error := _read(value.get(name), depth + 1))]
    inner = next((error for error in found if error.message), found[0] if found else None)
    words = [
        str(value[name])
        for name in ("code", "type", "status", "status_code", "error_code")
        if isinstance(value.get(name), str | int)
    ]
    code = " ".join([*words, *([inner.code] if inner and inner.code else [])]).lower()
    status = next((number for word in words if (number := _http_status(word)) is not None), None)
    if inner is None and not code:
        return None
    message = inner.message if inner else ""
    place = value.get("loc")
    if isinstance(place, list) and message:
        message = f"{'.'.join(str(step) for step in place[:8] if isinstance(step, str | int))}: {message}"
    cause = value.get("metadata")
    raw = cause.get("raw") if isinstance(cause, dict) else None
    if isinstance(raw, str) and raw.strip():
        # OpenRouter says only "Provider returned error"; what the provider said lies in `metadata.raw`.
        told = _read_text(raw.strip(), depth)
        message = ": ".join(filter(None, (message, told.message if told else "")))
    return ServerError(message, code, status if status is not None else inner.status if inner else None)


def _http_status(word: str) -> int | None:
    return int(word) if re.fullmatch(r"[45]\d\d", word) else None


_RULES = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"insufficient_quota|billing_hard_limit|exceeded_current_quota", FailureKind.QUOTA),
        (r"insufficient[ _]balance|credit balance|insufficient[ _]credits|insufficient[ _]funds", FailureKind.FUNDS),
        (
            r"context_length|context length|context window|maximum context|context size|exceed_context_size"
            r"|(prompt|input|request) is too (long|large)|too many tokens|reduce the length",
            FailureKind.CONTEXT_TOO_LONG,
        ),
        (
            r"content_filter|content[ _]policy|content management|moderation|flagged|data_inspection",
            FailureKind.CONTENT_FILTER,
        ),
        (
            r"invalid_api_key|api_key_invalid|incorrect api key|invalid api key|api key not valid|authentication"
            r"|unauthori[sz]ed|permission_denied|permission_error",
            FailureKind.AUTHENTICATION,
        ),
        (
            r"model_not_found|unknown_model|invalid_model|no such model|not_found_error"
            r"|model\b.{0,120}\b(not found|does not exist|not exist|is not supported|unknown)",
            FailureKind.NOT_FOUND,
        ),
        (r"rate[ _-]?limit|too many requests|resource_exhausted", FailureKind.RATE_LIMIT),
        (
            r"overloaded|unavailable|(no|at|over|out of|exceeded) capacity|insufficient_system_resource|loading model",
            FailureKind.OVERLOADED,
        ),
        (r"timed? ?out", FailureKind.TIMEOUT),
        (r"invalid_request|bad request|bad_request|invalid_argument", FailureKind.BAD_REQUEST),
    )
)

_BY_STATUS = {
    401: FailureKind.AUTHENTICATION,
    402: FailureKind.FUNDS,
    404: FailureKind.NOT_FOUND,
    408: FailureKind.TIMEOUT,
    413: FailureKind.CONTEXT_TOO_LONG,
    503: FailureKind.OVERLOADED,
    529: FailureKind.OVERLOADED,
}

_BY_STATUS_AND_WORDS = {
    403: (FailureKind.AUTHENTICATION, {FailureKind.CONTENT_FILTER, FailureKind.FUNDS, FailureKind.QUOTA}),
    429: (FailureKind.RATE_LIMIT, {FailureKind.QUOTA}),
}
"""The kind of a status, and the kinds that its words may turn it into."""

_BAD_REQUEST_KINDS = {
    FailureKind.QUOTA,
    FailureKind.FUNDS,
    FailureKind.CONTEXT_TOO_LONG,
    FailureKind.CONTENT_FILTER,
    FailureKind.AUTHENTICATION,
    FailureKind.NOT_FOUND,
}


def classify(error: ServerError, status: int | None = None) -> FailureKind:
    """Sort an error by the HTTP status, or by the status it names itself, and by its words where those say more."""
    status = error.status if status is None else status
    words = f"{error.code} {error.message}"[:4000].lower()
    by_words = next((kind for pattern, kind in _RULES if pattern.search(words)), None)
    if status is None:
        return by_words or FailureKind.SERVER
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status >= 500:
        return FailureKind.SERVER
    if status == 429 and by_words is FailureKind.FUNDS:
        return FailureKind.QUOTA  # Waiting does not help, whichever of the two the server means.
    default, allowed = _BY_STATUS_AND_WORDS.get(status, (FailureKind.BAD_REQUEST, _BAD_REQUEST_KINDS))
    return by_words if by_words in allowed else default
