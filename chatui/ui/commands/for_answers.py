"""Commands about several answers to one prompt: compare models, flip through the answers, tell them apart."""

from __future__ import annotations

from chatui.ui.branches import find_flippable, flip
from chatui.ui.commands.command import Command
from chatui.ui.compare_models import compare_models, show_diff, split_models
from chatui.ui.desk import Desk
from chatui.ui.pick_model import pick_models


def _has_siblings(desk: Desk) -> bool:
    return find_flippable(desk) is not None


async def _compare(desk: Desk, argument: str) -> None:
    models, text = split_models(desk, argument)
    if len(models) == 1:
        models = tuple(dict.fromkeys((desk.live.model, *models)))
    if not models:
        models = await pick_models(desk)
        if not models:
            return
    await compare_models(desk, models, text)


async def _previous(desk: Desk, argument: str) -> None:
    await flip(desk, -1)


async def _next(desk: Desk, argument: str) -> None:
    await flip(desk, 1)


ANSWER_COMMANDS = (
    Command("answer.compare", "Ask several models the same, side by side", _compare, "compare", "[MODEL … TEXT]", "f6"),
    Command(
        "answer.previous",
        "Show the answer before, or the prompt as it was before an edit",
        _previous,
        keys="alt+left,left_square_bracket",
        works=_has_siblings,
    ),
    Command(
        "answer.next",
        "Show the next answer, or the next version of the prompt",
        _next,
        "next",
        keys="alt+right,right_square_bracket",
        label="next answer",
        works=_has_siblings,
    ),
    Command("answer.diff", "Compare two answers to the same prompt, word by word", show_diff, "diff", "[NUMBER]"),
)
