"""A reply that is continued: the kept one and its next part put together to one message, and the sums over parts."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from chatui.conversation.message import Message, Part
from chatui.conversation.usage import Timing, Usage


def parts_of(message: Message) -> tuple[Part, ...]:
    """The parts of a reply; one that was never continued is one part."""
    if message.parts:
        return tuple(message.parts)
    return (
        Part(
            start=0,
            model=message.model or "",
            created=message.created,
            status=message.status,
            finish_reason=message.finish_reason,
            usage=message.usage,
            timing=message.timing,
            cost=message.cost,
            attempts=message.attempts,
            retries=message.retries,
            failure=message.failure,
        ),
    )


def add_part(kept: Message, part: Part, text: str, reasoning: str = "") -> Message:
    """Return `kept` with another part at its end; `text` and `reasoning` are what that part brought.

    One that brought nothing and cost nothing leaves no part behind: only how it ended.
    """
    ended = replace(kept, status=part.status, finish_reason=part.finish_reason, failure=part.failure)
    if not text and not reasoning and part.usage is None and part.cost is None:
        return ended
    parts = (*parts_of(kept), part)
    return replace(
        ended,
        text=kept.text + text,
        reasoning=kept.reasoning + reasoning,
        usage=sum_usage(parts),
        timing=sum_timing(parts),
        cost=sum_cost(parts),
        attempts=sum(each.attempts for each in parts),
        retries=tuple(retry for each in parts for retry in each.retries),
        parts=parts,
    )


def seconds_between(before: Part, part: Part) -> float | None:
    """Seconds from the end of a part to the request of the next; `None` where the clock was set back meanwhile."""
    lasted = before.timing.total if before.timing is not None else 0.0
    seconds = (part.created - before.created).total_seconds() - lasted
    return seconds if seconds >= 0 else None


def sum_usage(parts: Sequence[Part]) -> Usage | None:
    """The tokens of all parts, for each request is paid for; `None` when none of them used any."""
    known = [part.usage for part in parts if part.usage is not None]
    if not known:
        return None
    return Usage(
        input=sum(usage.input for usage in known),
        output=sum(usage.output for usage in known),
        cached=sum(usage.cached for usage in known),
        reasoning=sum(usage.reasoning for usage in known),
        estimated=any(usage.estimated for usage in known),
    )


def sum_cost(parts: Sequence[Part]) -> float | None:
    """What all parts cost, in USD; `None` as soon as the price of one that used tokens is unknown."""
    paid = [part.cost for part in parts if part.usage is not None or part.cost is not None]
    known = [cost for cost in paid if cost is not None]
    return math.fsum(known) if known and len(known) == len(paid) else None


def sum_timing(parts: Sequence[Part]) -> Timing | None:
    """The times of all parts without the pauses between them; the first token is that of the first part."""
    known = [part.timing for part in parts if part.timing is not None]
    if not known:
        return None
    return Timing(
        first_token=known[0].first_token,
        total=math.fsum(timing.total for timing in known),
        reasoning=_sum_known(known, lambda timing: timing.reasoning),
    )


def _sum_known(timings: Sequence[Timing], take: Callable[[Timing], float | None]) -> float | None:
    known = [seconds for timing in timings if (seconds := take(timing)) is not None]
    return math.fsum(known) if known else None
