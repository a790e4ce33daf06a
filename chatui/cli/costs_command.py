"""`chatui costs`: what was spent, and what the same tokens would cost with other models."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from chatui.cli.compare_figures import lay_table
from chatui.cli.many_commands import COSTS
from chatui.cli.parser import read_words
from chatui.cli.reply_json import encode_json
from chatui.cli.teller import tell
from chatui.cli.workplace import Workplace, WrongUse, open_workplace
from chatui.conversation.model_info import ModelInfo
from chatui.conversation.usage import Price, Usage
from chatui.conversation.visible import make_visible_line
from chatui.engine.figures import UNKNOWN, format_cost, format_count
from chatui.engine.spending import Ledger, Spending, WhatIf, price_elsewhere, project, read_session
from chatui.providers.catalog import Catalog
from chatui.storage.errors import StorageError
from chatui.storage.shelf import Shelf

EXIT_USAGE = 2


def run(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Print the costs; return 0, or 2 for wrong use."""
    values = read_words(COSTS, argv)
    try:
        place = open_workplace(environ, data_dir=values["data_dir"], config_file=values["config"])
        name, tokens = values["what_if"], values["monthly"]
        ledger = _read(place, name or "")
        if name is None and tokens is None:
            lines = [encode_json(_describe(ledger))] if values["json"] else _say_spending(ledger)
        else:
            usage = ledger.total.usage if tokens is None else project(ledger.total.usage, tokens)
            found = price_elsewhere(usage, _offers(place, ledger))
            is_json = values["json"]
            lines = (
                [encode_json(_describe_offers(usage, found, tokens))] if is_json else _say(ledger, usage, found, tokens)
            )
    except (WrongUse, StorageError) as error:
        tell(str(error))
        return EXIT_USAGE
    if sys.stdout is not None:
        print("\n".join(lines), flush=True)
    return 0


def _read(place: Workplace, name: str) -> Ledger:
    """The spending of a session, of a file of results, or with no name, of all sessions."""
    ledger = Ledger()
    path = Path(name).expanduser()
    if name and path.is_file():
        for model, usage, cost in _read_results(path):
            ledger.add(model, usage, cost)
        return ledger
    shelf = Shelf(place.places)
    if name:
        ledger.add_messages(read_session(shelf, shelf.find(name).id))
        return ledger
    for summary in shelf.list_sessions():
        try:
            ledger.add_messages(read_session(shelf, summary.id))
        except StorageError as error:
            tell(f"Left out: {error.reason}")
    return ledger


def _read_results(path: Path) -> Iterator[tuple[str, Usage, float | None]]:
    """The replies of a file that `batch` wrote, or `ask --json`. Raises WrongUse for another."""
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                try:
                    found: Any = json.loads(line)
                    for reply in found.get("replies", [found]):
                        counts = reply["usage"]
                        usage = Usage(counts["input"], counts["output"], counts["cached"], 0, counts["estimated"])
                        if usage.input or usage.output:
                            yield str(reply["model"] or ""), usage, reply["cost"]
                except (ValueError, KeyError, TypeError, AttributeError):
                    raise WrongUse(f"{path}, line {number}: this is no result of a batch.") from None
    except OSError as error:
        raise WrongUse(f"{path} cannot be read: {error.strerror}.") from error


def _offers(place: Workplace, ledger: Ledger) -> list[ModelInfo]:
    """The models of the catalog, those of the config, and those that were used."""
    names = [info.name for info in Catalog().list_models() if info.price is not None]
    for provider, settings in place.config.providers.items():
        names += [f"{provider}/{model}" for model in settings.models]
    names += [*place.config.favorites, *(name for name in ledger.by_model if name)]
    return [place.roster.describe(name) for name in dict.fromkeys(names)]


def _say_spending(ledger: Ledger) -> list[str]:
    if not ledger.total.replies:
        return ["Nothing was spent yet: no saved reply used any tokens."]
    spent = sorted(ledger.by_model.items(), key=lambda each: (-each[1].usd, each[0]))
    rows = [_spending_row(name or UNKNOWN, spending) for name, spending in spent]
    if len(rows) > 1:
        rows.append(_spending_row("all", ledger.total))
    return lay_table(rows, ("model", "replies", "in", "cached", "out", "cost"))


def _spending_row(name: str, spending: Spending) -> tuple[str, ...]:
    about = spending.estimated > 0
    return (
        make_visible_line(name),
        f"{spending.replies:,}",
        format_count(spending.input, is_estimate=about),
        format_count(spending.cached),
        format_count(spending.output, is_estimate=about),
        _say_cost(spending),
    )


def _say_cost(spending: Spending) -> str:
    cost = spending.cost
    return format_cost(cost.known_usd, is_estimate=cost.estimated > 0, is_lower_bound=cost.is_lower_bound)


def _say(ledger: Ledger, usage: Usage, found: Sequence[WhatIf], tokens: int | None) -> list[str]:
    if tokens is None and not ledger.total.replies:
        return ["No tokens were used there, so there is nothing that could cost something elsewhere."]
    about = usage.estimated
    output = f"{format_count(usage.output, is_estimate=about)} out"
    cached = f", {format_count(usage.cached, is_estimate=about)} of it cached" if usage.cached else ""
    counts = f"{format_count(usage.input, is_estimate=about)} in{cached}, {output}"
    if tokens is None:
        head = f"{counts}; it cost {_say_cost(ledger.total)}."
    elif ledger.total.replies:
        head = f"{format_count(tokens)} tokens a month, in the proportions of what was used: {counts}."
    else:
        guess = "Nothing was used yet, so three in four are taken as input"
        head = f"{format_count(tokens)} tokens a month. {guess}: {counts}."
    catalog = Catalog()
    rows = [
        (
            ("* " if each.info.name in ledger.by_model else "  ") + make_visible_line(each.info.name),
            format_cost(each.cost, is_estimate=about),
            _say_price(each.info.price),
            make_visible_line(each.info.price_as_of) or UNKNOWN,
            catalog.note(each.info.provider, each.info.id),
        )
        for each in found
    ]
    cost_heading = "cost" if tokens is None else "a month"
    lines = [
        head,
        "",
        *lay_table(rows, ("  model", cost_heading, "$/M in/cached/out", "price as of", "note"), left=(0, 3, 4)),
    ]
    if any(each.info.name in ledger.by_model for each in found):
        lines += ["", "* was used. Other models would need a few tokens more or less for the same text."]
    return lines


def _say_price(price: Price | None) -> str:
    if price is None:
        return UNKNOWN
    cached = price.input if price.cached is None else price.cached
    return f"{price.input:g}/{cached:g}/{price.output:g}"


def _describe(ledger: Ledger) -> dict[str, object]:
    return {
        "total": _describe_spending(ledger.total),
        "models": {name: _describe_spending(spending) for name, spending in ledger.by_model.items()},
    }


def _describe_spending(spending: Spending) -> dict[str, object]:
    cost = spending.cost
    return {
        "replies": spending.replies,
        "usage": _describe_usage(spending.usage),
        "cost": cost.known_usd,
        "cost_is_lower_bound": cost.is_lower_bound,
    }


def _describe_usage(usage: Usage) -> dict[str, object]:
    return {"input": usage.input, "output": usage.output, "cached": usage.cached, "estimated": usage.estimated}


def _describe_offers(usage: Usage, found: Sequence[WhatIf], tokens: int | None) -> dict[str, object]:
    offers = [
        {"model": each.info.name, "cost": each.cost, "price_as_of": each.info.price_as_of or None} for each in found
    ]
    return {"monthly_tokens": tokens, "usage": _describe_usage(usage), "offers": offers}
