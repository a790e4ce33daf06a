"""The pane: a `ScrollView` that shows a `View` through its own rows, scrollbar and selection; it knows no messages."""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message as TextualMessage
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.theme import Theme

from chatui.ui.direct_paint import paint_rows
from chatui.ui.transcript.document import Document
from chatui.ui.transcript.painter import Painter
from chatui.ui.transcript.picture import Picture
from chatui.ui.transcript.view import View

WHEEL_ROWS = 3
"""Rows that one notch of the wheel moves."""


class Pane(ScrollView, can_focus=True):
    """Rows of a document: painted without layout, scrolled by the rows asked for, followed only at the end.

    `scroll_y` and `virtual_size` only mirror the view, so that Textual's own scrolling (its selection scrolls at the
    edges) works too.
    """

    DEFAULT_CSS = """
    Pane {
        overflow: hidden hidden;
        scrollbar-size: 0 0;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_up", "Up", show=False),
        Binding("down", "scroll_down", "Down", show=False),
        Binding("pageup", "page_up", "Page up", show=False),
        Binding("pagedown", "page_down", "Page down", show=False),
        Binding("home", "scroll_home", "First message", show=False),
        Binding("end", "scroll_end", "Latest", show=False),
    ]

    class FollowChanged(TextualMessage, namespace="transcript"):
        """The reader left the end, came back to it, or more came below."""

        def __init__(self, is_following: bool, new_lines: int) -> None:
            self.is_following = is_following
            self.new_lines = new_lines
            """Rows below the screen that came since the reader left the end."""
            super().__init__()

    def __init__(
        self, *, name: str | None = None, id: str | None = None, classes: str | None = None, disabled: bool = False
    ) -> None:
        super().__init__(name=name, id=id, classes=classes, disabled=disabled)
        self.view = View(Document())
        self.picture = Picture(self.view, Painter({}, True))
        self._shown: list[Strip] | None = None
        """What the terminal shows, or will when the refresh that is due is done; `None` when all is to be painted."""
        self._told = (True, 0)

    @property
    def is_following(self) -> bool:
        """True while the end stays on screen."""
        return self.view.is_following

    @property
    def allow_vertical_scroll(self) -> bool:
        """Always: the scrollbar is not Textual's."""
        return not self.disabled

    def on_mount(self) -> None:
        """Take the theme's colours, now and whenever they change."""
        self._take_theme(self.app.current_theme)
        self.app.theme_changed_signal.subscribe(self, self._take_theme)

    def on_resize(self) -> None:
        """Take another size, if painting did not already."""
        self._fit()
        self.show_changes()

    def show_changes(self) -> None:
        """Have painted what differs from what is on screen: whole rows, and no others."""
        self._mirror()
        if not self.is_attached:
            return
        shown, strips = self._shown, self._make_strips(0, self.view.rows)
        self._shown = strips
        if shown is None or len(shown) != len(strips) or len(strips) != self.size.height:
            self.refresh()
        else:
            rows = [(y, strip) for y, strip in enumerate(strips) if strip is not shown[y] and strip != shown[y]]
            if rows and not paint_rows(self, rows):
                self.refresh(*(Region(0, y, self.size.width, 1) for y, _ in rows))
        self._tell()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows of a part of the screen; this goes past Textual's style cache, for the strips are kept already."""
        self._fit()
        strips = self._make_strips(crop.y, crop.height)
        if crop.x or crop.width != self.size.width:
            return [strip.crop(crop.x, crop.right) for strip in strips]
        return strips

    def render_line(self, y: int) -> Strip:
        """One row with the offsets that Textual's selection asks for; painting does not come here."""
        self._fit()
        return self.picture.tagged_strip(y)

    def scroll_rows(self, rows: int) -> None:
        """Move by rows, downward for a positive number."""
        self.view.scroll_by(rows)
        self.show_changes()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Follow Textual's own scrolling."""
        if round(new_value) != self.view.top:
            self.view.scroll_to(round(new_value))
            self.show_changes()

    def action_scroll_up(self) -> None:
        """One row up."""
        self.scroll_rows(-1)

    def action_scroll_down(self) -> None:
        """One row down."""
        self.scroll_rows(1)

    def action_page_up(self) -> None:
        """A screen up; two rows stay, so that the eye finds its place."""
        self.scroll_rows(-max(self.size.height - 2, 1))

    def action_page_down(self) -> None:
        """A screen down."""
        self.scroll_rows(max(self.size.height - 2, 1))

    def action_scroll_home(self) -> None:
        """To the first message."""
        self.view.scroll_to(0)
        self.show_changes()

    def action_scroll_end(self) -> None:
        """To the end, and follow it."""
        self.view.follow()
        self.show_changes()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel, upward."""
        event.stop()
        event.prevent_default()
        self.scroll_rows(-WHEEL_ROWS)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel, downward."""
        event.stop()
        event.prevent_default()
        self.scroll_rows(WHEEL_ROWS)

    def _make_strips(self, first: int, count: int) -> list[Strip]:
        selection = self.text_selection
        select = _selection_style(self) if selection is not None else None
        return self.picture.strips(first, count, selection, select)

    def _take_theme(self, theme: Theme) -> None:
        variables = self.app.theme_variables
        self.picture.set_painter(Painter(variables, theme.dark, self.get_line_filters()))
        self._shown = None
        self.refresh()

    def _fit(self) -> None:
        width, rows = self.size
        if (width, rows) != (self.picture.width, self.view.rows):
            self.picture.set_size(width, rows)
            self._shown = None

    def _mirror(self) -> None:
        """Let Textual know the size and the place, without the layout that the reactives would ask for."""
        self.set_reactive(ScrollView.virtual_size, Size(self.size.width, self.view.document.total))
        self.set_reactive(ScrollView.scroll_y, self.view.top)
        self.set_reactive(ScrollView.scroll_target_y, self.view.top)

    def _tell(self) -> None:
        told = (self.view.is_following, self.view.new_lines)
        if told != self._told:
            self._told = told
            self.post_message(self.FollowChanged(*told))


def _selection_style(pane: Pane) -> Style:
    _, ground = pane.background_colors
    return Style(bgcolor=(ground + pane.screen.get_component_styles("screen--selection").background).rich_color)
