"""The way in: knows every floor, turns arguments into objects, and runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from chatui import __version__
from chatui.cli.arguments import Arguments, parse_arguments
from chatui.cli.config_command import run_config
from chatui.cli.piped_input import take_piped_input
from chatui.config.config import Config
from chatui.config.manual import describe_settings
from chatui.config.reading import load_config
from chatui.conversation.failure import Failure
from chatui.conversation.model_info import split_model_name
from chatui.conversation.visible import make_visible
from chatui.engine.live_session import LiveSession
from chatui.engine.memory import Memory
from chatui.engine.roster import Roster
from chatui.engine.sessions import SessionDefaults, Sessions
from chatui.providers.base import Provider
from chatui.providers.cassette import Cassette, decode_cassette
from chatui.providers.cassette_table import CassetteError
from chatui.providers.demo.provider import DemoProvider
from chatui.providers.demo.topic import Topic
from chatui.providers.local import FoundServer, probe_local_servers
from chatui.providers.recording import Recording, RecordingProvider
from chatui.providers.registry import build_found, build_rows, choose_default_model
from chatui.providers.scripted import ScriptedProvider
from chatui.storage.atomic import write_atomic
from chatui.storage.errors import StorageError
from chatui.storage.paths import Places, find_places
from chatui.storage.prompt_history import PromptHistory
from chatui.storage.shelf import Shelf
from chatui.ui.markdown.warm_up import warm_up as warm_up_markdown
from chatui.ui.services import Opening, Services

if TYPE_CHECKING:
    from chatui.ui.app import ChatApp

EXIT_USAGE = 2
"""Wrong use or configuration."""
EXIT_INTERRUPTED = 130
"""Ctrl+C before there was a screen."""
DEMO_MODEL = "demo/guide"


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
        return _list_themes(places)
    try:
        return _run_screen(arguments, environ)
    except (StorageError, CassetteError) as error:
        print(f"chatui: {make_visible(str(error))}", file=sys.stderr)
        return EXIT_USAGE


def _run_screen(arguments: Arguments, environ: Mapping[str, str]) -> int:
    if not sys.stderr.isatty():
        print("chatui: this is a screen for a terminal, and standard error is not one.", file=sys.stderr)
        return EXIT_USAGE
    try:
        piped = take_piped_input()
    except OSError as error:
        print(f"chatui: no terminal to read keys from (/dev/tty: {error.strerror}).", file=sys.stderr)
        return EXIT_USAGE
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    app = make_app(arguments, environ, piped)
    app.run()
    with suppress(OSError):  # the terminal may be gone
        for words in app.last_words:
            print(words, file=sys.stderr)
    return app.return_code or 0


def make_app(arguments: Arguments, environ: Mapping[str, str], piped: str = "") -> ChatApp:
    """Make the app as the command line, the environment and the config ask for it; `piped` is text from a pipe.

    Raises StorageError and CassetteError for a session or a cassette that cannot be opened.
    """
    # While a reply streams, a key waits for the next tick of Textual's frame timer: a faster tick costs nothing when
    # nothing changes, and halves that wait. Textual reads it when it is imported.
    os.environ.setdefault("TEXTUAL_FPS", "120")
    # Deferred: Textual takes most of the start, and --version, wrong use and `config` do without it.
    from chatui.ui.app import ChatApp

    places = find_places(environ, Path.home(), arguments.data_dir)
    if arguments.config is not None and not arguments.config.exists():
        raise StorageError(arguments.config, f"There is no config file {arguments.config}.")
    config = load_config(arguments.config or places.config / "config.toml", environ, arguments.flags)
    services = _make_services(arguments, environ, places, config)
    return ChatApp(services, _make_opening(arguments, services, piped))


def _list_themes(places: Places) -> int:
    # Deferred: reading themes needs Textual, nothing else on the command line does.
    from chatui.ui.themes import find_theme_dirs, load_themes

    themes, problems = load_themes(find_theme_dirs(places.config / "themes"))
    for theme in themes:
        print(f"{theme.name}\t{'dark' if theme.dark else 'light'}")
    for problem in problems:
        print(f"chatui: {make_visible(problem)}", file=sys.stderr)
    return EXIT_USAGE if problems else 0


def _make_services(arguments: Arguments, environ: Mapping[str, str], places: Places, config: Config) -> Services:
    memory = Memory(places.state / "state.toml", PromptHistory(places.state / "prompts"))
    rows = build_rows(config, environ)
    cassette = None if arguments.play is None else decode_cassette(_read(arguments.play), str(arguments.play))
    built_in = _built_in(cassette)
    last_words: list[str] = []
    roster = Roster(
        _record({name: row.provider for name, row in rows.items()} | built_in, arguments.record, last_words),
        offered=[*(name for name, row in rows.items() if row.is_offered), *built_in],
    )
    at_hand = _choose_model(config, environ, memory, roster)
    if cassette is not None and arguments.model is None:
        at_hand = f"scripted/{cassette.model}"
    defaults = SessionDefaults(model=at_hand or DEMO_MODEL, system=config.system, params=config.params)

    def warm_up() -> None:
        warm_up_markdown()
        provider = rows.get(split_model_name(defaults.model)[0])
        if provider is not None:
            provider.provider.warm_up()

    async def find_local() -> list[str]:
        found = await probe_local_servers(environ)
        for server in found:
            roster.offer(build_found(server, config, environ))
        return [_tell_found(server) for server in found]

    return Services(
        config=config,
        sessions=Sessions(Shelf(places), roster, defaults),
        roster=roster,
        memory=memory,
        theme_dir=places.config / "themes",
        log_file=places.state / "log",
        warm_up=warm_up,
        find_local=find_local,
        is_demo_default=not at_hand,
        version=__version__,
        last_words=last_words,
    )


def _choose_model(config: Config, environ: Mapping[str, str], memory: Memory, roster: Roster) -> str:
    """The model of new sessions: asked for, else the one chosen last, else what is at hand; empty for nothing."""
    recent = memory.state.recent_models
    if not config.model and recent and not isinstance(roster.find(recent[0]), Failure):
        return recent[0]
    return choose_default_model(config, environ)


def _built_in(cassette: Cassette | None) -> dict[str, Provider]:
    providers: dict[str, Provider] = {"demo": DemoProvider(_make_topics)}
    if cassette is not None:
        providers["scripted"] = ScriptedProvider(cassette)
    return providers


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise StorageError(path, f"{path} cannot be read: {error.strerror}.") from error


def _make_topics() -> list[Topic]:
    # Deferred: the command table belongs to the screen and imports Textual.
    from chatui.ui.commands.table import COMMANDS

    topics = [Topic(f"/{c.slash}" if c.slash else c.name, c.keys, c.help, "command") for c in COMMANDS]
    return topics + [Topic(setting.key, "", setting.help, "setting") for setting in describe_settings()]


def _record(providers: dict[str, Provider], path: Path | None, last_words: list[str]) -> dict[str, Provider]:
    if path is None:
        return providers

    def write(cassette: bytes) -> None:
        # A recording that cannot be written must not end the reply; it is told when the screen is gone.
        try:
            write_atomic(path, cassette)
        except StorageError as error:
            if (words := f"chatui: {make_visible(error.reason)}") not in last_words:
                last_words.append(words)

    recording = Recording(write)
    return {name: RecordingProvider(provider, recording) for name, provider in providers.items()}


def _tell_found(server: FoundServer) -> str:
    if server.needs_key:
        return f"{server.label} runs here at {server.base_url} and wants a key."
    if server.is_loading:
        return f"{server.label} runs here at {server.base_url} and is loading its model."
    count = len(server.models)
    return f"{server.label} runs here with {count} model{'s' if count != 1 else ''}: Ctrl+T to choose one."


def _make_opening(arguments: Arguments, services: Services, piped: str) -> Opening:
    """Find the session to start with. Raises StorageError where the one that was asked for cannot be opened."""
    sessions = services.sessions
    notices: list[str] = []
    live: LiveSession | None = None
    if arguments.session is not None:
        live = sessions.open_or_make(arguments.session)
    elif arguments.resume:
        live = sessions.open(sessions.find_id(arguments.resume))
    elif arguments.continue_last:
        live = sessions.open_latest()
        if live is None:
            notices.append("There is no saved session yet, so this is a new one.")
    live = live or sessions.make()
    asked = "\n\n".join(part for part in (arguments.prompt, piped) if part)
    is_sent = arguments.prompt is not None
    return Opening(
        live=live,
        model=arguments.model or "",
        prompt=asked if is_sent else "",
        draft="" if is_sent else asked,
        pick_session=arguments.resume == "",
        notices=tuple(notices),
    )


if __name__ == "__main__":
    main()
