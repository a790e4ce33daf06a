"""The findings of `chatui doctor` as text for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chatui.cli.advice import explain
from chatui.cli.checkup import Checkup
from chatui.cli.columns import format_rows, shorten
from chatui.conversation.visible import make_visible_line
from chatui.providers.key_check import KeyCheck, KeyState
from chatui.providers.keys import say_choice

_VALUE = 60
"""Characters of a setting that are shown."""


def format_checkup(checkup: Checkup) -> Iterator[str]:
    """Yield the lines, safe to show."""
    versions = " · ".join(f"{name} {number or 'is not installed'}" for name, number in checkup.versions.items())
    yield make_visible_line(versions)
    yield from _section("Files", [(name, path, note) for name, (path, note) in checkup.places.items()])
    settings = [
        (key, shorten(value, _VALUE), say_choice(source, others)) for key, value, source, others in checkup.settings
    ]
    yield from _section("Settings", settings)
    yield from _section("Providers", [row for check in checkup.checks for row in _rows(check)])
    yield from _section("Not set up", list(checkup.without_key.items()))
    yield from _section("Terminal", list(checkup.terminal.items()))
    yield from _section("Problems", [(problem,) for problem in checkup.problems])
    yield ""
    yield make_visible_line(_conclude(checkup))


def _section(title: str, rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    if rows:
        yield ""
        yield title
        for line in format_rows(rows):
            yield f"  {line}"


def _rows(check: KeyCheck) -> Iterator[tuple[str, str]]:
    key = "no key" if check.key is None else f"key {check.key.masked} from {check.key.choice}"
    count = len(check.models.models)
    offers = f", {count} model{'s' if count != 1 else ''}" if count else ""
    yield check.provider, check.address
    if check.address_passed_over:
        yield "", f"address from {say_choice(check.address_source, check.address_passed_over)}"
    yield "", f"{key}: {check.state.value}{offers}" if check.key else f"{check.state.value}{offers}"
    if check.failure is not None:
        yield "", explain(check.failure)
    elif check.key is not None and check.state is KeyState.NOT_CHECKED:
        yield "", "its list of models is open to all, so nothing is known of the key"


def _conclude(checkup: Checkup) -> str:
    if checkup.is_usable:
        return f"Ready: new sessions talk to {checkup.model}." if checkup.model else "Ready: name a model with -m."
    return (
        "No model can be used now. Set a key such as DEEPSEEK_API_KEY, or CHATUI_BASE_URL and CHATUI_API_KEY, or start "
        "a local server. Without any, chatui starts with a built-in demo."
    )
