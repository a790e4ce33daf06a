"""A reply in the transcript: the model's name, folded reasoning, Markdown, and how it ended; whole or streaming."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from time import monotonic

from chatui.conversation.events import Retrying, Started
from chatui.conversation.message import Message
from chatui.conversation.model_info import split_model_name
from chatui.conversation.visible import make_visible_line
from chatui.engine.figures import format_seconds
from chatui.engine.words import say_countdown
from chatui.ui.markdown.flow import MarkdownFlow
from chatui.ui.markdown.line import Ink, Run
from chatui.ui.markdown.plain_flow import PlainFlow
from chatui.ui.transcript.entry import Choice, Entry
from chatui.ui.transcript.fate import NO_WAYS, fate_sections
from chatui.ui.transcript.figures import join_figures, reply_figures, wrap_figures
from chatui.ui.transcript.seams import lay_seams, name_seams
from chatui.ui.transcript.section import (
    BLANK,
    REASONING_GUTTER,
    Action,
    FixedLines,
    Section,
    drawn_line,
    drawn_section,
)


class ReplyEntry(Entry):
    """A reply. Deltas are kept in lists until `flush`, so that one costs the same however long the reply is."""

    def __init__(
        self,
        width: int,
        model: str,
        message: Message | None = None,
        *,
        goes_on: Started | None = None,
        ways: Mapping[str, str] = NO_WAYS,
        is_last: bool = True,
        is_switch: bool = False,
        choice: Choice = Choice(),  # noqa: B008  # it is frozen
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """`message` is `None` for a reply that streams; `choice` is what the reader folded or unfolded before.

        `goes_on` is the request that continues a kept reply; `ways` is how commands are run, by their names. Only the
        last one can be continued.
        """
        super().__init__(width)
        self._goes_on = goes_on
        self._ways = ways
        self._is_last = is_last
        kept = message if message is not None or goes_on is None else goes_on.kept
        self.message = message
        self.is_open = choice.is_open
        """Whether the reader wants to see the reasoning; `None`: while the model thinks."""
        self._model = model
        self._is_switch = is_switch
        self._clock = clock
        self._text: list[str] = []
        self._thoughts: list[str] = []
        self._thinking_since: float | None = None
        self._thought_for: float | None = None
        self._waiting: Sequence[str] = ()
        if message is not None:
            self._flow = MarkdownFlow.of_whole(self.width, message.text)
        else:
            self._flow = MarkdownFlow(self.width, kept.text if kept is not None else "")
        self._reasoning: PlainFlow | None = None
        self._unread_thoughts = [kept.reasoning] if kept is not None and kept.reasoning else []
        if kept is not None:
            self._thought_for = kept.timing.reasoning if kept.timing is not None else None
        self._shown = lay_seams(self._flow, choice.folded_code, () if kept is None else name_seams(kept, goes_on))
        self.rebuild()

    @property
    def is_live(self) -> bool:
        """True while it streams."""
        return self.message is None

    @property
    def source(self) -> str:
        """The Markdown, as far as it is laid out."""
        return self._flow.source

    @property
    def texts(self) -> Sequence[str]:
        """The reasoning, also while it is folded, and the answer."""
        if len(self._unread_thoughts) > 1:
            self._unread_thoughts = ["".join(self._unread_thoughts)]
        read = "" if self._reasoning is None else self._reasoning.source
        return "".join((read, *self._unread_thoughts)), self._flow.source

    @property
    def is_thinking(self) -> bool:
        """True between the first delta of reasoning and the first of text."""
        return self.is_live and self._thinking_since is not None and self._thought_for is None

    @property
    def shows_reasoning(self) -> bool:
        """Whether the reasoning is unfolded now."""
        return self.is_thinking if self.is_open is None else self.is_open

    def append_text(self, text: str) -> None:
        """Take a piece of the answer; O(1)."""
        self._text.append(text)

    def append_reasoning(self, text: str) -> None:
        """Take a piece of the reasoning; O(1)."""
        if self._thinking_since is None:
            self._thinking_since = self._clock()
        self._thoughts.append(text)

    def retry(self, event: Retrying) -> None:
        """Show that an attempt failed and when the next one comes."""
        self._waiting = (say_countdown(event.failure, event.retry, event.max_retries, event.wait),)
        self.rebuild()

    def tell_wait(self, parts: Sequence[str]) -> bool:
        """Say what is waited for, below what came so far; nothing takes it away. True when that changed a row."""
        rows = wrap_figures(parts, self.width)
        if rows == list(self._waiting):
            return False
        self._waiting = rows
        self.rebuild()
        return True

    def flush(self, *, may_fold: bool = True) -> int:
        """Lay out what came since the last time and return the first row that changed.

        With `may_fold`, reasoning folds by itself when the answer begins.
        """
        if not (self._text or self._thoughts):
            return self.height
        shape = self._shape()
        first = self.height
        self._waiting = ()
        if self._thoughts:
            self._unread_thoughts += self._thoughts
            self._thoughts.clear()
            if self._reasoning is not None and self.shows_reasoning:
                first = self.first_row(self._reasoning) + self._read_thoughts(self._reasoning)
        if self._text:
            if self.is_thinking:
                if not may_fold and self.is_open is None:
                    self.is_open = True
                self._thought_for = self._clock() - (self._thinking_since or 0.0)
            line = self._flow.append("".join(self._text))
            self._text.clear()
            self._shown.update()
            first = min(first, self.first_row(self._shown) + self._shown.row_of(line))
        if self._shape() != shape:
            self.rebuild()
            return 0
        return first

    def _shape(self) -> tuple[bool, ...]:
        """What decides which sections there are, while it streams."""
        return (
            self.has_reasoning,
            self.shows_reasoning,
            self.is_thinking,
            bool(self._flow.height),
            bool(self._waiting),
        )

    def finish(self, message: Message, *, may_fold: bool = True) -> None:
        """Close the live reply with the message it came to."""
        self.flush(may_fold=may_fold)
        if not may_fold and self.is_open is None and self.shows_reasoning:
            self.is_open = True
        self.message = message
        self._waiting = ()
        if message.timing is not None and message.timing.reasoning is not None:
            self._thought_for = message.timing.reasoning
        if self._flow.source != message.text:
            self._flow = MarkdownFlow.of_whole(self.width, message.text)
        self._flow.finish()
        self._shown = lay_seams(self._flow, self._shown.folded, name_seams(message))
        if message.reasoning and self._thinking_since is None and self._goes_on is None:
            self._unread_thoughts = [message.reasoning]
        self.rebuild()

    def set_width(self, width: int) -> None:
        """Lay out for another width."""
        self.width = max(width, 1)
        self._flow.set_width(self.width)
        self._shown.update()
        if self._reasoning is not None:
            self._reasoning.set_width(self.width)
        self.rebuild()

    @property
    def choice(self) -> Choice:
        """What the reader folded or unfolded."""
        return Choice(self.is_open, self._shown.folded)

    def act(self, action: Action, row: int = 0) -> bool:
        """Fold or unfold the reasoning, or the long code at a row."""
        if action is Action.FOLD_REASONING and self.has_reasoning:
            self.is_open = not self.shows_reasoning
        elif action is not Action.FOLD_CODE or not self._shown.toggle(row - self.first_row(self._shown)):
            return False
        self.rebuild()
        return True

    @property
    def has_reasoning(self) -> bool:
        """True when there is reasoning to show or hide."""
        return self._reasoning is not None or bool(self._unread_thoughts)

    def stack(self) -> list[Section]:
        """The sections as they are now."""
        sections = [self._label()]
        if self.has_reasoning:
            sections += self._reasoning_sections()
        if self._flow.height:
            if self.has_reasoning and self.shows_reasoning:
                sections.append(BLANK)
            sections.append(Section(self._shown, part=1, block="text"))
        if self.message is None:
            if self._waiting:
                sections += [drawn_section(row, "warning") for row in self._waiting]
            elif not self._flow.height and not self.has_reasoning:
                sections.append(drawn_section("…", "dim"))
        else:
            below = fate_sections(self.message, self.width, self._ways, is_last=self._is_last)
            if figures := join_figures(reply_figures(self.message), self.width):
                below.append(drawn_section(figures, "dim"))
            if below and len(sections) > 1:
                sections.append(BLANK)
            sections += below
        sections.append(BLANK)
        return sections

    def close_seam(self) -> bool:
        """Something follows the reply, so that it is not continued any more; true when rows changed."""
        was_last, self._is_last = self._is_last, False
        if was_last and self.message is not None and self.message.can_continue:
            self.rebuild()
            return True
        return False

    def _label(self) -> Section:
        provider, model = split_model_name(make_visible_line(self._model))
        role = "switch" if self._is_switch else "label"
        runs = [Run(model or "reply", Ink(role, bold=self._is_switch))]
        if self._is_switch:
            runs.insert(0, Run("→ ", Ink(role)))
        if provider:
            runs.append(Run(f"  {provider}", Ink("dim")))
        if self.which:
            runs.append(Run(f"  {self.which}", Ink("label")))
        return Section(FixedLines((drawn_line(*runs),)))

    def _reasoning_sections(self) -> list[Section]:
        mark = "▾" if self.shows_reasoning else "▸"
        if self.is_thinking:
            words = "Thinking…"
        elif self._thought_for is not None:
            words = f"Thought for {format_seconds(self._thought_for)}"
        else:
            words = "Reasoning"
        header = drawn_section(f"{mark} {words}", "reasoning", action=Action.FOLD_REASONING)._replace(block="reasoning")
        if not self.shows_reasoning:
            return [header]
        if self._reasoning is None:
            self._reasoning = PlainFlow(self.width, "reasoning")
        self._read_thoughts(self._reasoning)
        return [header, Section(self._reasoning, REASONING_GUTTER, part=0, block="reasoning")]

    def _read_thoughts(self, flow: PlainFlow) -> int:
        if not self._unread_thoughts:
            return flow.height
        text = "".join(self._unread_thoughts)
        self._unread_thoughts.clear()
        return flow.append(text)
