"""Is a key good? Asked with `GET /models`, and answered no more surely than that can tell."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from enum import StrEnum

from chatui.conversation.failure import Failure, FailureKind
from chatui.providers.base import ModelList
from chatui.providers.endpoint import Endpoint
from chatui.providers.keys import FoundKey

CHECK_SECONDS = 5.0
"""For everything: finding the key, the connection, the answer."""


class KeyState(StrEnum):
    """What is known of a key; the words are what is shown."""

    VALID = "valid"
    """The server took it."""
    REFUSED = "refused"
    """401 or 403."""
    NO_FUNDS = "valid, no funds"
    """402, or a quota that is used up."""
    NO_MODEL_LIST = "no model list"
    """404, or an answer that is no list: nothing is known of the key."""
    NOT_CHECKED = "not checked"
    """429, 5xx, no connection, no answer in time, or a list that is open to all. It may well be good."""
    NO_KEY = "answers without key"
    """There is no key, and none was asked for."""
    MISSING = "no usable key"
    """It wants one and there is none, or what is there cannot be one, such as a placeholder."""


@dataclass(frozen=True, slots=True)
class KeyCheck:
    """The outcome for one provider."""

    provider: str
    state: KeyState
    address: str = ""
    """As it may be shown; empty where there is none."""
    key: FoundKey | None = None
    models: ModelList = field(default_factory=ModelList)
    failure: Failure | None = None
    """What went wrong, where something did."""
    address_source: str = ""
    """Where the address is set, or would be, as the user knows it."""
    address_passed_over: tuple[str, ...] = ()
    """Other settings that name an address, and that this one goes before."""

    @property
    def is_usable(self) -> bool:
        """True where asking is worth while: the server is there, and did not refuse."""
        if self.state is KeyState.NOT_CHECKED:
            failure = self.failure
            # A redirect is not followed, whatever is asked.
            return failure is None or (failure.status is not None and failure.kind is not FailureKind.CONFIGURATION)
        return self.state in (KeyState.VALID, KeyState.NO_MODEL_LIST, KeyState.NO_KEY)


async def check_key_of(endpoint: Endpoint, seconds: float = CHECK_SECONDS) -> KeyCheck:
    """Check the key of a provider; never raises for the network."""
    check = await _check(endpoint, seconds)
    return replace(check, address_source=endpoint.url_setting, address_passed_over=endpoint.url_passed_over)


async def _check(endpoint: Endpoint, seconds: float) -> KeyCheck:
    name = endpoint.name
    address = endpoint.address
    if isinstance(address, Failure):
        return KeyCheck(name, KeyState.MISSING, failure=address)
    key: FoundKey | None = None
    try:
        async with asyncio.timeout(seconds):
            found = await endpoint.find_key()
            if isinstance(found, Failure):
                return KeyCheck(name, KeyState.MISSING, address.shown, failure=found)
            key = found
            models = await endpoint.list_models()
    except TimeoutError:
        failure = Failure(FailureKind.TIMEOUT, f"There was no answer within {seconds:g} seconds.")
        return KeyCheck(name, KeyState.NOT_CHECKED, address.shown, key, failure=failure)
    state = _judge(models.failure, has_key=key is not None, is_open=endpoint.quirks.has_open_model_list)
    return KeyCheck(name, state, address.shown, key, models, models.failure)


def _judge(failure: Failure | None, *, has_key: bool, is_open: bool) -> KeyState:
    if failure is None:
        if not has_key:
            return KeyState.NO_KEY
        return KeyState.NOT_CHECKED if is_open else KeyState.VALID
    if failure.status in (401, 403):
        return KeyState.REFUSED if has_key else KeyState.MISSING
    match failure.kind:
        case FailureKind.FUNDS | FailureKind.QUOTA:
            return KeyState.NO_FUNDS
        case FailureKind.NOT_FOUND | FailureKind.PROTOCOL:
            return KeyState.NO_MODEL_LIST
    return KeyState.NOT_CHECKED
