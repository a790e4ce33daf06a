"""The way in: knows every floor, turns arguments into objects, and runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from chatui import __version__
from chatui.cli.arguments import Arguments, parse_arguments
from chatui.config.config import Config
from chatui.config.reading import load_config
from chatui.engine.live_session import LiveSession
from chatui.engine.memory import Memory
from chatui.engine.roster import Roster
from chatui.engine.sessions import SessionDefaults, Sessions
from chatui.storage.errors import StorageError
from chatui.storage.paths import Places, find_places
from chatui.storage.prompt_history import PromptHistory
from chatui.storage.shelf import Shelf

EXIT_USAGE = 2
"""Wrong use or configuration."""


def main() -> None:
    """Run chatui as the command line asks, and exit with its code."""
    sys.exit(run(sys.argv[1:], os.environ))


def run(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run chatui and return its exit code: 0, 1 after a crash, 2 for wrong use, 128 + n after signal n."""
    arguments = parse_arguments(argv)
    places = find_places(environ, Path.home(), arguments.data_dir)
    config_file = arguments.config or places.config / "config.toml"
    if arguments.command == "config":
        return run_config(arguments.rest[0], config_file, environ)
    if arguments.command == "themes":
        return _run_themes(places)
    config = load_config(config_file, environ, arguments.flags)
    try:
        return _run_screen(arguments, environ, places, config)
    except (StorageError, CassetteError) as error:
        print(f"chatui: {make_visible(str(error))}", file=sys.stderr)
        return EXIT_USAGE


def _run_screen(arguments: Arguments, environ: Mapping[str, str], places: Places, config: Config) -> int:
    if not sys.stderr.isatty():
        print("chatui: this is a screen for a terminal, and standard error is not one.", file=sys.stderr)
        return EXIT_USAGE
    try:
        piped = take_piped_input()
    except OSError as error:
        print(f"chatui: no terminal to read keys from (/dev/tty: {error.strerror}).", file=sys.stderr)
        return EXIT_USAGE
    # Deferred: Textual takes most of the start, and --version, wrong use and `config` do without it.
    from chatui.ui.app import ChatApp

    services = _make_services(arguments, environ, places, config)
    app = ChatApp(services, _make_opening(arguments, services, piped))
    app.run()
    return app.return_code or 0


def _make_services(arguments: Arguments, environ: Mapping[str, str], places: Places, config: Config) -> Services:
    memory = Memory(places.state / "state.toml")
    roster = Roster(_make_providers(arguments, environ, config))
    model = config.model
    if arguments.play is not None and "model" not in arguments.flags:
        model = SCRIPTED_MODEL
    at_hand = model or _remembered_model(memory, roster) or choose_default_model(config, environ)
    defaults = SessionDefaults(model=at_hand or DEMO_MODEL, system=config.system, params=config.params)

    async def find_local() -> list[str]:
        found = await probe_local_servers(environ)
        for server in found:
            roster.add(make_local_endpoint(server, config, environ))
        return [server.describe() for server in found]

    return Services(
        config=config,
        sessions=Sessions(Shelf(places), roster, defaults),
        roster=roster,
        memory=memory,
        history=PromptHistory(places.state / "prompts"),
        theme_dir=places.config / "themes",
        log_file=places.state / "log",
        warm_up=_warm_up,
        find_local=find_local,
        is_demo_default=not at_hand,
        version=__version__,
    )


def _make_providers(arguments: Arguments, environ: Mapping[str, str], config: Config) -> dict[str, Provider]:
    # Deferred: the command table belongs to the screen, and imports Textual.
    from chatui.ui.commands.table import COMMANDS

    topics = [Topic(f"/{c.slash}" if c.slash else c.name, c.keys, c.help, "command") for c in COMMANDS]
    topics += [Topic(setting.key, "", setting.help, "setting") for setting in describe_settings()]
    providers: dict[str, Provider] = {**build_providers(config, environ), "demo": DemoProvider(topics)}
    if arguments.play is not None:
        providers["scripted"] = ScriptedProvider(decode_cassette(arguments.play.read_bytes()))
    if arguments.record is not None:
        path = arguments.record
        providers = {
            name: RecordingProvider(provider, lambda data: write_atomic(path, data))
            for name, provider in providers.items()
        }
    return providers
