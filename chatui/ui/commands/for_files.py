"""Commands about files that go along with a prompt."""

from __future__ import annotations

from chatui.ui.attach import attach
from chatui.ui.commands.command import Command

FILE_COMMANDS = (
    Command(
        "prompt.attach",
        "Take a text or an image along with the next prompt; without a name, leave the images behind",
        attach,
        "attach",
        "[FILE]",
    ),
)
