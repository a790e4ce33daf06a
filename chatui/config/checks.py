"""What a value must be beyond its type: ranges and forms, one row per setting.

A check returns what is wrong and what is expected, or an empty string. It never repeats a value that may be a secret.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

Check = Callable[[object], str]

_DAY = 86_400
_MOST_TOKENS = 1_000_000_000
_MOST_USD = 1_000_000
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""RFC 9110, section 5.6.2: a token."""
_OWN_PARAMS = {"messages", "stream", "stream_options"}
"""Fields of the request that chatui writes itself."""
_CONTINUATIONS = ("prefix", "continue_final_message", "last_message", "words")
_NUMBERS = {
    "temperature": "0.7",
    "top_p": "0.9",
    "min_p": "0.05",
    "presence_penalty": "0.5",
    "frequency_penalty": "0.5",
    "repetition_penalty": "1.1",
}
"""Parameters that every server takes as a number only, with an example."""
_WHOLE_NUMBERS = {"max_tokens": "1024", "max_completion_tokens": "1024", "seed": "42", "top_k": "40"}
_TOP_LEVEL = {"model", "theme", "system", "favorites"}


def _number(lowest: int, highest: int, unit: str) -> Check:
    def check(value: object) -> str:
        # Not a number and the infinities, which TOML has, fail both comparisons or one.
        is_inside = isinstance(value, int | float) and lowest <= value <= highest
        return "" if is_inside else f"expected {unit} from {lowest:,} to {highest:,}, found {str(value)[:20]}"

    return check


def _positive(unit: str, highest: int) -> Check:
    def check(value: object) -> str:
        is_inside = isinstance(value, int | float) and 0 < value <= highest
        return "" if is_inside else f"expected {unit} above 0 and up to {highest:,}, found {str(value)[:20]}"

    return check


def check_model(value: object) -> str:
    """A model's full name: `provider/model`; the model's part may hold more slashes."""
    provider, _, model = str(value).partition("/")
    if provider and model and str(value).isprintable():
        return ""
    return 'expected "provider/model", such as "deepseek/deepseek-flash"'


def check_provider_name(value: object) -> str:
    """A provider's name: it stands before the slash in `provider/model`, so it holds none."""
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", str(value)):
        return ""
    return "a provider's name is made of letters, digits, - and _"


def check_base_url(value: object) -> str:
    """An http or https address; the scheme may be left out."""
    text = str(value)
    try:
        parts = urlsplit(text if "://" in text else f"//{text}")
        is_address = bool(parts.hostname) and parts.scheme in ("", "http", "https") and (parts.port or 1) > 0
    except ValueError:  # a port that is no number, a bracket that is not closed
        is_address = False
    if is_address and text.isprintable() and " " not in text:
        return ""
    return 'expected an address that begins with http:// or https://, such as "https://llm.example.com/v1"'


def check_header(name: str, value: object) -> str:
    """A header that HTTP can carry (RFC 9110, section 5)."""
    if not _HEADER_NAME.fullmatch(name):
        return "a header's name has no spaces, colons or letters outside ASCII"
    if not isinstance(value, str):
        return "expected the header's value in quotes"
    return "" if value.isascii() and value.isprintable() else "a header's value is one line of ASCII"


def check_param(name: str, value: object) -> str:
    """A sampling parameter that JSON can carry and that chatui does not write itself."""
    if name in _OWN_PARAMS:
        return "chatui sets this by itself"
    if name in _TOP_LEVEL:
        return f'this would be sent as a parameter; "{name}" belongs above the first [table]'
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    if name in _WHOLE_NUMBERS and not is_whole:
        return f"expected a whole number, as in {name}={_WHOLE_NUMBERS[name]}"
    if name in _NUMBERS and not (is_whole or (isinstance(value, float) and math.isfinite(value))):
        return f"expected a number, as in {name}={_NUMBERS[name]}"
    return "" if _is_json(value) else "expected a number, text, true or false, or a list or table of them"


def check_continuation(value: object) -> str:
    """A way to continue a reply, by its name."""
    return "" if value in ("", *_CONTINUATIONS) else f"expected one of {', '.join(_CONTINUATIONS)}"


def check_key(name: str, value: object) -> str:
    """A key for a command, such as `ctrl+o`; whether there is such a command is for the command table to say."""
    is_key = isinstance(value, str) and value.strip() and value.isprintable()
    return "" if is_key else f'expected a key in quotes for "{name}", such as "ctrl+o"'


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "model": check_model,
        "favorites": check_model,
        "base_url": check_base_url,
        "connect_timeout": _positive("seconds", _DAY),
        "idle_timeout": _positive("seconds", _DAY),
        "max_retries": _number(0, 10, "a whole number"),
        "initial_backoff": _number(0, _DAY, "seconds"),
        "max_backoff": _number(0, _DAY, "seconds"),
        "continuation": check_continuation,
        "context_window": _positive("tokens", _MOST_TOKENS),
        "max_output": _positive("tokens", _MOST_TOKENS),
        "input": _number(0, _MOST_USD, "USD per million tokens"),
        "output": _number(0, _MOST_USD, "USD per million tokens"),
        "cached": _number(0, _MOST_USD, "USD per million tokens"),
    }
)
"""The check of a field, by its name; for a list, that of each item."""

ENTRY_CHECKS: Mapping[str, Callable[[str, object], str]] = MappingProxyType(
    {"headers": check_header, "params": check_param, "keys": check_key}
)
"""The check of each entry of a table whose keys are the user's own."""


def _is_json(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, list):
        return all(_is_json(item) for item in value)
    if isinstance(value, dict):
        return all(_is_json(item) for item in value.values())
    return isinstance(value, str | bool | int)
