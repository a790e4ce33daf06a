"""The line above the conversation: what it is called, how it stands, and who answers."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from rich.cells import cell_len
from rich.segment import Segment

from chatui.conversation.visible import make_visible_line
from chatui.ui.widgets.elision import elide_end, elide_middle
from chatui.ui.widgets.one_line import OneLine

ReplyState: TypeAlias = Literal[
    "ready", "waiting", "thinking", "streaming", "retrying", "stopped", "interrupted", "failed"
]
"""How the reply stands: none under way; sent, nothing back; reasoning comes; text comes; waits for a new attempt;
stopped by the user; cut; failed."""

_MARKS: dict[ReplyState, str] = {
    "ready": "○",
    "waiting": "◌",
    "thinking": "◐",
    "streaming": "●",
    "retrying": "↻",
    "stopped": "■",
    "interrupted": "╳",
    "failed": "✕",
}
_LOOKS: dict[ReplyState, str] = {
    "ready": "quiet",
    "waiting": "warning",
    "thinking": "busy",
    "streaming": "busy",
    "retrying": "warning",
    "stopped": "quiet",
    "interrupted": "broken",
    "failed": "failed",
}
_LEAST_TITLE = 12
_LEAST_MODEL = 4
"""Cells below which a piece of its name says nothing."""
_GAP = "  "


class HeaderLine(OneLine):
    """Title on the left; state and model on the right. The state is a sign and a word, never a colour alone."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "header-line--title",
        *(f"header-line--{look}" for look in sorted({*_LOOKS.values()})),
    }
    DEFAULT_CSS = """
    HeaderLine {
        background: $surface;
        & .header-line--title { color: $foreground; text-style: bold; }
        & .header-line--quiet { color: $text-muted; }
        & .header-line--warning { color: $text-warning; }
        & .header-line--busy { color: $text-success; }
        & .header-line--broken { color: $text-error; }
        & .header-line--failed { color: $text-error; text-style: bold; }
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._title = self._model = ""
        self._state: ReplyState = "ready"

    def show(self, title: str, model: str, state: ReplyState) -> None:
        """Show the session's title, the `provider/model` that answers next, and how the reply stands."""
        shown = make_visible_line(title), make_visible_line(model), state
        if shown != (self._title, self._model, self._state):
            self._title, self._model, self._state = shown
            self.redraw()

    def draw(self, width: int) -> list[Segment]:
        """Return the row: the provider's name goes first, then the state's word, then the middle of the model."""
        mark, model = self._fit_right(width)
        right = [
            Segment(
                mark + _GAP if model else mark, self.get_component_rich_style(f"header-line--{_LOOKS[self._state]}")
            ),
            Segment(model, self.get_component_rich_style("header-line--quiet")),
        ]
        room = width - sum(segment.cell_length for segment in right) - len(_GAP)
        title = elide_end(self._title, room)
        space = Segment(" " * (width - sum(segment.cell_length for segment in right) - cell_len(title)), self.ground)
        return [Segment(title, self.get_component_rich_style("header-line--title")), space, *right]

    def _fit_right(self, width: int) -> tuple[str, str]:
        """Return state and model, as much as leaves the title its least room."""
        sign = _MARKS[self._state]
        short = self._model.rpartition("/")[2] or self._model
        room = width - len(_GAP) - min(_LEAST_TITLE, cell_len(self._title))
        for mark, model in (
            (f"{sign} {self._state}", self._model),
            (f"{sign} {self._state}", short),
            (sign, short),
        ):
            if cell_len(mark) + (len(_GAP) + cell_len(model) if model else 0) <= room:
                return mark, model
        rest = room - len(_GAP) - cell_len(sign)
        return elide_end(sign, width), elide_middle(short, rest) if rest >= _LEAST_MODEL else ""
