"""The screen with all it needs: turns arguments into objects of every floor, and runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from chatui import __version__
from chatui.cli.arguments import Arguments, parse_arguments
from chatui.cli.commands import THEMES
from chatui.cli.dispatch import end_quietly
from chatui.cli.help_command import run as run_help
from chatui.cli.help_pages import KeyRow
from chatui.cli.parser import read_words
from chatui.cli.piped_input import take_piped_input
from chatui.cli.workplace import choose_usual_model
from chatui.config.config import Config
from chatui.config.reading import load_config
from chatui.conversation.model_info import split_model_name
from chatui.conversation.visible import make_visible
from chatui.engine.adaptations import Adaptations
from chatui.engine.live_session import LiveSession
from chatui.engine.memory import Memory
from chatui.engine.roster import Roster
from chatui.engine.sessions import SessionDefaults, Sessions
from chatui.providers.base import Provider
from chatui.providers.cassette_table import CassetteError
from chatui.providers.demo.keys import show_key
from chatui.providers.demo.provider import DemoProvider
from chatui.providers.endpoint import Endpoint
from chatui.providers.registry import build_found, build_rows
from chatui.skeleton import Skeleton
from chatui.storage.drafts import DraftFolder
from chatui.storage.errors import StorageError
from chatui.storage.look import find_look_file, name_terminal, save_look
from chatui.storage.paths import Places, find_places
from chatui.storage.prompt_history import PromptHistory
from chatui.storage.shelf import Shelf
from chatui.ui.services import Opening, Services

if TYPE_CHECKING:
    from chatui.providers.cassette import Cassette
    from chatui.providers.demo.topic import Topic
    from chatui.providers.key_check import KeyCheck
    from chatui.providers.local import FoundServer
    from chatui.ui.app import ChatApp

EXIT_USAGE = 2
"""Wrong use or configuration."""
DEMO_MODEL = "demo/guide"


def run_screen(argv: Sequence[str], environ: Mapping[str, str], skeleton: Skeleton) -> int:
    """Run the screen and return the exit code: 0, 1 after a crash, 2 for wrong use.

    The skeleton is drawn as soon as the use is known to be right, and taken down before anything is told.
    """
    arguments = parse_arguments(argv)
    if not sys.stderr.isatty():
        print("chatui: this is a screen for a terminal, and standard error is not one.", file=sys.stderr)
        return EXIT_USAGE
    try:
        piped = take_piped_input()
    except OSError as error:
        print(f"chatui: no terminal to read keys from (/dev/tty: {error.strerror}).", file=sys.stderr)
        return EXIT_USAGE
    skeleton.draw("New session" if arguments.is_new else "")
    try:
        app = make_app(arguments, environ, piped, skeleton)
    except (StorageError, CassetteError) as error:
        skeleton.take_down()
        print(f"chatui: {make_visible(str(error))}", file=sys.stderr)
        return EXIT_USAGE
    app.run()
    # Textual has given the terminal back, unless it fell before it took it.
    skeleton.take_down()
    _say_last_words(app.last_words)
    return app.return_code or 0


def _say_last_words(sentences: Sequence[str]) -> None:
    try:
        for words in sentences:
            print(words, file=sys.stderr)
        sys.stderr.flush()
        sys.stdout.flush()
    except OSError:
        # The terminal is gone. With nothing in its place Python would complain, and exit with a code of its own.
        nowhere = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
        for number in (1, 2):
            os.dup2(nowhere, number)
        os.close(nowhere)


def make_app(
    arguments: Arguments, environ: Mapping[str, str], piped: str = "", skeleton: Skeleton | None = None
) -> ChatApp:
    """Make the app as the command line, the environment and the config ask for it; `piped` is text from a pipe,
    and the skeleton what stands on the terminal until the app draws.

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
    hand_over = None if skeleton is None or not skeleton.is_up else skeleton.hand_over
    return ChatApp(services, _make_opening(arguments, services, piped), hand_over)


def list_themes(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Print the themes; return 0, or 2 where one of them cannot be used."""
    read_words(THEMES, argv)
    places = find_places(environ, Path.home())
    # Deferred: reading themes needs Textual, nothing else on the command line does.
    from chatui.ui.themes import find_theme_dirs, load_themes

    themes, problems = load_themes(find_theme_dirs(places.config / "themes"))
    for theme in themes:
        print(f"{make_visible(theme.name)}\t{'dark' if theme.dark else 'light'}")
    for problem in problems:
        print(f"chatui: {make_visible(problem)}", file=sys.stderr)
    return EXIT_USAGE if problems else 0


def show_help(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Print a page of the help; return 0, or 2 where there is no such topic."""
    return end_quietly(lambda: run_help(argv, environ, _list_keys))


def _list_keys() -> list[KeyRow]:
    # Deferred: the command table belongs to the screen and imports Textual; one page alone needs it.
    from chatui.ui.commands.table import SECTIONS

    return [
        KeyRow(title, " ".join(show_key(key) for key in c.keys.split(",") if key), c.usage, c.help, c.name)
        for title, commands in SECTIONS
        for c in commands
    ]


def _make_services(arguments: Arguments, environ: Mapping[str, str], places: Places, config: Config) -> Services:
    memory = Memory(places.state / "state.toml", PromptHistory(places.state / "prompts"))
    rows = build_rows(config, environ)
    cassette = None if arguments.play is None else _read(arguments.play)
    built_in = _built_in(cassette)
    last_words: list[str] = []
    roster = Roster(
        _record({name: row.provider for name, row in rows.items()} | built_in, arguments.record, last_words),
        offered=[*(name for name, row in rows.items() if row.is_offered), *built_in],
        adaptations=Adaptations(memory.state.refused_fields, memory.remember_refused_field),
    )
    at_hand = choose_usual_model(config, environ, rows, memory.state.recent_models)
    if cassette is not None and arguments.model is None:
        at_hand = f"scripted/{cassette.model}"
    defaults = SessionDefaults(model=at_hand or DEMO_MODEL, system=config.system, params=config.params)

    def warm_up() -> None:
        # Deferred, as are imports in other functions here: the first frame does without.
        from chatui.ui.markdown.warm_up import warm_up as warm_up_markdown

        warm_up_markdown()
        provider = rows.get(split_model_name(defaults.model)[0])
        if provider is not None:
            provider.provider.warm_up()

    found_here: dict[str, Endpoint] = {}

    async def find_local() -> list[str]:
        # Deferred: only a start without any provider looks for servers.
        from chatui.providers.local import probe_local_servers

        found = await probe_local_servers(environ)
        for server in found:
            found_here[server.name] = build_found(server, config, environ)
            roster.offer(found_here[server.name])
        return [_tell_found(server) for server in found]

    async def check_key(name: str) -> KeyCheck | None:
        # Deferred: seldom asked for.
        from chatui.providers.key_check import check_key_of

        endpoint = found_here.get(name) or (rows[name].provider if name in rows else None)
        return None if endpoint is None else await check_key_of(endpoint)

    return Services(
        config=config,
        sessions=Sessions(Shelf(places), roster, defaults),
        roster=roster,
        memory=memory,
        drafts=DraftFolder(places),
        theme_dir=places.config / "themes",
        log_file=places.state / "log",
        warm_up=warm_up,
        find_local=find_local,
        check_key=check_key,
        keep_look=partial(save_look, find_look_file(environ), name_terminal(environ)),
        is_demo_default=not at_hand,
        version=__version__,
        last_words=last_words,
    )


def _read(path: Path) -> Cassette:
    # Deferred: for `--play` only.
    from chatui.cli.cassettes import read_cassette

    return read_cassette(path)


def _built_in(cassette: Cassette | None) -> dict[str, Provider]:
    providers: dict[str, Provider] = {"demo": DemoProvider(_make_topics)}
    if cassette is not None:
        # Deferred: for `--play` only.
        from chatui.providers.scripted import ScriptedProvider

        providers["scripted"] = ScriptedProvider(cassette)
    return providers


def _make_topics() -> list[Topic]:
    # Deferred: the command table belongs to the screen and imports Textual.
    from chatui.config.manual import describe_settings
    from chatui.providers.demo.topic import Topic
    from chatui.ui.commands.table import COMMANDS

    topics = [Topic(f"/{c.slash}" if c.slash else c.name, c.keys, c.help, "command") for c in COMMANDS]
    return topics + [Topic(setting.key, "", setting.help, "setting") for setting in describe_settings()]


def _record(providers: dict[str, Provider], path: Path | None, last_words: list[str]) -> dict[str, Provider]:
    if path is None:
        return providers
    # Deferred: for `--record` only.
    from chatui.cli.cassettes import record_providers

    def tell(problem: str) -> None:
        # Told when the screen is gone.
        if (words := f"chatui: {make_visible(problem)}") not in last_words:
            last_words.append(words)

    return record_providers(providers, path, tell)


def _tell_found(server: FoundServer) -> str:
    if server.needs_key:
        return f"{server.label} runs here at {server.base_url} and wants a key."
    if server.is_loading:
        return f"{server.label} runs here at {server.base_url} and is loading its model."
    count = len(server.models)
    return f"{server.label} runs here with {count} model{'s' if count != 1 else ''}."


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
        continue_reply=arguments.continue_reply,
        pick_session=arguments.resume == "",
        notices=tuple(notices),
    )
