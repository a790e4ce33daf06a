"""`chatui compare`: one prompt to several models at once, side by side."""

from __future__ import annotations

import asyncio
import os
import random
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from types import TracebackType
from typing import Self

from chatui.cli.advice import explain
from chatui.cli.compare_figures import lay_comparison
from chatui.cli.held_roster import hold_roster
from chatui.cli.many_commands import COMPARE
from chatui.cli.parser import Values, read_words
from chatui.cli.prompt_text import AskedPrompt, PromptError, read_prompt
from chatui.cli.reply_json import describe_reply, encode_json
from chatui.cli.side_by_side import Column, lay_out
from chatui.cli.stops import Stops
from chatui.cli.teller import tell
from chatui.cli.terminal_text import Canvas, is_terminal
from chatui.cli.workplace import Workplace, WrongUse, open_workplace
from chatui.conversation.events import FieldRefused, Retrying, SaveFailed, Warned
from chatui.conversation.failure import Failure
from chatui.conversation.message import Status
from chatui.conversation.model_info import split_model_name
from chatui.engine.adaptations import say_refused
from chatui.engine.comparison import Comparison, LaneEvent
from chatui.engine.lane_figures import say_lane
from chatui.engine.live_session import LiveSession
from chatui.engine.words import say_retry
from chatui.providers.registry import qualify_model
from chatui.storage.errors import StorageError

EXIT_FAILED = 1
EXIT_USAGE = 2
MAX_MODELS = 8
_DRAW_SECONDS = 0.2


def run(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Compare and return the exit code.

    0 all complete, 1 one of them interrupted or failed, 2 wrong use or configuration, 128 + n after signal n.
    """
    values = read_words(COMPARE, argv)
    try:
        names = list(dict.fromkeys(values["model"]))
        if not 2 <= len(names) <= MAX_MODELS:
            raise WrongUse(f"Name 2 to {MAX_MODELS} different models, each with -m.")
        place = open_workplace(
            environ, data_dir=values["data_dir"], config_file=values["config"], model=names[0], play=values["play"]
        )
        has_demo = any(split_model_name(name)[0] == "demo" for name in names)
        roster = hold_roster(place, random.random, values["max_retries"], has_demo=has_demo)
        place = replace(place, roster=roster)
        models = [qualify_model(name, (*place.rows, "demo", "scripted")) for name in names]
        for model in models:
            if isinstance(found := place.roster.find(model), Failure):
                raise WrongUse(f"{explain(found)} {place.suggest_models(model)}".strip())
        asked = read_prompt(" ".join(values["words"]), values["file"], tell)
        return asyncio.run(_compare(place, models, asked, values))
    except (WrongUse, PromptError, StorageError) as error:
        tell(str(error))
        return EXIT_USAGE


async def _compare(place: Workplace, models: Sequence[str], asked: AskedPrompt, values: Values) -> int:
    live = place.make_sessions(models[0], dict(values["param"])).make(is_kept=values["save"])
    try:
        if values["system"] is not None:
            await live.set_system(values["system"])
        await asyncio.to_thread(_warm_up, place, models)
        comparison = live.make_comparison(models)
        with Stops(live.stop) as stops, _Screen(comparison):
            live.attached.add(*asked.images)
            warnings = await _follow(live, comparison, asked.text)
    finally:
        await live.aclose()
        await place.roster.aclose()
    messages = [answer.message for answer in comparison.lanes if answer.message is not None]
    session = live.header.id if values["save"] else None
    if values["json"]:
        replies = [describe_reply(message, session) for message in messages]
        _print([encode_json({"prompt": asked.text, "session": session, "replies": replies})])
    else:
        _print(_say_answers(comparison))
    for warning in warnings:
        tell(warning)
    for message in messages:
        if message.failure is not None:
            tell(f"{message.model}: {explain(message.failure)}")
    if session is not None and not values["json"]:
        tell(f"Kept as one session, with the answers as siblings: chatui -r {session}")
    is_complete = all(message.status is Status.COMPLETE for message in messages)
    return stops.exit_code or (0 if is_complete else EXIT_FAILED)


async def _follow(live: LiveSession, comparison: Comparison, prompt: str) -> Sequence[str]:
    """Run it, and return what is to be told when the columns are gone."""
    warnings: list[str] = []
    async with aclosing(live.compare(comparison, prompt)) as events:
        async for happened in events:
            match happened:
                case LaneEvent(event=SaveFailed(reason)):
                    tell(f"Not saved: {reason}")
                case LaneEvent(int(lane), Retrying(failure, retry, max_retries, wait)) if not is_terminal(sys.stderr):
                    tell(f"{comparison.models[lane]}: {say_retry(failure, retry, max_retries, wait)}")
                case LaneEvent(int(), Warned(message, advice)):
                    warnings.append(f"{message} {advice}".strip())
                case LaneEvent(int(lane), FieldRefused() as refused):
                    warnings.append(f"{comparison.models[lane]}: {say_refused(refused)}")
                case _:
                    pass
    return warnings


def _warm_up(place: Workplace, models: Sequence[str]) -> None:
    for name in {split_model_name(model)[0] for model in models}:
        if name in place.rows:
            place.rows[name].provider.warm_up()


class _Screen:
    """The live columns, while it is entered; nothing where standard error is no terminal."""

    def __init__(self, comparison: Comparison, clock: Callable[[], float] = time.monotonic) -> None:
        self._comparison = comparison
        self._clock = clock
        self._canvas = Canvas(sys.stderr) if sys.stderr is not None and is_terminal(sys.stderr) else None
        self._timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> Self:
        self._draw()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._canvas is not None:
            self._canvas.clear()

    def _draw(self) -> None:
        if self._canvas is None:
            return
        width, height = self._canvas.size
        if self._comparison.lanes:
            columns = make_columns(self._comparison, self._clock())
            self._canvas.draw(lay_out(columns, width - 1, max(height - 2, 6))[: height - 1])
        self._timer = asyncio.get_running_loop().call_later(_DRAW_SECONDS, self._draw)


def make_columns(comparison: Comparison, now: float) -> list[Column]:
    """A column for each model, as far as its reply has come."""
    return [Column(answer.started.model, answer.text, say_lane(answer, now)) for answer in comparison.lanes]


def _say_answers(comparison: Comparison) -> list[str]:
    """All the answers and the table; side by side only on a terminal, where a reader sees them."""
    width = 0
    if is_terminal(sys.stdout):
        width = os.get_terminal_size(sys.stdout.fileno()).columns - 1
    messages = [answer.message for answer in comparison.lanes if answer.message is not None]
    if width > 0:
        lines = lay_out([Column(m.model or "", m.text, "") for m in messages], width)
    else:
        lines = [line for m in messages for line in (f"## {m.model}", "", m.text, "")]
    return [*lines, "", *lay_comparison(messages)]


def _print(lines: Sequence[str]) -> None:
    if sys.stdout is not None:
        print("\n".join(lines), flush=True)
