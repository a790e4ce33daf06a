"""Choosing a model: favourites first, recent next, then all that the providers offer, as they answer."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing

from chatui.conversation.failure import Failure
from chatui.conversation.model_info import ModelInfo
from chatui.ui.compare_models import compare_models
from chatui.ui.desk import Desk
from chatui.ui.screens.compare import MAX_LANES
from chatui.ui.screens.model_rows import MODEL_HEADINGS, model_rows
from chatui.ui.screens.picker import Picker
from chatui.ui.screens.rows import PickerAction, PickerResult, PickerRow

_AGAIN = PickerAction("f5", "ask again", "again")
"""Asks the last prompt again with the model that is selected, or marked."""


async def pick_model(desk: Desk, argument: str) -> None:
    """Use the model named in the argument, or open the list."""
    if argument:
        found = desk.services.roster.find(argument)
        if isinstance(found, Failure):
            desk.tell(f"{found.message} {found.advice}", "warning")
            return
        await desk.choose_model(argument)
        return
    can_ask = desk.live.last_prompt() is not None and not desk.runner.is_running
    result = await _ask(desk, "Model of the next reply", (_AGAIN,) if can_ask else ())
    if result is None:
        return
    if len(result.marked) > 1:
        await compare_models(desk, result.marked)
        return
    await pick_model(desk, result.key)
    if result.action == _AGAIN.name and desk.live.model == result.key and not desk.runner.is_running:
        desk.ask_again()


async def pick_models(desk: Desk) -> tuple[str, ...]:
    """Open the list to mark the models to compare; none where the user left it."""
    result = await _ask(desk, "Models to compare: mark 2 to 4 with Tab")
    if result is None:
        return ()
    return result.marked if len(result.marked) > 1 else (desk.live.model, result.key)


async def _ask(desk: Desk, title: str, actions: Sequence[PickerAction] = ()) -> PickerResult | None:
    offer = _Offer(desk)
    picker = Picker(
        title,
        offer.rows(),
        headings=MODEL_HEADINGS,
        selected=desk.live.model,
        typed_label="use it as it is",
        status="asking the providers…",
        actions=actions,
        most_marks=MAX_LANES,
        mark_label="mark to compare",
    )
    asking = desk.app.run_worker(offer.fill(picker), name="list models", group="list models", exclusive=True)
    result = await desk.app.push_screen_wait(picker)
    asking.cancel()
    return result


class _Offer:
    """The models to choose from, growing as providers answer."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._favorites = desk.services.config.favorites
        self._recent = desk.services.memory.state.recent_models
        describe = desk.services.roster.describe
        self._models: list[ModelInfo] = [
            describe(name) for name in dict.fromkeys((*self._favorites, *self._recent, desk.live.model))
        ]

    def rows(self) -> list[PickerRow]:
        """The rows as far as is known."""
        return model_rows(self._models, favorites=self._favorites, recent=self._recent, current=self._desk.live.model)

    async def fill(self, picker: Picker) -> None:
        """Ask every provider; show its models when it answers, and say which did not."""
        silent: list[str] = []
        async with aclosing(self._desk.services.roster.list_models()) as answers:
            async for name, answer in answers:
                self._models.extend(answer.models)
                if answer.failure is not None:
                    silent.append(f"{name}: {answer.failure.message}")
                picker.replace_rows(self.rows())
                picker.set_status(" · ".join(silent))
        picker.set_status(" · ".join(silent))
