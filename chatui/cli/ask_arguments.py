"""The command line of `ask` as one frozen value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from chatui.cli.commands import ASK
from chatui.cli.parser import read_words


@dataclass(frozen=True, slots=True)
class AskArguments:
    """What the command line says."""

    prompt: str = ""
    """The words, joined by spaces."""
    model: str | None = None
    """`provider/model`, or a model's id."""
    system: str | None = None
    files: tuple[Path, ...] = ()
    """Added to the prompt."""
    continue_last: bool = False
    """Go on with the session used last."""
    continue_reply: bool = False
    """Go on with the last reply, in place of a prompt; what comes is printed, the session has the whole."""
    session: str | None = None
    """Id of the session to open, or to create."""
    is_saved: bool = True
    is_streamed: bool = True
    """False asks for the answer whole, and prints it then."""
    is_extracted: bool = False
    """Print the last code block alone."""
    is_json: bool = False
    """Print one JSON object."""
    is_raw: bool = False
    """Render nothing and make nothing visible, on a terminal as well."""
    max_retries: int | None = None
    """In place of the provider's setting."""
    params: Mapping[str, object] = field(default_factory=dict)
    """Sampling parameters."""
    config: Path | None = None
    data_dir: Path | None = None
    record: Path | None = None
    """Write the stream to this cassette."""
    play: Path | None = None
    """Answer from this cassette."""


def parse_ask(argv: Sequence[str]) -> AskArguments:
    """Read the words after `ask`. Raises SystemExit as `read_words` does."""
    values = read_words(ASK, argv)
    return AskArguments(
        prompt=" ".join(values["words"]),
        model=values["model"],
        system=values["system"],
        files=tuple(values["file"]),
        continue_last=values["continue"],
        continue_reply=values["continue_reply"],
        session=values["session"],
        is_saved=not values["no_save"],
        is_streamed=not values["no_stream"],
        is_extracted=values["extract"],
        is_json=values["json"],
        is_raw=values["raw"],
        max_retries=values["max_retries"],
        params=dict(values["param"]),
        config=values["config"],
        data_dir=values["data_dir"],
        record=values["record"],
        play=values["play"],
    )
