"""What a command works with: settings, folders, providers, sessions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from chatui.cli.teller import tell
from chatui.config.config import Config, ProviderSettings
from chatui.config.reading import load_config
from chatui.conversation.model_info import split_model_name
from chatui.engine.adaptations import Adaptations
from chatui.engine.memory import Memory
from chatui.engine.roster import Roster
from chatui.engine.sessions import SessionDefaults, Sessions
from chatui.providers.base import Provider
from chatui.providers.registry import ProviderRow, build_rows, choose_usual_model, qualify_model
from chatui.storage.errors import StorageError
from chatui.storage.paths import Places, find_places
from chatui.storage.prompt_history import PromptHistory
from chatui.storage.shelf import Shelf


class WrongUse(Exception):
    """The command cannot do what it was asked for; the text is a sentence or two: why, and what to do."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """The floors below, ready to use. Making it asks nobody and writes nothing."""

    environ: Mapping[str, str]
    places: Places
    config_file: Path
    config: Config
    rows: Mapping[str, ProviderRow]
    roster: Roster
    model: str
    """`provider/model` of new sessions; empty when nothing is at hand."""

    def make_sessions(self, model: str, params: Mapping[str, object]) -> Sessions:
        """Make the sessions; new ones start with this model and these parameters beside those of the config."""
        defaults = SessionDefaults(model=model, system=self.config.system, params={**self.config.params, **params})
        return Sessions(Shelf(self.places), self.roster, defaults)

    def suggest_models(self, model: str) -> str:
        """A sentence that names models whose names are near that of one that is not known; empty where none is."""
        # Deferred: only a name that is wrong needs it.
        from chatui.cli.known_models import list_known_models, suggest_models

        return suggest_models(model, list_known_models(self.places, self.config, self.rows, is_all=True))


def find_own_places(environ: Mapping[str, str], data_dir: Path | None = None) -> Places:
    """Find the folders of this user."""
    return find_places(environ, Path.home(), data_dir)


def read_config(
    environ: Mapping[str, str], places: Places, file: Path | None, flags: Mapping[str, str]
) -> tuple[Path, Config]:
    """Read the settings. Raises WrongUse where the config file that was named is not there."""
    if file is not None and not file.exists():
        raise WrongUse(f"There is no config file {file}.")
    path = file or places.config_file
    return path, load_config(path, environ, flags)


def open_workplace(
    environ: Mapping[str, str],
    *,
    data_dir: Path | None = None,
    config_file: Path | None = None,
    model: str | None = None,
    flags: Mapping[str, str] | None = None,
    max_retries: int | None = None,
    is_streamed: bool = True,
    play: Path | None = None,
    record: Path | None = None,
) -> Workplace:
    """Put all together. `model` and `flags` are what the command line says; see `Arguments` for the cassettes.

    Raises WrongUse where the config file is not there, or a setting is wrong that decides who is asked what.
    """
    places = find_own_places(environ, data_dir)
    path, config = read_config(environ, places, config_file, flags or {})
    _tell_problems(config)
    rows = build_rows(config, environ)
    memory = Memory(places.state_file, PromptHistory(places.prompt_history))
    played: dict[str, Provider] = {}
    if play is not None:
        played["scripted"], usual = _open_cassette(play)
    else:
        usual = choose_usual_model(config, environ, rows, memory.state.recent_models)
    chosen = qualify_model(model, (*rows, "demo", *played)) if model else usual
    name = split_model_name(chosen)[0]
    if name in rows and (max_retries is not None or not is_streamed):
        config = override_settings(config, name, max_retries, is_streamed=is_streamed)
        rows = {**rows, name: build_rows(config, environ)[name]}
    providers: dict[str, Provider] = {each: row.provider for each, row in rows.items()} | played
    if name == "demo":
        # Deferred: the demo is asked rarely, and a script that asks a real model starts without it.
        from chatui.cli.demo_topics import make_demo

        providers["demo"] = make_demo()
    if record is not None:
        # Deferred: as above.
        from chatui.cli.cassettes import record_providers

        providers = record_providers(providers, record, tell)
    adaptations = Adaptations(memory.state.refused_fields, memory.remember_refused_field)
    roster = Roster(providers, [each for each, row in rows.items() if row.is_offered], adaptations)
    return Workplace(environ, places, path, config, rows, roster, chosen)


def override_settings(config: Config, name: str, max_retries: int | None, *, is_streamed: bool) -> Config:
    """Put what the command line says of a provider in the place of its settings."""
    settings = config.providers.get(name, ProviderSettings(name))
    settings = replace(
        settings,
        max_retries=settings.max_retries if max_retries is None else max_retries,
        stream=settings.stream and is_streamed,
    )
    return replace(config, providers={**config.providers, name: settings})


def _open_cassette(path: Path) -> tuple[Provider, str]:
    """Make the provider that plays a cassette, and name its model. Raises WrongUse."""
    # Deferred: a script that asks a real model starts without them.
    from chatui.cli.cassettes import read_cassette
    from chatui.providers.cassette_table import CassetteError
    from chatui.providers.scripted import ScriptedProvider

    try:
        cassette = read_cassette(path)
    except (StorageError, CassetteError) as error:
        raise WrongUse(str(error)) from error
    return ScriptedProvider(cassette), f"scripted/{cassette.model}"


def _tell_problems(config: Config) -> None:
    """Tell what is wrong with the settings. Raises WrongUse for what decides who is asked."""
    for problem in config.problems:
        if not problem.key or problem.key == "model" or problem.source.startswith("--"):
            raise WrongUse(f"{problem}.")
        tell(str(problem))
