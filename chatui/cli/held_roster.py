"""The roster of the commands that ask many times: all requests with one provider's key pass one back-off."""

from __future__ import annotations

from collections.abc import Callable

from chatui.cli.workplace import Workplace
from chatui.engine.backoff import hold_together
from chatui.engine.roster import Roster


def hold_roster(place: Workplace, chance: Callable[[], float], max_retries: int | None = None) -> Roster:
    """Make a roster whose providers hold their requests together; `max_retries` stands in for their own setting."""
    providers = {provider.name: hold_together(provider, chance, max_retries) for provider in place.roster.providers}
    return Roster(providers, offered=place.roster.offered)
