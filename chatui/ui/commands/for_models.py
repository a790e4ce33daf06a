"""Commands about models: choose one, go to the next favourite."""

from __future__ import annotations

from chatui.conversation.failure import Failure
from chatui.conversation.model_info import split_model_name
from chatui.ui.commands.command import Command
from chatui.ui.desk import Desk
from chatui.ui.key_note import make_key_note
from chatui.ui.pick_model import pick_model


def _favorites(desk: Desk) -> tuple[str, ...]:
    names = desk.services.config.favorites or desk.services.memory.state.recent_models
    return () if names == (desk.live.model,) else tuple(names)


def _has_favorites(desk: Desk) -> bool:
    return bool(_favorites(desk))


async def _next_favorite(desk: Desk, argument: str) -> None:
    names = _favorites(desk)
    if not names:
        desk.tell(
            "No other favourite yet: set favorites in config.toml, "
            f"or choose models with {desk.ways['model.pick']} first.",
            "warning",
        )
        return
    here = names.index(desk.live.model) if desk.live.model in names else -1
    await desk.choose_model(names[(here + 1) % len(names)])


async def _key(desk: Desk, argument: str) -> None:
    name = argument.rstrip("/") or split_model_name(desk.live.model)[0]
    check = await desk.services.check_key(name)
    if check is not None:
        desk.transcript.add(make_key_note(check))
    elif isinstance(found := desk.services.roster.find(f"{name}/"), Failure):
        desk.note(found.message, found.advice, "warning")
    else:
        desk.note(f"{name} needs no key: it answers by itself.")


MODEL_COMMANDS = (
    Command(
        "model.pick", "Choose the model of the next reply", pick_model, "model", "[PROVIDER/MODEL]", "ctrl+t", "model"
    ),
    Command("model.key", "Check the key of the provider, and where it comes from", _key, "key", "[PROVIDER]"),
    Command(
        "model.next",
        "Go to the next favourite model",
        _next_favorite,
        keys="f2",
        label="next model",
        works=_has_favorites,
    ),
)
