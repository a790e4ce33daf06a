"""The prompt of `ask`: the words of the command line, then what is piped in, then the files; images beside it."""

from __future__ import annotations

import select
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from chatui.conversation.attachment import AttachedImage
from chatui.engine.attached_files import MAX_TEXT_BYTES, AttachedText, AttachError, read_attached, tell_apart

PATIENCE = 1.0
"""Seconds of silence on standard input after which the user is told what is waited for."""


class PromptError(Exception):
    """The prompt cannot be made; the text is a sentence that says why and what to do."""


@dataclass(frozen=True, slots=True)
class AskedPrompt:
    """What is asked."""

    text: str = ""
    images: tuple[AttachedImage, ...] = ()


def read_prompt(words: str, files: Iterable[Path], tell: Callable[[str], None]) -> AskedPrompt:
    """Read standard input and the files, and put the prompt together; `tell` takes what the user has to know of them.

    Raises PromptError for what cannot be sent, and when there is nothing to ask.
    """
    try:
        piped = _read_piped(tell)
        attached = [read_attached(path) for path in files]
    except AttachError as error:
        raise PromptError(str(error)) from error
    for each in (piped, *attached):
        if isinstance(each, AttachedText) and each.notice:
            tell(each.notice)
    said = piped.text.strip("\n") if isinstance(piped, AttachedText) else ""
    texts = [each.present() for each in attached if isinstance(each, AttachedText)]
    images = tuple(each for each in (piped, *attached) if isinstance(each, AttachedImage))
    prompt = "\n\n".join(part for part in (words, said, *texts) if part.strip())
    if not prompt and images:
        raise PromptError('Nothing is asked about the image. Say what you want to know: chatui ask -f FILE "…".')
    if not prompt:
        raise PromptError('There is nothing to ask. Give a prompt, chatui ask "…", or pipe text in.')
    return AskedPrompt(prompt, images)


def _read_piped(tell: Callable[[str], None]) -> AttachedText | AttachedImage | None:
    if sys.stdin is None or sys.stdin.isatty():
        return None
    fd = sys.stdin.fileno()
    try:
        if not select.select((fd,), (), (), PATIENCE)[0]:
            tell("waiting for standard input to end; write </dev/null behind the command if nothing is to come.")
        data = sys.stdin.buffer.read(MAX_TEXT_BYTES + 1)
    except OSError as error:
        raise AttachError(f"Standard input cannot be read: {error.strerror}.") from error
    return tell_apart(data, "piped image", "Standard input")
