"""The roster of the commands that ask many times: all requests with one provider's key pass one back-off."""

from __future__ import annotations

from collections.abc import Callable

from chatui.cli.workplace import Workplace
from chatui.engine.backoff import hold_together
from chatui.engine.roster import Roster


def hold_roster(
    place: Workplace, chance: Callable[[], float], max_retries: int | None = None, *, has_demo: bool = False
) -> Roster:
    """Make a roster whose providers hold their requests together; `max_retries` stands in for their own setting.

    `has_demo` brings the built-in demo along, also where it is not the usual model.
    """
    providers = {provider.name: hold_together(provider, chance, max_retries) for provider in place.roster.providers}
    if has_demo and "demo" not in providers:
        # Deferred: the demo is asked rarely, and a script that asks a real model starts without it.
        from chatui.cli.demo_topics import make_demo

        providers["demo"] = hold_together(make_demo(), chance, max_retries)
    return Roster(providers, offered=place.roster.offered)
