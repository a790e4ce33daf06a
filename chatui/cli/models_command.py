"""`chatui models`: what each provider offers, with context window and price."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from chatui.cli.advice import explain
from chatui.cli.columns import format_rows
from chatui.cli.commands import MODELS
from chatui.cli.parser import Values, read_words
from chatui.cli.reply_json import encode_json
from chatui.cli.teller import tell
from chatui.cli.workplace import Workplace, WrongUse, open_workplace
from chatui.conversation.failure import Failure
from chatui.conversation.model_info import ModelInfo
from chatui.providers.endpoint import Endpoint
from chatui.providers.local import probe_local_servers
from chatui.providers.registry import build_found
from chatui.storage.errors import StorageError
from chatui.storage.model_cache import load_models, save_models

FRESH = timedelta(days=1)
"""So long a list is taken from the cache without asking."""

_EXIT_FAILED = 1
_EXIT_USAGE = 2
_UNKNOWN = "–"


@dataclass(frozen=True, slots=True)
class _Listing:
    provider: str
    models: Sequence[ModelInfo] = ()
    fetched: datetime | None = None
    """When the provider gave the list; `None` for none."""
    failure: Failure | None = None


def run(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Print the models; return 0, 1 when no provider gave any, 2 for wrong use."""
    values = read_words(MODELS, argv)
    try:
        place = open_workplace(environ, config_file=values["config"])
        listings = asyncio.run(_list_all(place, values, datetime.now(UTC)))
    except WrongUse as error:
        tell(str(error))
        return _EXIT_USAGE
    for listing in listings:
        if listing.failure is not None:
            tell(f"{listing.provider}:", explain(listing.failure))
        elif not listing.models:
            tell(f"{listing.provider}: its list of models is empty. Name the model yourself: {listing.provider}/MODEL.")
    _print(listings, is_json=values["json"])
    return 0 if any(listing.models for listing in listings) else _EXIT_FAILED


async def _list_all(place: Workplace, values: Values, now: datetime) -> list[_Listing]:
    endpoints = {name: place.rows[name].provider for name in place.roster.offered if name in place.rows}
    asked: list[str] = values["provider"]
    if unknown := [name for name in asked if name not in place.rows]:
        raise WrongUse(f"There is no provider {unknown[0]!r}; there are {', '.join(place.rows)}.")
    if asked:
        endpoints = {name: place.rows[name].provider for name in asked}
    else:
        for server in await probe_local_servers(place.environ):
            endpoints.setdefault(server.name, build_found(server, place.config, place.environ))
    if not endpoints:
        raise WrongUse("No provider is set up: `chatui doctor` tells what is there, and --provider NAME asks one.")
    listed = await asyncio.gather(
        *(_list(place, endpoint, now, is_fresh=values["refresh"]) for endpoint in endpoints.values())
    )
    for endpoint in endpoints.values():
        await endpoint.aclose()
    return listed


async def _list(place: Workplace, endpoint: Endpoint, now: datetime, *, is_fresh: bool) -> _Listing:
    address = "" if isinstance(endpoint.address, Failure) else endpoint.address.shown
    cached = load_models(place.places.cache, endpoint.name)
    if cached is not None and cached.address != address:
        cached = None
    if cached is not None and not is_fresh and timedelta() <= now - cached.fetched < FRESH:
        return _Listing(endpoint.name, cached.models, cached.fetched)
    answer = await endpoint.list_models()
    if answer.failure is not None:
        old = () if cached is None else cached.models
        return _Listing(endpoint.name, old, None if cached is None else cached.fetched, answer.failure)
    try:
        save_models(place.places.cache, endpoint.name, address, answer.models, now)
    except StorageError as error:
        tell(error.reason)
    return _Listing(endpoint.name, answer.models, now)


def _print(listings: Sequence[_Listing], *, is_json: bool) -> None:
    if is_json:
        print(encode_json({"models": [_describe(model, each) for each in listings for model in each.models]}))
        return
    rows = [_row(model, listing) for listing in listings for model in listing.models]
    if rows:
        head = ("MODEL", "CONTEXT", "OUTPUT", "USD/M IN", "OUT", "CACHED", "PRICE OF", "LIST OF")
        for line in format_rows([head, *rows], right=(1, 2, 3, 4, 5)):
            print(line)


def _row(model: ModelInfo, listing: _Listing) -> tuple[str, ...]:
    price = model.price
    fetched = _UNKNOWN if listing.fetched is None else f"{listing.fetched.astimezone():%Y-%m-%d %H:%M}"
    return (
        model.name,
        _count(model.context_window),
        _count(model.max_output),
        *((_UNKNOWN,) * 3 if price is None else (_usd(price.input), _usd(price.output), _usd(price.cached))),
        model.price_as_of or _UNKNOWN,
        fetched,
    )


def _count(tokens: int | None) -> str:
    return _UNKNOWN if tokens is None else f"{tokens:,}"


def _usd(amount: float | None) -> str:
    return _UNKNOWN if amount is None else f"{amount:.6f}".rstrip("0").rstrip(".")


def _describe(model: ModelInfo, listing: _Listing) -> dict[str, object]:
    price = model.price
    return {
        "name": model.name,
        "provider": model.provider,
        "id": model.id,
        "context_window": model.context_window,
        "max_output": model.max_output,
        "images": model.takes_images,
        "price": None if price is None else {"input": price.input, "output": price.output, "cached": price.cached},
        "price_as_of": model.price_as_of or None,
        "fetched": None if listing.fetched is None else listing.fetched.isoformat(),
    }
