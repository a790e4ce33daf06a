"""From the first word to the command that runs; each command loads only what it needs."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from types import MappingProxyType
from typing import Protocol, cast

from chatui.cli.option import Command

EXIT_BROKEN_PIPE = 141
"""What a shell says of a program that SIGPIPE ended."""

_MODULES: Mapping[str, str] = MappingProxyType(
    {
        "ask": "chatui.cli.ask_command",
        "batch": "chatui.cli.batch_command",
        "compare": "chatui.cli.compare_command",
        "sessions": "chatui.cli.sessions_command",
        "models": "chatui.cli.models_command",
        "costs": "chatui.cli.costs_command",
        "doctor": "chatui.cli.doctor_command",
        "config": "chatui.cli.config_command",
        "completion": "chatui.cli.completion_command",
    }
)
"""Loaded by name when they are called: `ask` stands in scripts that call it a thousand times."""


class CommandModule(Protocol):
    """What the module of a command offers."""

    def run(self, argv: Sequence[str], environ: Mapping[str, str]) -> int:
        """Do it and return the exit code. `argv` is what stands beside the command's name."""


def run_command(command: Command, argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run a command and return its exit code. A reader that goes away ends it quietly."""
    module = cast("CommandModule", import_module(_MODULES[command.name]))
    # Off until here: what is loaded stays for the whole run, and looking through it takes time.
    gc.enable()
    return end_quietly(lambda: module.run(argv, environ))


def end_quietly(work: Callable[[], int]) -> int:
    """Do something that prints, and return its exit code; where the reader goes away, that of a broken pipe."""
    try:
        code = work()
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        _leave_pipe()
        return EXIT_BROKEN_PIPE
    return code


def _leave_pipe() -> None:
    """Put nothing in the place of the broken pipe, or Python complains about it at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
    os.dup2(nowhere, 1)
    os.close(nowhere)
