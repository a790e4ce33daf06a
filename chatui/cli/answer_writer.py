"""The answer of `ask` on its way to standard output, and what is told beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatui.cli.advice import explain
from chatui.cli.reply_json import describe_reply, encode_json
from chatui.conversation.events import Event, FieldRefused, Finished, Retrying, SaveFailed, TextDelta, Warned
from chatui.conversation.message import Message, Status
from chatui.conversation.visible import make_visible
from chatui.engine.adaptations import say_refused
from chatui.engine.code_blocks import find_code_blocks
from chatui.engine.words import say_finish, say_retry
from chatui.storage.toml_text import replace_surrogates

if TYPE_CHECKING:
    from chatui.cli.markdown_view import MarkdownView


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """How the answer is written."""

    is_streamed: bool = True
    is_extracted: bool = False
    is_json: bool = False
    is_visible: bool = False
    """Make controls visible and end the last line, as a terminal needs it."""


class AnswerWriter:
    """Fed with every event; writes through `write` and tells through `tell`."""

    def __init__(
        self,
        form: AnswerForm,
        write: Callable[[bytes], None],
        tell: Callable[[str], None],
        view: MarkdownView | None = None,
    ) -> None:
        """`view` renders the answer on its way to `write`; it is for a terminal."""
        self._form = form
        self._write = write
        self._tell_now = tell
        self._untold: list[str] = []
        self._view = None if form.is_extracted or form.is_json else view
        self._is_live = form.is_streamed and not form.is_extracted and not form.is_json
        self._last = "\n"
        self.message: Message | None = None
        """The reply, once it is over."""
        self.has_all = True
        """False where no code block could be extracted, or only a cut one."""

    @property
    def is_in_line(self) -> bool:
        """True while a line of the answer is not ended: what is told now would stand in it."""
        if self._view is not None:
            return self._view.is_in_line
        return self._form.is_visible and self._last != "\n"

    def take(self, event: Event) -> None:
        """Take one event."""
        match event:
            case TextDelta(text) if self._is_live:
                self._write_text(text)
            case Retrying(failure, retry, max_retries, wait):
                self._tell(f"{say_retry(failure, retry, max_retries, wait)} ({failure.message})")
            case FieldRefused():
                self._tell(say_refused(event))
            case Warned(message, advice):
                self._tell(f"{message} {advice}".strip())
            case SaveFailed(reason):
                self._tell(f"Not saved: {reason}")
            case Finished():
                self.message = event.message
        self._tell_rest()

    def finish(self, session: str | None) -> None:
        """Write what waited for the end; `session` is the id of the saved session."""
        message = self.message
        if message is None:
            return
        if self._form.is_json:
            self._write(f"{encode_json(describe_reply(message, session))}\n".encode())
        elif self._form.is_extracted:
            self._extract(message)
        elif not self._is_live:
            self._write_text(message.text)
        if self._view is not None:
            self._view.end()
        elif self.is_in_line:
            self._write(b"\n")
            self._last = "\n"
        self._tell_rest()

    def _tell(self, sentence: str) -> None:
        """Tell something, once no line of the answer is in the way."""
        self._untold.append(sentence)

    def _tell_rest(self) -> None:
        if self._untold and not self.is_in_line:
            for sentence in self._untold:
                self._tell_now(sentence)
            self._untold.clear()

    def _extract(self, message: Message) -> None:
        blocks = list(find_code_blocks(message.text))
        if not blocks:
            self.has_all = False
            self._tell("There is no code block in the answer.")
            return
        block = blocks[-1]
        self._write_text(block.text)
        if not block.is_closed and (message.status is not Status.COMPLETE or message.finish_reason == "length"):
            self.has_all = False
            self._tell("The code block is cut.")

    def _write_text(self, text: str) -> None:
        if not text:
            return
        if self._view is not None:
            self._view.add(text)
            return
        self._last = text[-1]
        shown = make_visible(text) if self._form.is_visible else replace_surrogates(text)
        self._write(shown.encode())


def say_end(message: Message, session: str | None) -> Iterator[str]:
    """Say how a reply ended, where that was no ordinary end: sentences for standard error, not yet safe to show."""
    match message.status:
        case Status.COMPLETE:
            if words := say_finish(message.finish_reason):
                yield f"The answer was {words}." if words.startswith("cut") else f"The answer {words}."
            if message.finish_reason == "length":
                yield "Raise it with -o max_tokens=…, or go on with: chatui ask -c --continue-reply"
            if not message.text.strip():
                yield "The answer is empty."
            return
        case Status.CANCELLED:
            yield "Stopped."
        case Status.INTERRUPTED:
            reason = explain(message.failure) if message.failure else ""
            yield f"The answer was interrupted. {reason}".strip()
        case _:
            yield explain(message.failure) if message.failure else "The reply failed."
    if session is not None and message.text:
        yield f"What came is kept: chatui -r {session}"
