"""Where a key comes from, and whether it can be one. A key is never shown, logged or put into an error."""

from __future__ import annotations

import asyncio
import contextlib
import re
import shlex
import stat
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from chatui.config.config import ProviderSettings
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.visible import make_visible_line
from chatui.providers.quirks import Quirks

_MAX_BYTES = 64 * 1024
_COMMAND_SECONDS = 30.0

_PLACEHOLDER = re.compile(
    r"<.*>|\[.*\]|\{.*\}|\$\{?\w+\}?|\.{3,}|…"
    r"|(sk|key|api)?[-_]?((proj|ant|or|v1|live|test)[-_])*(x{3,}|\*{3,}|\.{3,}|…)[-_x*.…]*"
    r"|(your|my|insert|enter|paste|put|replace|add)[-_ ].*(key|token|secret|here|me|this).*"
    r"|sk[-_](your|my|insert|replace)[-_].*"
    r"|change[-_ ]?me|api[-_ ]?key|secret|todo|tbd",
    re.IGNORECASE,
)

_ASSIGNMENT = re.compile(r"(export\s+)?[A-Z][A-Z0-9]*(_[A-Z0-9]+)+\s*=\s*[^=\s].*")
"""A line of a shell or of a `.env` file, pasted whole; keys in base64 may end in `=`."""


@dataclass(frozen=True, slots=True)
class FoundKey:
    """A key that can be sent."""

    value: str = field(repr=False)
    source: str
    """Where it came from, as the user knows it: `DEEPSEEK_API_KEY`, or `api_key_file in [providers.work]`."""
    warning: str = ""
    """What is unsafe about where it lies; empty for nothing."""
    passed_over: tuple[str, ...] = ()
    """Other sources that hold something, and that this one goes before."""

    @property
    def choice(self) -> str:
        """Its source, and those that were passed over."""
        return say_choice(self.source, self.passed_over)

    @property
    def masked(self) -> str:
        """The key as it may be shown: its last four characters."""
        return f"…{self.value[-4:]}" if len(self.value) >= 12 else "…"

    @property
    def hint(self) -> str:
        """Its end in brackets, to be recognized by; nothing of a key too short to show a part of."""
        return f" ({self.masked})" if len(self.masked) > 1 else ""


def say_choice(source: str, passed_over: Sequence[str]) -> str:
    """Say which source is taken, and which others it goes before: `ACME_KEY (before api_key in [providers.acme])`."""
    return f"{source} (before {', '.join(passed_over)})" if passed_over else source


async def find_key(
    settings: ProviderSettings,
    quirks: Quirks,
    environ: Mapping[str, str],
    command_seconds: float = _COMMAND_SECONDS,
    *,
    is_at_home: bool = True,
) -> FoundKey | Failure | None:
    """Find the key of a provider: its own environment variables, else what the config says.

    A variable that the config names (`api_key_env`) goes before all else, for naming it is choosing it. Of the rest of
    the config the order is `api_key_cmd`, `api_key_file`, `api_key`. Where the config has moved the provider to another
    host (`is_at_home` is false), its own variables come last: they hold a key that is meant for its own host.

    `None` where there is no key and none is needed. A key that cannot be one is refused here and never sent.
    """
    table = f"[providers.{settings.name}]"
    chosen = [settings.api_key_env] if environ.get(settings.api_key_env, "").strip() else []
    own = [name for name in quirks.key_env if name not in chosen and environ.get(name, "").strip()]
    said = {
        "api_key_cmd": settings.api_key_cmd,
        "api_key_file": settings.api_key_file,
        "api_key": settings.api_key.strip(),
    }
    in_file = [f"{name} in {table}" for name, value in said.items() if value]
    is_own_first = is_at_home and not settings.api_key_env
    sources = [*chosen, *own, *in_file] if is_own_first else [*chosen, *in_file, *own]
    if sources:
        first, *rest = sources
        found = await _read(first, settings, environ, command_seconds)
        if isinstance(found, FoundKey):
            return replace(found, passed_over=tuple(rest))
        page = f" A key is made at {quirks.key_page}." if quirks.key_page else ""
        return replace(found, advice=found.advice + page)
    if settings.api_key_env:
        return _refuse(
            f"{settings.api_key_env} is not set.", f"Set it, or change api_key_env in {table}; it names a variable."
        )
    if not quirks.needs_key:
        return None
    ways = f"Set {quirks.key_env[0]}" if quirks.key_env else f"Set api_key_env in {table}"
    page = f"; a key is made at {quirks.key_page}" if quirks.key_page else ""
    return _refuse(f"There is no key for {quirks.label}.", f"{ways}{page}.")


async def _read(
    source: str, settings: ProviderSettings, environ: Mapping[str, str], seconds: float
) -> FoundKey | Failure:
    """Read the key from one source; a name without a table is that of a variable."""
    match source.partition(" in ")[0]:
        case "api_key_cmd":
            return await _run(settings.api_key_cmd, source, environ, seconds)
        case "api_key_file":
            return _read_file(settings.api_key_file, source)
        case "api_key":
            return check_key(settings.api_key, source)
    return check_key(environ[source], source)


def check_key(text: str, source: str, warning: str = "") -> FoundKey | Failure:
    """Trim a pasted key and refuse what cannot be one, saying why without showing it."""
    key = text.strip()
    if len(key) > 1 and key[0] == key[-1] and key[0] in "\"'`":
        key = key[1:-1].strip()
    word, _, rest = key.partition(" ")
    if word.lower() == "bearer":
        key = rest.strip()
    if not key:
        return _refuse(f"The key from {source} is empty.", "Set it to the key itself.")
    if "\n" in key or "\r" in key:
        return _refuse(f"The key from {source} has a line break in it.", "Paste the key alone, on one line.")
    if _PLACEHOLDER.fullmatch(key):
        return _refuse(f"The key from {source} is a placeholder.", "Put the real key there.")
    if _ASSIGNMENT.fullmatch(key):
        return _refuse(f"The key from {source} begins with the name of a variable.", "Paste what stands after the =.")
    if not key.isascii():
        return _refuse(f"The key from {source} has a character in it that is not ASCII.", "Copy it again.")
    if not key.isprintable() or " " in key:
        return _refuse(f"The key from {source} has a space or a control character in it.", "Copy it again.")
    return FoundKey(key, source, warning)


def _refuse(message: str, advice: str) -> Failure:
    return Failure(FailureKind.CONFIGURATION, message, advice=advice)


def _read_file(name: str, source: str) -> FoundKey | Failure:
    shown = make_visible_line(name)
    try:
        path = Path(name).expanduser()
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode):
            return _refuse(f"{shown} ({source}) is not a regular file.", "Name a file that holds the key alone.")
        with path.open("rb") as file:
            text = file.read(_MAX_BYTES).decode("utf-8", "replace")
    except (OSError, ValueError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return _refuse(f"{shown} ({source}) cannot be read: {reason}.", "Name a file that holds the key alone.")
    is_open = facts.st_mode & (stat.S_IRGRP | stat.S_IROTH)
    return check_key(text, source, f"{shown} can be read by others: chmod 600 {shown}" if is_open else "")


async def _run(command: str, source: str, environ: Mapping[str, str], seconds: float) -> FoundKey | Failure:
    advice = "Run the command by hand to see what it says; it must print the key alone."
    try:
        words = shlex.split(command)
    except ValueError as error:
        return _refuse(f"{source} is not a command: {error}.", "Check its quotes.")
    if not words:
        return _refuse(f"{source} is empty.", "Give a command that prints the key.")
    try:
        async with asyncio.timeout(seconds), _started(words, environ) as process:
            printed, complaint = await process.communicate()
    except TimeoutError:
        return _refuse(f"{source} printed no key within {seconds:g} seconds.", advice)
    except (OSError, ValueError) as error:
        return _refuse(f"{source} cannot be run: {getattr(error, 'strerror', None) or error}.", advice)
    if process.returncode:
        lines = complaint.decode("utf-8", "replace").split("\n")
        said = make_visible_line(next((line.strip() for line in reversed(lines) if line.strip()), ""))[:200]
        return _refuse(f"{source} failed ({process.returncode}){': ' + said if said else ''}.", advice)
    return check_key(printed[:_MAX_BYTES].decode("utf-8", "replace"), source)


@contextlib.asynccontextmanager
async def _started(words: list[str], environ: Mapping[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *words,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=dict(environ),
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
