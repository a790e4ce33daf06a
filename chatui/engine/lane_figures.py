"""The figures of one of several replies that run at once, in words: while it streams, and once it is over."""

from __future__ import annotations

from chatui.conversation.message import Message, Status
from chatui.conversation.visible import make_visible_line
from chatui.engine.answer import Answer
from chatui.engine.figures import UNKNOWN, format_cost, format_count, format_seconds, format_speed
from chatui.engine.stats import Phase, speed_of


def say_lane(answer: Answer, now: float) -> str:
    """The figures of a reply that streams, or of one that is over, on one line, the ones told first first."""
    if (message := answer.message) is not None:
        return say_message(message)
    stats = answer.stats
    phase = stats.phase_at(now)
    if phase is Phase.RETRYING and stats.retrying is not None:
        left = max(stats.retry_at - now, 0.0)
        return f"retry {stats.retrying.retry}/{stats.retrying.max_retries} in {left:.0f} s"
    timing = stats.timing(now)
    parts = [str(phase), format_seconds(timing.total)]
    if timing.first_token is not None:
        parts.append(f"first {format_seconds(timing.first_token)}")
    if pace := stats.speed(now):
        parts.append(format_speed(pace, is_estimate=True))
    return " · ".join(parts)


def say_message(message: Message) -> str:
    """The figures of a reply that is over; what is unknown is left out, but for the cost."""
    usage, timing = message.usage, message.timing
    about = usage is not None and usage.estimated
    parts = [say_end(message)]
    if timing is not None:
        parts.append(format_seconds(timing.total))
        if timing.first_token is not None:
            parts.append(f"first {format_seconds(timing.first_token)}")
    if (speed := speed_of(message)) is not None:
        parts.append(format_speed(speed, is_estimate=about))
    if usage is not None:
        parts.append(f"{format_count(usage.output, is_estimate=about)} tokens")
        parts.append(UNKNOWN if message.cost is None else format_cost(message.cost, is_estimate=about))
    return " · ".join(parts)


def say_end(message: Message) -> str:
    """How a reply ended, in one or two words: the server's own, where it is complete."""
    if message.status is Status.COMPLETE:
        return make_visible_line(message.finish_reason or "complete")
    if message.failure is not None and message.status is Status.FAILED:
        return f"failed: {message.failure.kind.value.replace('_', ' ')}"
    return "stopped" if message.status is Status.CANCELLED else message.status.value
