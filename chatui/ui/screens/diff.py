"""Two answers to one prompt, compared word by word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from chatui.conversation.visible import make_visible
from chatui.conversation.word_diff import Side, Stretch
from chatui.ui.screens.dialog import Dialog, DialogScreen
from chatui.ui.screens.hints import HintLine


class DiffScreen(DialogScreen[None]):
    """Shows what one answer says and the other does not, by sign and by colour."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "dismiss", "Close", show=False),
        Binding("up,k", "scroll(-1)", show=False),
        Binding("down,j", "scroll(1)", show=False),
        Binding("pageup", "scroll_pages(-1)", show=False),
        Binding("pagedown,space", "scroll_pages(1)", show=False),
        Binding("home", "scroll(-1000000)", show=False),
        Binding("end", "scroll(1000000)", show=False),
    ]
    DEFAULT_CSS = """
    DiffScreen {
        Dialog { height: 90%; }
        VerticalScroll {
            height: 1fr;
            padding: 0 1;
            background: $surface;
            scrollbar-size-vertical: 1;
            scrollbar-background: $surface;
            scrollbar-background-hover: $surface;
            scrollbar-background-active: $surface;
        }
        HintLine { padding: 0 1; }
    }
    """

    def __init__(self, first: str, second: str, stretches: Sequence[Stretch]) -> None:
        """`first` and `second` name the answers."""
        super().__init__()
        self._names = (first, second)
        self._stretches = stretches
        self._body = VerticalScroll(Static(make_diff(stretches), markup=False))

    def compose(self) -> ComposeResult:
        """The text of both, the marks explained above it."""
        first, second = self._names
        with Dialog() as dialog:
            dialog.set_title("Word by word")
            dialog.set_status(say_share(self._stretches))
            yield Static(
                Content.assemble(
                    (f"[-{make_visible(first)}-]", _REMOVED), "  ", (f"{{+{make_visible(second)}+}}", _INSERTED)
                ),
                markup=False,
            )
            yield Static("")
            yield self._body
            yield HintLine([("↑↓", "scroll"), ("Esc", "close")])

    def on_mount(self) -> None:
        """Scroll by the screen's own keys."""
        self._body.can_focus = False

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self._body.scroll_to(y=self._body.scroll_y + lines, animate=False)

    def action_scroll_pages(self, pages: int) -> None:
        """Scroll by screenfuls."""
        self.action_scroll(pages * max(self._body.size.height - 1, 1))


_REMOVED = "$text-error strike"
_INSERTED = "$text-success underline"


def make_diff(stretches: Sequence[Stretch]) -> Content:
    """Set removed words in `[-…-]` and inserted ones in `{+…+}`, both coloured."""
    parts: list[str | tuple[str, str]] = []
    for stretch in stretches:
        text = make_visible(stretch.text)
        if stretch.side is Side.BOTH:
            parts.append(text)
        elif stretch.side is Side.REMOVED:
            parts.append((f"[-{text}-]", _REMOVED))
        else:
            parts.append((f"{{+{text}+}}", _INSERTED))
    return Content.assemble(*parts)


def say_share(stretches: Sequence[Stretch]) -> str:
    """How much of both texts is the same."""
    same = sum(len(stretch.text) for stretch in stretches if stretch.side is Side.BOTH)
    total = sum(len(stretch.text) * (2 if stretch.side is Side.BOTH else 1) for stretch in stretches)
    return f"{200 * same // total} % the same" if total else "both are empty"
