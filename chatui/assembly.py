"""The assembly: objects of every floor, put together for the screen; after the first frame where that is possible."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from chatui.cli.arguments import Arguments
from chatui.conversation.model_info import split_model_name
from chatui.conversation.visible import make_visible
from chatui.engine.adaptations import Adaptations
from chatui.engine.live_session import LiveSession
from chatui.engine.memory import Memory
from chatui.engine.roster import Roster
from chatui.engine.sessions import SessionDefaults, Sessions
from chatui.providers.base import Provider
from chatui.providers.demo.provider import DemoProvider
from chatui.providers.endpoint import Endpoint
from chatui.providers.registry import ProviderRow, build_found
from chatui.storage.drafts import DraftFolder
from chatui.storage.errors import StorageError
from chatui.storage.look import find_look_file, name_terminal, save_look
from chatui.storage.paths import Places
from chatui.storage.prompt_history import PromptHistory
from chatui.storage.shelf import Shelf
from chatui.ui.front import Front
from chatui.ui.services import Opened, Opening, Services

if TYPE_CHECKING:
    from chatui.providers.cassette import Cassette
    from chatui.providers.demo.topic import Topic
    from chatui.providers.key_check import KeyCheck
    from chatui.providers.local import FoundServer


def assemble(
    arguments: Arguments,
    environ: Mapping[str, str],
    places: Places,
    front: Front,
    rows: Mapping[str, ProviderRow],
    piped: str,
) -> Opened:
    """Make the services and open the session. `piped` is text from a pipe.

    Raises StorageError for a session or a cassette that cannot be opened.
    """
    services = _make_services(arguments, environ, places, front, rows)
    return services, _make_opening(arguments, services, piped)


def _make_services(
    arguments: Arguments, environ: Mapping[str, str], places: Places, front: Front, rows: Mapping[str, ProviderRow]
) -> Services:
    config = front.config
    memory = Memory(places.state_file, PromptHistory(places.prompt_history), front.state)
    cassette = None if arguments.play is None else _read(arguments.play)
    built_in = _built_in(cassette)
    last_words = front.last_words
    roster = Roster(
        _record({name: row.provider for name, row in rows.items()} | built_in, arguments.record, last_words),
        offered=[*(name for name, row in rows.items() if row.is_offered), *built_in],
        adaptations=Adaptations(memory.state.refused_fields, memory.remember_refused_field),
    )
    model = front.model
    if cassette is not None and arguments.model is None:
        model = f"scripted/{cassette.model}"
    defaults = SessionDefaults(model=model, system=config.system, params=config.params)

    def warm_up() -> None:
        # Deferred, as are imports in other functions here: the first frame does without.
        from chatui.storage.own_form import match_own_block
        from chatui.ui.markdown.warm_up import warm_up as warm_up_markdown

        warm_up_markdown()
        # The pattern that blocks of sessions are read by takes a while to make.
        match_own_block(b"")
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
        warm_up=warm_up,
        find_local=find_local,
        check_key=check_key,
        keep_look=partial(save_look, find_look_file(environ), name_terminal(environ)),
        is_demo_default=front.is_demo_default,
        version=front.version,
    )


def _read(path: Path) -> Cassette:
    # Deferred: for `--play` only.
    from chatui.cli.cassettes import read_cassette
    from chatui.providers.cassette_table import CassetteError

    try:
        return read_cassette(path)
    except CassetteError as error:
        raise StorageError(path, str(error)) from error


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
