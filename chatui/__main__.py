"""The way in: a command of the command line where the first word names one, else the screen."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping, Sequence

EXIT_INTERRUPTED = 130
"""Ctrl+C where nothing runs yet that would keep what came."""


def main() -> None:
    """Run chatui as the command line asks, and exit with its code."""
    # What is made up to the first frame stays for the whole run: there is nothing to collect in it, and looking costs a
    # tenth of the start. Commands turn it on again when they are loaded, the app after its first frame.
    gc.disable()
    sys.exit(run(sys.argv[1:], os.environ))


def run(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run chatui and return its exit code: 0, 1 after a failure, 2 for wrong use, 128 + n after signal n."""
    try:
        return _run_command(argv, environ) if argv else _run_screen(argv, environ)
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED


def _run_command(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    # Deferred: without a word there is no command, and the screen is there sooner.
    from chatui.cli.commands import find_command
    from chatui.cli.dispatch import run_command

    found = find_command(argv)
    if found is None:
        return _run_screen(argv, environ)
    if found[0].name not in ("themes", "help"):
        return run_command(*found, environ)
    # Deferred: the screen loads much that a command does without.
    from chatui.screen import list_themes, show_help

    return (list_themes if found[0].name == "themes" else show_help)(found[1], environ)


def _run_screen(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    # Deferred: a command does without.
    from chatui.skeleton import Skeleton

    skeleton = Skeleton(environ)
    try:
        if not argv:
            # Nothing can be wrong with the use, so the picture need not wait until that is known.
            skeleton.draw("New session")
        # Deferred: it takes its time, and the skeleton stands by then.
        from chatui.screen import run_screen

        return run_screen(argv, environ, skeleton)
    finally:
        skeleton.take_down()


if __name__ == "__main__":
    main()
