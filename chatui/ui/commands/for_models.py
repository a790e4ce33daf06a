"""Commands about models: choose one, go to the next favourite."""

from __future__ import annotations

from chatui.ui.commands.command import Command
from chatui.ui.desk import Desk
from chatui.ui.pick_model import pick_model


async def _next_favorite(desk: Desk, argument: str) -> None:
    names = desk.services.config.favorites or desk.services.memory.state.recent_models
    if not names or names == (desk.live.model,):
        desk.tell(
            "No other favourite yet: set favorites in config.toml, or choose models with Ctrl+T first.", "warning"
        )
        return
    here = names.index(desk.live.model) if desk.live.model in names else -1
    await desk.choose_model(names[(here + 1) % len(names)])


MODEL_COMMANDS = (
    Command(
        "model.pick", "Choose the model of the next reply", pick_model, "model", "[PROVIDER/MODEL]", "ctrl+t", "model"
    ),
    Command("model.next", "Go to the next favourite model", _next_favorite, keys="f2", label="next model"),
)
