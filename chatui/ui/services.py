"""What the app is given at construction: everything below the screen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from chatui.config.config import Config
    from chatui.engine.live_session import LiveSession
    from chatui.engine.memory import Memory
    from chatui.engine.roster import Roster
    from chatui.engine.sessions import Sessions
    from chatui.providers.key_check import KeyCheck
    from chatui.storage.drafts import DraftFolder


@dataclass(frozen=True, slots=True)
class Opening:
    """What the app does first."""

    live: LiveSession
    """The session on screen at start."""
    model: str = ""
    """`provider/model` asked for on the command line; wins over the session's own."""
    prompt: str = ""
    """Sent at once when not empty."""
    draft: str = ""
    """Put into the prompt, not sent: text that was piped in."""
    continue_reply: bool = False
    """Go on with the last reply at once, where it was cut."""
    pick_session: bool = False
    """Start with the list of sessions open."""
    notices: tuple[str, ...] = ()
    """What went wrong before there was a screen, each a sentence."""


@dataclass(frozen=True, slots=True)
class Services:
    """The floors below, ready to use."""

    config: Config
    sessions: Sessions
    roster: Roster
    memory: Memory
    drafts: DraftFolder
    warm_up: Callable[[], None]
    """Imports what the first paint did without; called in a thread after it."""
    find_local: Callable[[], Awaitable[list[str]]]
    """Looks for servers on this machine, takes them into the roster, returns a sentence for each."""
    check_key: Callable[[str], Awaitable[KeyCheck | None]]
    """Checks the key of a provider, by its name; `None` for one that has nothing to do with keys."""
    keep_look: Callable[[Mapping[str, str]], None]
    """Keeps how the screen looks for the next start's skeleton; see `storage.look`. Raises StorageError."""
    is_demo_default: bool = False
    """True when nothing is configured and the demo answers: then local servers are looked for."""
    version: str = ""


Opened: TypeAlias = tuple[Services, Opening]
"""All that the first frame does without."""
