"""`chatui batch`: many prompts, several at a time, each result kept as soon as it is there."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import os
import random
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from chatui.cli.advice import explain
from chatui.cli.batch_arguments import BatchArguments, parse_batch
from chatui.cli.batch_figures import BatchReport, Failures, describe_summary, say_summary
from chatui.cli.batch_input import BatchDefaults, count_items, find_format, open_input, read_items
from chatui.cli.batch_output import BatchOutput, FileOutput, PipeOutput
from chatui.cli.batch_source import BatchSource
from chatui.cli.batch_view import BatchView
from chatui.cli.held_roster import hold_roster
from chatui.cli.outlet import Outlet
from chatui.cli.stops import Stops
from chatui.cli.teller import tell
from chatui.cli.terminal_text import Ink, is_terminal
from chatui.cli.workplace import Workplace, WrongUse, open_workplace
from chatui.conversation.failure import Failure
from chatui.conversation.message import Message, Status
from chatui.conversation.model_info import split_model_name
from chatui.engine.batch import Batch, BatchItem, BatchLimits
from chatui.engine.roster import Roster
from chatui.providers.registry import qualify_model
from chatui.storage.errors import StorageError
from chatui.storage.results_file import ResultsFile

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_BROKEN_PIPE = 141


def run(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run a batch and return the exit code.

    0 all complete, 1 some failed or it was stopped by a limit, 2 wrong use or configuration, 128 + n after signal n,
    141 when the reader of the results went away.
    """
    try:
        arguments = parse_batch(argv)
        place = open_workplace(environ, config_file=arguments.config, model=arguments.model, play=arguments.play)
        return asyncio.run(_run(arguments, place))
    except (WrongUse, StorageError) as error:
        tell(str(error))
        return EXIT_USAGE


async def _run(arguments: BatchArguments, place: Workplace) -> int:
    roster = hold_roster(place, random.random, arguments.max_retries)
    try:
        defaults = await _make_defaults(arguments, place, roster)
        if (row := place.rows.get(split_model_name(defaults.model)[0])) is not None:
            # httpx is loaded before the first request, so that no reply is timed with it.
            await asyncio.to_thread(row.provider.warm_up)
        job = _Job(arguments, place, roster, defaults)
        if arguments.output is None:
            return await _run_into_pipe(job)
        return await _run_into_file(job, arguments.output)
    finally:
        await roster.aclose()


async def _make_defaults(arguments: BatchArguments, place: Workplace, roster: Roster) -> BatchDefaults:
    """What holds for all prompts. Raises WrongUse where the model cannot be asked."""
    model = await roster.settle(place.model) if place.model else ""
    if model and isinstance(found := roster.find(model), Failure):
        raise WrongUse(f"{explain(found)} {place.suggest_models(model)}".strip())
    if not model and find_format(arguments.format, arguments.input) not in ("jsonl", "toml"):
        raise WrongUse("No model is set up. Name one with -m, as in -m deepseek/deepseek-flash; `chatui doctor` helps.")
    if model and arguments.max_cost is not None and roster.describe(model).price is None:
        raise WrongUse(
            f"The price of {model} is unknown, so --max-cost cannot hold. Give it a price in the config, in "
            "[providers.NAME.models.MODEL], or leave --max-cost out."
        )
    names = (*place.rows, "demo", "scripted")
    return BatchDefaults(
        model,
        arguments.system if arguments.system is not None else place.config.system,
        {**place.config.params, **arguments.params},
        arguments.template,
        lambda name: qualify_model(name, names) if name else "",
    )


async def _run_into_file(job: _Job, path: Path) -> int:
    file = await asyncio.to_thread(ResultsFile.open, path)
    with file:
        code = await job.run(FileOutput(file))
        if file.unclaimed:
            tell(f"{file.unclaimed:,} results in {path} belong to no prompt of this input; they stay, at the end.")
        try:
            await asyncio.to_thread(file.arrange, is_sorted=job.arguments.is_ordered)
        except StorageError as error:
            tell(f"{error.reason} All results are in {path}, in the order in which they finished.")
            code = code or EXIT_FAILED
    job.tell_summary(sys.stdout)
    return code


async def _run_into_pipe(job: _Job) -> int:
    fd = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC) if sys.stdout is None else sys.stdout.fileno()
    outlet = Outlet(fd, job.stop)
    output = PipeOutput(outlet.write, is_ordered=job.arguments.is_ordered)
    code = await job.run(output)
    output.finish()
    while not await outlet.drain(1.0):
        if job.signal_code:
            break
    job.tell_summary(sys.stderr)
    if outlet.problem:
        tell(f"The results could not be written: {outlet.problem}.")
        code = code or EXIT_FAILED
    return job.signal_code or (EXIT_BROKEN_PIPE if outlet.is_broken else code)


@dataclass(slots=True)
class _Job:
    """One run: from the input to the output, with what is shown of it."""

    arguments: BatchArguments
    place: Workplace
    roster: Roster
    defaults: BatchDefaults
    report: BatchReport = field(default_factory=BatchReport)
    failures: Failures = field(default_factory=Failures)
    batch: Batch = field(init=False)
    total: int | None = None
    signal_code: int | None = None
    _task: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        arguments = self.arguments
        limits = BatchLimits(arguments.concurrency, arguments.max_cost, arguments.max_failures)
        self.batch = Batch(self.roster, limits)

    def stop(self) -> None:
        """End what is under way."""
        if self._task is not None:
            self.report.stopped = len(self.batch.running)
            self._task.cancel()

    async def run(self, output: BatchOutput) -> int:
        """Ask all prompts whose result is not there and return the exit code. Raises WrongUse and StorageError."""
        arguments = self.arguments
        format_name = find_format(arguments.format, arguments.input)
        source = BatchSource(read_items(open_input(arguments.input), format_name, self.defaults))
        counting = asyncio.create_task(self._count(format_name))
        # Nothing that lives now dies before the end: the collector need not look at it again and again.
        gc.freeze()
        started = time.monotonic()
        try:
            with Stops(self.stop) as stops, self._view():
                self._task = asyncio.create_task(
                    self.batch.run(self._admitted(source, output), self._deliver_to(output))
                )
                with contextlib.suppress(asyncio.CancelledError):
                    await self._task
            self.signal_code = stops.exit_code
        finally:
            counting.cancel()
            self.report.seconds = time.monotonic() - started
        self.report.stop_reason = self.batch.stop_reason
        has_failed = bool(self.batch.tally.failed or self.batch.stop_reason)
        return self.signal_code or (EXIT_FAILED if has_failed else 0)

    def tell_summary(self, json_stream: object) -> None:
        """Tell what failed, then the figures: on standard error, or as JSON where that was asked for."""
        for line in self.failures.lines:
            tell(line)
        if self.arguments.is_json:
            text = json.dumps(describe_summary(self.batch.tally, self.report))
            with contextlib.suppress(OSError, ValueError):
                print(text, file=json_stream if json_stream is sys.stdout else sys.stderr, flush=True)
            return
        if sys.stderr is not None:
            with contextlib.suppress(OSError, ValueError):
                print("\n".join(say_summary(self.batch.tally, self.report)), file=sys.stderr, flush=True)

    def _view(self) -> contextlib.AbstractContextManager[object]:
        if sys.stderr is None:
            return contextlib.nullcontext()
        # Where the results go to the same terminal, a table among them would help nobody.
        is_shared = self.arguments.output is None and is_terminal(sys.stdout)
        is_table = is_terminal(sys.stderr) and not is_shared
        return BatchView(
            self.batch,
            sys.stderr,
            Ink(self.place.environ, is_terminal=is_table),
            total=lambda: self.total,
            skipped=lambda: self.report.skipped,
            is_table=is_table,
        )

    async def _admitted(self, source: BatchSource, output: BatchOutput) -> AsyncIterator[BatchItem]:
        """The prompts that have to be asked."""
        async for item in source:
            if output.has(item):
                self.report.skipped += 1
                continue
            await output.admit(item.n)
            yield item
        self.total = source.count

    def _deliver_to(self, output: BatchOutput) -> Callable[[BatchItem, Message], None]:
        def deliver(item: BatchItem, message: Message) -> None:
            if message.status is not Status.COMPLETE:
                self.failures.add(item.n, item.id, message)
            output.deliver(item, message)

        return deliver

    async def _count(self, format_name: str) -> None:
        """Count the prompts of a file, for the bar."""
        path = self.arguments.input
        if path is not None and path.is_file():
            self.total = await asyncio.to_thread(count_items, path, format_name)
