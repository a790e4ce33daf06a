"""The compare screen: one prompt to several models, their replies side by side, and a key for each to choose it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import aclosing
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.events import Resize
from textual.screen import Screen
from textual.widgets import Static

from chatui.conversation.events import SaveFailed
from chatui.conversation.visible import make_visible_line
from chatui.engine.comparison import LaneEvent
from chatui.engine.lane_figures import say_lane
from chatui.engine.live_session import LiveSession
from chatui.ui.screens.hints import HintLine
from chatui.ui.transcript.widget import Transcript
from chatui.ui.widgets.elision import cut_start

MAX_LANES = 4
LEAST_COLUMNS = 28
"""Cells below which a column is too narrow to read; then the replies stand below one another."""
ROOMY_COLUMNS = 90
"""Cells from which on the name and the figures of a reply fit on one line."""
REFRESH_SECONDS = 0.25
_DOT = " · "
"""What parts the figures of a reply."""


class Lane(Vertical):
    """One model: its number, name and figures, and below them its reply."""

    DEFAULT_CSS = """
    Lane {
        width: 1fr;
        height: 1fr;
        border-left: solid $foreground 12%;
        &:first-of-type { border-left: none; }
        .figures { height: 3; padding: 0 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
        &.-low .figures { height: 1; }
        Transcript { height: 1fr; }
        &.-picked .figures { color: $success; }
        &:focus-within .figures { background: $foreground 6%; }
    }
    """

    def __init__(self, number: int, model: str) -> None:
        super().__init__()
        self.number = number
        """As the key that chooses it, from 1."""
        self._model = make_visible_line(model)
        self.transcript = Transcript()
        self._figures = Static(classes="figures", markup=False)
        self.show_figures("waiting")

    def compose(self) -> ComposeResult:
        """Figures above, reply below."""
        yield self._figures
        yield self.transcript

    def show_figures(self, text: str) -> None:
        """Show how the reply goes."""
        width = self.size.width - 2
        lines = [text] if self.has_class("-low") else _break_figures(text, width)
        name = self._model if self.has_class("-low") else cut_start(self._model, width - 4)
        head = Content.assemble((f" {self.number} ", "bold reverse"), " ", (name, "bold"))
        gap = "  " if self.has_class("-low") else "\n"
        self._figures.update(Content.assemble(head, gap, "\n".join(lines)))


def _break_figures(text: str, width: int) -> list[str]:
    """Figures on rows of at most that many cells, broken between two of them."""
    rows: list[str] = []
    for figure in text.split(_DOT):
        longer = f"{rows[-1]}{_DOT}{figure}" if rows else figure
        if rows and cell_len(longer) > width:
            rows.append(figure)
        else:
            rows[-1:] = [longer]
    return rows


class CompareScreen(Screen[str | None]):
    """Answers with the id of the chosen reply, or `None` where the user left without choosing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(number), f"pick({number})", show=False, priority=True) for number in range(1, MAX_LANES + 1)),
        Binding("escape", "stop_or_leave", show=False, priority=True),
        Binding("ctrl+c", "stop_or_leave", show=False, priority=True),
        Binding("ctrl+q", "app.quit", show=False),
        Binding("f5", "retry_now", show=False),
    ]
    DEFAULT_CSS = """
    CompareScreen {
        #prompt { height: auto; max-height: 3; padding: 0 1; color: $text-muted; border-bottom: solid $foreground 12%; }
        #lanes { height: 1fr; layout: horizontal; }
        &.-stacked #lanes { layout: vertical; }
        &.-stacked Lane { border-left: none; border-bottom: solid $foreground 12%; }
        HintLine { padding: 0 1; background: $background; }
    }
    """

    def __init__(
        self,
        live: LiveSession,
        models: tuple[str, ...],
        text: str,
        tell: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`text` is the prompt; empty for the last one of the session again."""
        super().__init__()
        self._live = live
        self._text = text
        self._tell = tell
        self._clock = clock
        self._comparison = live.make_comparison(models)
        self._lanes = [Lane(number, model) for number, model in enumerate(models, start=1)]
        self._picked: int | None = None
        self._is_over = False
        self._hints = HintLine(self._make_hints())

    def compose(self) -> ComposeResult:
        """The prompt above, the lanes, the keys below."""
        prompt = self._live.last_prompt()
        asked = self._text or (prompt.text if prompt is not None else "")
        yield Static(Content(make_visible_line(asked[:1000])), id="prompt", markup=False)
        yield Container(*self._lanes, id="lanes")
        yield self._hints

    def on_mount(self) -> None:
        """Send it."""
        self._lanes[0].transcript.focus()
        self.set_interval(REFRESH_SECONDS, self._show_figures)
        self.app.run_worker(self._run(), name="compare", group="reply")

    def on_resize(self, event: Resize) -> None:
        """Stack the lanes where they would be too narrow."""
        width = event.size.width // len(self._lanes)
        self.set_class(width < LEAST_COLUMNS, "-stacked")
        for lane in self._lanes:
            lane.set_class(width < LEAST_COLUMNS or width >= ROOMY_COLUMNS, "-low")

    def action_pick(self, number: int) -> None:
        """Choose a reply; the others are stopped, what came of them stays."""
        if number > len(self._lanes) or self._picked is not None:
            return
        self._picked = number
        self._lanes[number - 1].add_class("-picked")
        for place, answer in enumerate(self._comparison.lanes, start=1):
            if place != number:
                answer.stop()
        self._leave_if_done()

    def action_stop_or_leave(self) -> None:
        """Stop all replies; once they are over, leave."""
        if self._is_over:
            self.dismiss(None)
        else:
            self._live.stop()

    def action_retry_now(self) -> None:
        """Cut waits before retries short."""
        self._live.retry_now()

    async def _run(self) -> None:
        # Nothing is awaited here but the next event, so no lane waits for the screen.
        async with aclosing(self._live.compare(self._comparison, self._text)) as events:
            async for happened in events:
                match happened:
                    case LaneEvent(event=SaveFailed(reason)):
                        self._tell(reason)
                    case LaneEvent(int(lane), event):
                        self._lanes[lane].transcript.apply(event)
                    case _:
                        pass
        self._is_over = True
        self._show_figures()
        self._hints.set_hints(self._make_hints())
        self._leave_if_done()

    def _leave_if_done(self) -> None:
        if self._is_over and self._picked is not None and self.is_current:
            self.dismiss(self._comparison.lanes[self._picked - 1].started.message_id)

    def _show_figures(self) -> None:
        for lane, answer in zip(self._lanes, self._comparison.lanes, strict=False):
            lane.show_figures(say_lane(answer, self._clock()))

    def _make_hints(self) -> list[tuple[str, str]]:
        way_out = "leave" if self._is_over else "stop"
        return [(f"1–{len(self._lanes)}", "go on with it"), ("Tab", "next column"), ("↑↓", "scroll"), ("Esc", way_out)]
