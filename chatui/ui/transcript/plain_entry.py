"""The entries that are plain text: prompts, notes of the app, and prompts that wait in the queue."""

from __future__ import annotations

from collections.abc import Sequence

from chatui.conversation.message import Message
from chatui.conversation.visible import make_visible_line
from chatui.ui.markdown.line import Ink, Run
from chatui.ui.markdown.plain_flow import PlainFlow
from chatui.ui.transcript.entry import Choice, Entry
from chatui.ui.transcript.note import Note
from chatui.ui.transcript.section import (
    BLANK,
    ERROR_GUTTER,
    NOTE_GUTTER,
    PROMPT_GUTTER,
    QUEUE_GUTTER,
    WARNING_GUTTER,
    Action,
    FirstLines,
    FixedLines,
    Lines,
    Section,
    drawn_line,
)
from chatui.ui.widgets.elision import cut_start

LONG_PROMPT = 40
"""Rows from which on a prompt is folded: it was pasted, and its reader knows it."""
FOLDED_PROMPT = 12
"""Rows that a folded prompt still shows."""
QUEUED_ROWS = 3
"""Rows that each waiting prompt shows at most."""


class PromptEntry(Entry):
    """A prompt, as it was typed."""

    def __init__(self, width: int, message: Message, *, is_open: bool = False, which: str = "") -> None:
        """`which` says which of several versions it is, such as `‹2/3›`; empty for the only one."""
        super().__init__(width)
        self.is_open = is_open
        self.which = which
        self._flow = PlainFlow(self.width, "prompt", message.text)
        self._attached = [f"▣ {make_visible_line(str(each))}" for each in message.attachments]
        self.rebuild()

    @property
    def texts(self) -> Sequence[str]:
        """The prompt alone."""
        return (self._flow.source,)

    @property
    def choice(self) -> Choice:
        """Whether the reader unfolded it."""
        return Choice(self.is_open)

    def act(self, action: Action, row: int = 0) -> bool:
        """Fold or unfold a long one."""
        if action is not Action.FOLD_TEXT:
            return False
        self.is_open = not self.is_open
        self.rebuild()
        return True

    def stack(self) -> list[Section]:
        """The text, for a long one the line that folds it, what went along, and which of several versions it is."""
        height = self._flow.height
        if height <= LONG_PROMPT:
            shown: Lines = self._flow
            fold = []
        else:
            shown = self._flow if self.is_open else FirstLines(self._flow, FOLDED_PROMPT)
            fold = [self._drawn("▾ show less" if self.is_open else f"▸ … {height - FOLDED_PROMPT:,} more lines")]
        attached = [self._drawn(cut_start(words, self.width), None) for words in self._attached]
        which = [self._drawn(self.which, None)] if self.which else []
        text = Section(shown, PROMPT_GUTTER, "prompt", part=0, block="prompt")
        return [text, *fold, *attached, *which, BLANK]

    def _drawn(self, words: str, action: Action | None = Action.FOLD_TEXT) -> Section:
        line = FixedLines((drawn_line(Run(words, Ink("dim"))),))
        return Section(line, PROMPT_GUTTER, "prompt", action, block="prompt")


class NoteEntry(Entry):
    """A line of the app."""

    def __init__(self, width: int, note: Note) -> None:
        super().__init__(width)
        self._note = note
        self.rebuild()

    @property
    def texts(self) -> Sequence[str]:
        """The sentence and the detail."""
        return self._note.text, self._note.detail

    def stack(self) -> list[Section]:
        """The sentence in the ink of its kind, the detail below it."""
        gutter, role = {
            "info": (NOTE_GUTTER, "dim"),
            "warning": (WARNING_GUTTER, "warning"),
            "error": (ERROR_GUTTER, "error"),
        }[self._note.kind]
        sections = [Section(PlainFlow(self.width, role, self._note.text), gutter, part=0, block="note")]
        if self._note.detail:
            sections.append(Section(PlainFlow(self.width, "dim", self._note.detail), gutter, part=1, block="note"))
        return [*sections, BLANK]


class QueueEntry(Entry):
    """The prompts that wait while a reply streams."""

    def __init__(self, width: int, texts: Sequence[str]) -> None:
        super().__init__(width)
        self._texts = texts
        self.rebuild()

    def stack(self) -> list[Section]:
        """The first rows of each, dim, and how to take one back."""
        sections = []
        for text in self._texts:
            # A row holds at most `width` cells, so a few times that is all that three of them can show.
            shown = text.strip()[: (QUEUED_ROWS + 1) * self.width]
            sections.append(Section(FirstLines(PlainFlow(self.width, "dim", shown), QUEUED_ROWS), QUEUE_GUTTER))
        hint = drawn_line(Run("queued · ↑ takes it back"[: self.width], Ink("dim", italic=True)))
        return [*sections, Section(FixedLines((hint,)), QUEUE_GUTTER), BLANK]
