"""The transcript: the conversation pane, one widget over all messages, notes and the reply that streams."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import monotonic

from textual import events
from textual.content import Content
from textual.geometry import Offset, Region
from textual.message import Message as TextualMessage
from textual.strip import Strip

from chatui.conversation.events import (
    Added,
    Delta,
    Event,
    Finished,
    Loaded,
    Retrying,
    Started,
    TextDelta,
)
from chatui.conversation.message import Message, StoredMessage
from chatui.conversation.visible import make_visible_line
from chatui.ui.markdown.palette import is_followed
from chatui.ui.transcript.flush_clock import FlushClock
from chatui.ui.transcript.note import Note
from chatui.ui.transcript.picture import Hit
from chatui.ui.transcript.reading_pane import ReadingPane
from chatui.ui.transcript.scrollbar import drag_to
from chatui.ui.transcript.section import Action


class Transcript(ReadingPane):
    """All messages of the branch on screen. A delta is a list append; the screen follows at most 30 times a second."""

    class ContinueAsked(TextualMessage, namespace="transcript"):
        """The seam of the last reply was clicked."""

    def __init__(
        self, *, name: str | None = None, id: str | None = None, classes: str | None = None, disabled: bool = False
    ) -> None:
        super().__init__(name=name, id=id, classes=classes, disabled=disabled)
        self.clock = FlushClock(self._flush, self._defer)
        """When what streams comes on screen."""
        self._grabbed_at: int | None = None
        """Rows below the thumb's start at which the mouse holds it."""
        self._pressed_at: Offset | None = None
        """Where the button went down: a drag that ends on a link is no click on it."""

    def on_unmount(self) -> None:
        """Leave no timer behind."""
        self.clock.cancel()

    def show(self, items: Sequence[Message | StoredMessage | Note]) -> None:
        """Replace everything and go to the end. Only what is visible is decoded and laid out."""
        self.clock.cancel()
        self.view.show(items)
        self.cursor.leave()
        self.finder.restart()
        self.show_reading()

    def prepend(self, items: Sequence[Message | StoredMessage | Note]) -> None:
        """Put older items in front; what is on screen stays where it is."""
        self.view.prepend(items)
        self.show_changes()

    def add(self, item: Message | Note) -> None:
        """Put an item at the end, in front of the waiting prompts."""
        self.view.add(item)
        self.show_changes()

    def queue(self, texts: Sequence[str]) -> None:
        """Show these prompts as waiting at the very end; none takes them away."""
        self.view.queue(texts)
        self.show_changes()

    def set_footnote(self, note: Note | None) -> None:
        """Put a note at the end in the place of the footnote there; `None` only takes that away.

        As soon as something follows it, it is a note like others and stays.
        """
        self.view.set_footnote(note)
        self.show_changes()

    def scroll_to_end(self) -> None:
        """Go to the end and follow it."""
        self.action_scroll_end()

    def set_welcome(self, lines: Sequence[str]) -> None:
        """Set what is shown, centred, while there is no message; the first line is the title."""
        self.picture.set_welcome(lines)
        if not len(self.view.document):
            self.show_changes()

    def take_delta(self, delta: Delta) -> None:
        """Take a piece of the reply that streams; O(1). It is shown with the next flush."""
        live = self.view.document.live
        if live is None or not delta.text:
            return
        if isinstance(delta, TextDelta):
            live.append_text(delta.text)
        else:
            live.append_reasoning(delta.text)
        self.clock.request()

    def apply(self, event: Event) -> None:
        """Take one event of the conversation. Deltas cost O(1); one without a live reply is ignored."""
        if isinstance(event, Delta):
            self.take_delta(event)
            return
        match event:
            case Retrying():
                if self.view.document.live is not None:
                    self.view.tell_wait(event)
                    self.show_changes()
            case Started():
                self.view.open_reply(event)
                self.show_changes()
            case Finished(message):
                self.clock.cancel()
                self.view.close_reply(message)
                self.show_changes()
            case Added(message):
                self.add(message)
            case Loaded(messages):
                self.prepend(messages)
            case _:
                pass

    def tell_wait(self, parts: Sequence[str]) -> None:
        """Say in the live reply what is waited for, the first part first; none takes the line away."""
        if self.view.tell_wait(parts):
            self.show_changes()

    def flush(self) -> None:
        """Bring on screen now what came since the last time."""
        self.clock.run()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows of a part of the screen; what painting costs slows the flushes down."""
        began = monotonic()
        strips = super().render_lines(crop)
        self.clock.spend(monotonic() - began)
        return strips

    def toggle_reasoning(self) -> None:
        """Fold or unfold the reasoning of the last reply that has one and was looked at."""
        self.clear_selected()
        if any(self.view.act(order, Action.FOLD_REASONING) for order in self.view.document.laid_out()):
            self.show_changes()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the scrollbar."""
        self._pressed_at = event.offset
        hit = self.picture.hit(event.x, event.y)
        if event.button != 1 or hit is None or not hit.is_bar:
            return
        event.stop()
        thumb = self.picture.thumb
        if event.y not in thumb:
            self._grabbed_at = (thumb.end - thumb.start) // 2
            self._drag(event.y)
        else:
            self._grabbed_at = event.y - thumb.start
        self.capture_mouse()
        self.screen.clear_selection()
        self.picture.is_bar_held = True
        self.show_changes()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag the scrollbar; over a link, show where it leads."""
        if self._grabbed_at is not None:
            self._drag(event.y)
            return
        hit = self.picture.hit(event.x, event.y)
        # Plain content: a string would be read as markup.
        target = Content(make_visible_line(hit.link)) if hit is not None and hit.link else None
        if target != self.tooltip:
            self.tooltip = target

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let the scrollbar go."""
        if self._grabbed_at is not None:
            event.stop()
            self._grabbed_at = None
            self.release_mouse()
            self.picture.is_bar_held = False
            self.show_changes()

    def on_click(self, event: events.Click) -> None:
        """Open a link, fold or unfold, or go to the end by the mark."""
        # Textual's own double click would select all 10,000 messages.
        event.prevent_default()
        if self.select_at(event):
            return
        hit = self.picture.hit(event.x, event.y)
        is_still = event.offset == self._pressed_at
        if event.button == 1 and is_still and hit is not None and not hit.is_bar:
            self._follow_hit(hit)

    def _follow_hit(self, hit: Hit) -> None:
        if hit.is_mark:
            self.action_scroll_end()
        elif is_followed(hit.link):
            self.app.open_url(hit.link)
        elif hit.action is Action.CONTINUE:
            self.post_message(self.ContinueAsked())
        elif hit.action is not None and self.view.act(hit.order, hit.action, hit.row):
            self.show_changes()
        elif self.cursor.is_shown:
            self.put_cursor(hit.order, hit.row)

    def _drag(self, y: int) -> None:
        if self._grabbed_at is not None:
            total, rows = self.view.document.total, self.view.rows
            self.view.scroll_to(drag_to(y, self._grabbed_at, self.picture.thumb, total, rows))
            self.show_changes()

    def _defer(self, callback: Callable[[], None]) -> None:
        # Not `call_next`: that wraps the callback, and then its signature is read anew each time.
        self.post_message(events.Callback(callback))

    def _flush(self) -> None:
        if self.is_attached:
            self.view.grow()
            self.show_changes()
