"""What one payload of a chat completion holds: pure look-ups that take any JSON, whatever type sits where."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping

from chatui.conversation.usage import Usage
from chatui.providers.scalars import replace_surrogates

_KEEP_ALIVES = frozenset({"ping", "[ping]", "keepalive", "keep-alive", "keep_alive", "[keepalive]", "heartbeat"})
"""Words that gateways send as data, where a comment would do."""
_MOST_TOKENS = 2**53
"""Above it a count is nonsense, and TOML files could not hold every such number."""

_REASONING_FIELDS = ("reasoning_content", "reasoning", "reasoning_text")
"""Some servers fill two of them with the same text: the first one that holds something counts."""


def _read_int(digits: str) -> int | float:
    # Python refuses to read an integer of more than 4300 digits; none that long means anything here.
    return int(digits) if len(digits) <= 400 else math.inf


_STRICT = json.JSONDecoder()
_LENIENT = json.JSONDecoder(strict=False, parse_int=_read_int)
"""Takes line ends inside strings and integers of any length."""


class UnreadablePayload(ValueError):
    """A payload that is not JSON; what could be read before it is in `read`."""

    def __init__(self, read: list[object], rest: str) -> None:
        super().__init__("not JSON")
        self.read = read
        self.rest = rest


def read_payloads(data: str) -> list[object]:
    """Return the JSON values in the data of one event; normally one.

    Glued events (`{…}data: {…}`, values on lines of their own) are taken apart; a `[DONE]` among them is given as the
    string `[DONE]`, and comments (`: …`) and words that keep a connection alive are left out. Raises UnreadablePayload.
    """
    if data[:12].lower() in _KEEP_ALIVES:
        return []
    try:
        return [_STRICT.decode(data)]
    except (ValueError, RecursionError):
        return list(_read_glued(data))


def _read_glued(data: str) -> Iterator[object]:
    read: list[object] = []
    place = 0
    while True:
        while data[place : place + 1].isspace() or data[place : place + 1] == "\ufeff":
            place += 1
        if data.startswith("data:", place):
            place += len("data:")
            continue
        if place >= len(data):
            break
        if data.startswith("[DONE]", place):
            read.append("[DONE]")
            place += len("[DONE]")
        elif data.startswith(":", place):
            end = data.find("\n", place)
            place = len(data) if end < 0 else end
        else:
            try:
                value, place = _LENIENT.raw_decode(data, place)
            except (ValueError, RecursionError):
                raise UnreadablePayload(read, data[place:]) from None
            read.append(value)
    yield from read


def first_choice(payload: Mapping[str, object]) -> Mapping[str, object] | None:
    """The choice with index 0, or the one without an index; others are other answers, which nobody asked for."""
    choices = payload.get("choices")
    if not isinstance(choices, list):
        return None
    for choice in choices:
        if isinstance(choice, dict) and choice.get("index") in (None, 0, "0"):
            return choice
    return None


def read_text(choice: Mapping[str, object], *, has_text: bool) -> tuple[str, str]:
    """Return the (answer, reasoning) that a choice adds.

    `has_text` says that deltas came before: then a whole `message` at the end only repeats them.
    """
    delta = choice.get("delta")
    if isinstance(delta, str):
        return delta, ""
    message = choice.get("message")
    answer, reasoning = _read_message(delta) if isinstance(delta, dict) else ("", "")
    if not answer and not reasoning and isinstance(message, dict) and not has_text:
        answer, reasoning = _read_message(message)
    text = choice.get("text")
    if not answer and isinstance(text, str):
        answer = text
    return answer, reasoning


def _read_message(message: Mapping[str, object]) -> tuple[str, str]:
    answer, reasoning = _read_content(message.get("content"))
    refusal = message.get("refusal")
    if not answer and isinstance(refusal, str):
        answer = refusal
    for name in _REASONING_FIELDS:
        value = message.get(name)
        if isinstance(value, str) and value:
            return answer, value
    return answer, reasoning or _read_parts(message.get("reasoning_details"), ("text", "summary"))


def _read_content(content: object) -> tuple[str, str]:
    """Content is a string, or a list of parts, some of which may be thinking (Mistral)."""
    if isinstance(content, str):
        return content, ""
    if isinstance(content, dict):
        content = [content]
    if not isinstance(content, list):
        return "", ""
    thoughts = [part for part in content if _is_thought(part)]
    answers = [part for part in content if not _is_thought(part)]
    return _read_parts(answers, ("text", "content", "refusal")), _read_parts(
        thoughts, ("thinking", "text", "reasoning")
    )


def _is_thought(part: object) -> bool:
    return isinstance(part, dict) and part.get("type") in ("thinking", "reasoning")


def _read_parts(parts: object, names: tuple[str, ...], depth: int = 0) -> str:
    if isinstance(parts, str):
        return parts
    if isinstance(parts, dict):
        parts = [parts]
    if not isinstance(parts, list) or depth > 3:
        return ""
    pieces: list[str] = []
    for part in parts:
        if isinstance(part, str):
            pieces.append(part)
        elif isinstance(part, dict):
            found = next((part[name] for name in (*names, "value") if part.get(name)), None)
            pieces.append(_read_parts(found, (*names, "text"), depth + 1))
    return "".join(pieces)


def read_finish_reason(choice: Mapping[str, object]) -> str | None:
    """The finish reason, verbatim; `None` while there is none."""
    reason = choice.get("finish_reason")
    return replace_surrogates(reason) if isinstance(reason, str) and reason else None


def has_tool_call(choice: Mapping[str, object]) -> bool:
    """Whether the model asks for a tool here."""
    holders = [holder for name in ("delta", "message") if isinstance(holder := choice.get(name), dict)]
    return any(holder.get(name) for holder in holders for name in ("tool_calls", "function_call"))


def read_usage(payload: Mapping[str, object]) -> tuple[Usage, float | None] | None:
    """Return the usage and the cost in USD that a payload reports; `None` where it reports none.

    It lies in `usage` of the payload, of the first choice (Moonshot) or of `x_groq`. All zero means unknown.
    """
    choice = first_choice(payload) or {}
    for holder in (payload, choice, choice.get("delta"), payload.get("x_groq")):
        usage = holder.get("usage") if isinstance(holder, dict) else None
        if isinstance(usage, dict) and (found := _read_usage_object(usage)):
            return found
    return None


def _read_usage_object(usage: Mapping[str, object]) -> tuple[Usage, float | None] | None:
    sent = _first_count(usage, "prompt_tokens", "input_tokens")
    received = _first_count(usage, "completion_tokens", "output_tokens")
    if not sent and not received:
        return None
    in_details = _first_object(usage, "prompt_tokens_details", "input_tokens_details")
    out_details = _first_object(usage, "completion_tokens_details", "output_tokens_details")
    cached = _first_count(in_details, "cached_tokens") or _first_count(
        usage, "prompt_cache_hit_tokens", "cached_tokens"
    )
    reasoning = _first_count(out_details, "reasoning_tokens") or _first_count(usage, "reasoning_tokens")
    cost = usage.get("cost")
    if isinstance(cost, dict):
        cost = cost.get("total_cost")
    return Usage(input=sent, output=received, cached=cached, reasoning=reasoning), read_amount(cost)


def read_amount(value: object) -> float | None:
    """A finite number that is not negative, from a number or a numeric string; `None` for all else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        amount = float(value)
    except (ValueError, OverflowError):
        return None
    return amount if math.isfinite(amount) and amount >= 0 else None


def read_count(value: object) -> int:
    """A count of tokens; 0 for what is none."""
    amount = None if isinstance(value, str) else read_amount(value)
    return int(amount) if amount is not None and amount <= _MOST_TOKENS else 0


def _first_count(holder: Mapping[str, object], *names: str) -> int:
    return next((count for name in names if (count := read_count(holder.get(name)))), 0)


def _first_object(holder: Mapping[str, object], *names: str) -> Mapping[str, object]:
    return next((value for name in names if isinstance(value := holder.get(name), dict)), {})
