"""What is seen of a batch while it runs: a live table on a terminal, else a line every few seconds."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Self, TextIO

from chatui.cli.batch_figures import say_cost
from chatui.cli.terminal_text import Canvas, Ink, fit, measure
from chatui.engine.answer import Answer
from chatui.engine.batch import Batch, BatchItem
from chatui.engine.figures import format_count, format_seconds, format_speed
from chatui.engine.stats import Phase

DRAW_SECONDS = 0.25
LINE_SECONDS = 5.0
_MOST_ROWS = 20
_SPEED_SPAN = 30.0
"""Seconds over which the pace is measured, for the time that is left."""

_LEAST_FOR_HEAD = 8
"""Rows of a terminal below which the table has no headings."""
_STATE_WIDTH = 22
"""Cells for what a prompt is doing, in the table."""


class Pace:
    """How many prompts finish in a second, lately."""

    def __init__(self) -> None:
        self._marks: deque[tuple[float, int]] = deque()

    def note(self, now: float, finished: int) -> None:
        """Note how many have finished."""
        self._marks.append((now, finished))
        while len(self._marks) > 2 and now - self._marks[0][0] > _SPEED_SPAN:
            self._marks.popleft()

    def seconds_left(self, remaining: int) -> float | None:
        """Seconds until so many more have finished at this pace; `None` while nothing can be said."""
        if len(self._marks) < 2:
            return None
        (start, before), (end, after) = self._marks[0], self._marks[-1]
        return remaining * (end - start) / (after - before) if after > before else None


class BatchView:
    """Entered, it shows how a batch goes; left, it takes away what can be taken away."""

    def __init__(
        self,
        batch: Batch,
        stream: TextIO,
        ink: Ink,
        *,
        total: Callable[[], int | None],
        skipped: Callable[[], int],
        is_table: bool,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`total` counts the prompts, where that is known."""
        self._batch = batch
        self._stream = stream
        self._ink = ink
        self._total = total
        self._skipped = skipped
        self._clock = clock
        self._canvas = Canvas(stream) if is_table else None
        self._pace = Pace()
        self._timer: asyncio.TimerHandle | None = None
        self._started = clock()

    def __enter__(self) -> Self:
        self._tick()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._canvas is not None:
            self._canvas.clear()

    def _tick(self) -> None:
        now = self._clock()
        self._pace.note(now, self._batch.tally.finished)
        wait = LINE_SECONDS
        if self._canvas is not None:
            wait = DRAW_SECONDS
            self._canvas.draw(self.table(*self._canvas.size))
        elif now - self._started >= LINE_SECONDS / 2:
            self._say(f"{self.progress(now)} · {self.totals()}")
        self._timer = asyncio.get_running_loop().call_later(wait, self._tick)

    def _say(self, line: str) -> None:
        try:
            print(f"chatui: {line}", file=self._stream, flush=True)
        except (OSError, ValueError):
            # Nobody listens any more; the work goes on.
            return

    def table(self, columns: int, rows: int) -> list[str]:
        """The lines of the live table for a terminal of that size."""
        now = self._clock()
        # The last column stays empty: some terminals wrap a line that fills it.
        width = max(columns - 1, 20)
        room = max(min(rows - 6, _MOST_ROWS), 2)
        running = list(self._batch.running.values())
        shown = running[: room - 1] if len(running) > room else running
        lines = [self._ink.dim(self._head(width))] if rows > _LEAST_FOR_HEAD else []
        lines += [self._row(each.item, each.answer, now, width) for each in shown]
        if more := len(running) - len(shown):
            lines.append(self._ink.dim(fit(f"{'':>6}  and {more} more", width)))
        done, total = self._batch.tally.finished + self._skipped(), self._total()
        lines.append(self._bar(done, total, width))
        lines.append(fit(self.progress(now), width))
        lines.append(self._ink.dim(fit(self.totals(), width)))
        return lines

    def _head(self, width: int) -> str:
        numbers = _lay_numbers("time", "speed", "tokens")
        left = fit("n", 6, is_right=True) + "  " + fit("state", _STATE_WIDTH)
        room = width - measure(left) - measure(numbers)
        return f"{left}{fit('prompt', room)}{numbers}" if room >= 0 else fit(f"{left}prompt", width)

    def _row(self, item: BatchItem, answer: Answer, now: float, width: int) -> str:
        stats = answer.stats
        state, is_waiting = self._state(answer, now)
        usage = stats.best_usage()
        speed = format_speed(stats.speed(now), is_estimate=True) if stats.speed(now) else ""
        count = format_count(usage.output, is_estimate=usage.estimated)
        numbers = _lay_numbers(format_seconds(stats.timing(now).total), speed, count)
        left = f"{item.n:>6}  "
        state_width = min(_STATE_WIDTH, width - len(left))
        room = width - len(left) - state_width
        if room < len(numbers):
            numbers = ""
        middle = fit(item.turns[-1].text[:400].lstrip(), max(room - len(numbers), 0))
        shown = self._ink.warning(fit(state, state_width)) if is_waiting else self._ink.accent(fit(state, state_width))
        return f"{self._ink.dim(left)}{shown}{middle}{self._ink.dim(numbers)}"

    def _state(self, answer: Answer, now: float) -> tuple[str, bool]:
        stats = answer.stats
        phase = stats.phase_at(now)
        hold = self._batch.hold_left()
        if phase is Phase.RETRYING and stats.retrying is not None:
            left = max(stats.retry_at - now, 0.0)
            return f"retry {stats.retrying.retry}/{stats.retrying.max_retries} in {left:.0f} s", True
        if phase is Phase.WAITING and hold > 0:
            return f"held for {hold:.0f} s", True
        return str(phase), False

    def _bar(self, done: int, total: int | None, width: int) -> str:
        filled = round(width * done / total) if total else 0
        return self._ink.good("━" * min(filled, width)) + self._ink.dim("─" * max(width - filled, 0))

    def progress(self, now: float) -> str:
        """How far it is, on one line."""
        done, total = self._batch.tally.finished + self._skipped(), self._total()
        if total is None:
            parts = [f"{done:,} done"]
        else:
            percent = f"{100 * done // total} %" if total else "100 %"
            parts = [f"{done:,} of {total:,}", percent]
            left = self._pace.seconds_left(total - done)
            if left is not None and done < total:
                parts.append(f"{format_seconds(left)} left")
        parts.append(f"{len(self._batch.running)} running")
        if (hold := self._batch.hold_left()) > 0:
            parts.append(f"the provider asks to wait {hold:.0f} s")
        return " · ".join(parts)

    def totals(self) -> str:
        """The sums so far, on one line."""
        tally = self._batch.tally
        about = tally.estimated > 0
        seconds = max(self._clock() - self._started, 1e-9)
        parts = [
            f"{tally.complete:,} ok",
            f"{tally.failed:,} failed",
            f"{tally.retried:,} retried",
            f"{format_count(tally.input, is_estimate=about)} in",
            f"{format_count(tally.output, is_estimate=about)} out",
            say_cost(tally),
        ]
        if tally.output:
            parts.append(format_speed(tally.output / seconds, is_estimate=about))
        return " · ".join(parts)


def _lay_numbers(time_taken: str, speed: str, tokens: str) -> str:
    return fit(time_taken, 11, is_right=True) + fit(speed, 13, is_right=True) + fit(tokens, 9, is_right=True)
