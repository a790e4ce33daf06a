"""The app: themes, signals, the palette, and the way out."""

from __future__ import annotations

import asyncio
import gc
import signal
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from textual import events
from textual.app import App
from textual.notifications import SeverityLevel
from textual.screen import Screen

from chatui.conversation.visible import make_visible_line
from chatui.storage.errors import StorageError
from chatui.ui.front import Front
from chatui.ui.screens.chat import ChatScreen
from chatui.ui.skeleton_driver import take_from_skeleton
from chatui.ui.themes import find_theme_dirs, load_first_theme, load_themes
from chatui.ui.widgets.legacy_keys import learn_legacy_keys

if TYPE_CHECKING:
    from chatui.ui.services import Opened, Services
    from chatui.ui.switchboard import Switchboard

DEFAULT_THEME = "ink"
_GC_THRESHOLDS = (50_000, 20, 1000)
_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


class ChatApp(App[int]):
    """Owns the terminal. Everything else is the chat screen's."""

    TITLE = "chatui"
    ENABLE_COMMAND_PALETTE = False
    """Textual's own; ours is a picker over the command table."""

    def __init__(
        self,
        front: Front,
        make: Callable[[], Opened],
        opened: Opened | None = None,
        hand_over: Callable[[], list[Any] | None] | None = None,
    ) -> None:
        """`make` opens the session after the first frame, unless `opened` has it already.

        `hand_over` is called when the terminal is taken from a skeleton; see `take_from_skeleton`.
        """
        learn_legacy_keys()
        self._has_theme = False
        super().__init__(driver_class=None if hand_over is None else take_from_skeleton(hand_over))
        self._front = front
        self._make = make
        self._services: Services | None = None
        self._has_frame = False
        self._typed_ahead: list[events.Event] | None = []
        """Keys and pastes from before there was anything to take them; `None` from then on."""
        self._is_asking = False
        self._is_leaving = False
        self._opening = asyncio.Lock()
        self._theme_problems: list[str] | None = None
        """What was wrong with the themes, once all are read."""
        self._register_first_theme()
        self._chat = ChatScreen(front)
        if opened is not None:
            self._chat.connect(self._connect(opened))

    @property
    def last_words(self) -> Sequence[str]:
        """What the user should know and no screen could show: sentences for when the terminal is given back."""
        return self._front.last_words

    @property
    def is_open(self) -> bool:
        """Whether keys are taken: the first frame is out, and the session is there."""
        return self._typed_ahead is None

    def get_css_variables(self) -> dict[str, str]:
        """The colours of the theme; none as long as Textual's own theme is set, which is before ours is read."""
        return super().get_css_variables() if self._has_theme else {}

    @property
    def _has_unsaved(self) -> bool:
        return self._chat.is_connected and self._chat.desk.unsaved.is_any(self._chat.desk.live)

    def get_default_screen(self) -> Screen[None]:
        """Start on the chat screen."""
        return self._chat

    def on_load(self) -> None:
        """Take over signals before the terminal is taken over: whoever ends the app then gives it back."""
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            loop.add_signal_handler(number, self._take_signal, number)

    def post_display_hook(self) -> None:
        """Once the first frame is out, take what was typed before it, and load what it did without."""
        # Not `call_after_refresh`: a dialog that opens at once would keep its callbacks waiting.
        if not self._has_frame:
            self._has_frame = True
            self.call_next(self._open_up)

    async def on_event(self, event: events.Event) -> None:
        """Let keys wait until the prompt is there: Textual drops what nothing has the focus for."""
        if self._typed_ahead is not None and isinstance(event, events.InputEvent | events.Paste):
            self._typed_ahead.append(event)
        else:
            await super().on_event(event)

    async def _open_up(self) -> None:
        if self._is_leaving:
            return
        async with self._opening:
            if (services := self._services) is None:
                services, opening = self._make()
                with self.batch_update():
                    await self._chat.open_up(self._connect((services, opening)))
        if self._is_leaving:
            return
        waiting, self._typed_ahead = self._typed_ahead or [], None
        for event in waiting:
            await self.on_event(event)
        # A worker, because keys wait for whatever the app itself awaits.
        self.run_worker(self._warm_up(services), name="warm up", group="warm up")

    def _connect(self, opened: Opened) -> Switchboard:
        """Put what was opened behind the screen's widgets."""
        # Deferred: the first frame does without it, and all that it needs.
        from chatui.ui.switchboard import Switchboard

        self._services, opening = opened
        problems = [*map(str, self._front.config.problems), *filter(None, [self._front.state.problem])]
        return Switchboard(self, self._chat, self._services, opening, [*problems, *self._register_themes()])

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Show a notice; those that it makes old go."""
        # Deferred: the first frame does without, as it does without what is imported in other functions here.
        from chatui.ui.notices import make_room

        make_room(self, message, severity)
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=markup)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy by the surest way there is, and say which."""
        self._clipboard = text
        self.run_worker(self._copy(text), name="copy", group="copy")

    async def _copy(self, text: str) -> None:
        # Deferred: as above.
        from chatui.ui.widgets.clipboard import copy_text

        self.notify(await copy_text(self, text), markup=False)

    async def action_quit(self) -> None:
        """Leave; while a reply streams or something is not saved, ask first."""
        if not self._has_unsaved and not (self._chat.is_connected and self._chat.desk.live.is_streaming):
            await self.leave(0)
        elif not self._is_asking:
            self._is_asking = True
            self.run_worker(self._ask_and_leave(), name="ask before leaving", group="leave")

    async def leave(self, return_code: int) -> None:
        """Stop and save what runs, close connections, give the terminal back."""
        if self._is_leaving:
            return
        self._is_leaving = True
        try:
            with suppress(TimeoutError):
                # A session that is being opened is closed when it is open.
                async with asyncio.timeout(5), self._opening:
                    if self._services is not None:
                        await self._close(self._services)
        finally:
            self.exit(return_code, return_code=return_code)

    async def _close(self, services: Services) -> None:
        """Save what is not saved, and close all that is open; what could not be saved is told when the app is gone."""
        await self._chat.desk.unsent.aclose()
        problems = [await self._chat.desk.live.aclose(), *await self._chat.desk.unsaved.aclose()]
        self._front.last_words.extend(
            f"chatui: {make_visible_line(problem)} What was not saved is lost." for problem in problems if problem
        )
        await services.roster.aclose()
        await self._keep_look(services)

    async def _keep_look(self, services: Services) -> None:
        # A theme that a flag asks for is for this once; the next start has another.
        if self.no_color or self._front.config.sources.get("theme") == "flag":
            return
        with suppress(StorageError):
            # Without it the next start begins with a plainer picture, and that is all.
            await asyncio.to_thread(services.keep_look, self._chat.board.describe_look())

    async def _ask_and_leave(self) -> None:
        # Deferred: only for whoever leaves in the middle of a reply.
        from chatui.ui.screens.confirm import Confirm

        question = "A reply is still streaming. What has come is kept."
        if self._has_unsaved:
            # The notices that told it would stand in front of the question.
            self.clear_notifications()
            question = (
                "What came last could not be saved, and is lost when you quit now. It is tried again all the time."
            )
        try:
            is_leaving = await self.push_screen_wait(Confirm("Quit?", question))
        finally:
            self._is_asking = False
        if is_leaving:
            await self.leave(0)

    def _take_signal(self, number: signal.Signals) -> None:
        if number is signal.SIGINT and self._chat.is_connected and self._chat.desk.is_terminal_lent:
            return
        self.run_worker(self.leave(128 + number), name="leave", group="signal", exclusive=True)

    def _register_first_theme(self) -> None:
        """Take the theme that is wanted, if it is easily found: the others wait."""
        wanted = self._front.config.theme or self._front.state.theme or DEFAULT_THEME
        theme = load_first_theme(find_theme_dirs(self._front.theme_dir), wanted)
        self._has_theme = True
        if theme is None:
            self._theme_problems = self._register_themes()
        elif theme.dark:
            # Setting the attribute would have all styles parsed and applied once more before the first frame. Textual
            # begins with a dark theme, so no more than this changes.
            self.register_theme(theme)
            self.set_reactive(App.theme, theme.name)
            self.set_class(True, f"-theme-{theme.name}", update=False)
        else:
            self.register_theme(theme)
            self.theme = theme.name
        self.stylesheet.set_variables(self.get_css_variables())

    def _register_themes(self) -> list[str]:
        """Take all themes, and the one that is wanted; return a sentence for whatever is wrong."""
        if self._theme_problems is not None:
            return self._theme_problems
        themes, problems = load_themes(find_theme_dirs(self._front.theme_dir))
        for theme in themes:
            self.register_theme(theme)
        wanted = self._front.config.theme or self._front.state.theme or DEFAULT_THEME
        if wanted in self.available_themes:
            self.theme = wanted
        else:
            self.theme = DEFAULT_THEME
            problems.append(f"There is no theme “{wanted}”; /theme shows those there are.")
        return problems

    async def _warm_up(self, services: Services) -> None:
        await asyncio.to_thread(services.warm_up)
        # What lives now lives for the whole run: the collector need not look at it again.
        gc.enable()
        gc.collect()
        gc.freeze()
        # What streams makes many small objects that live on: the usual thresholds would look through them all the time.
        gc.set_threshold(*_GC_THRESHOLDS)
        await self._chat.desk.settle_model()
        if self._front.is_demo_default:
            self._chat.desk.greet(await services.find_local())

    def _fatal_error(self) -> None:
        # Textual would print the traceback with the values of all locals, keys and conversations among them.
        # Deferred: as above.
        from chatui.storage.log import append_log

        log = self._front.log_file
        told = f"Details are in {log}."
        head = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} chatui {self._front.version} stopped\n"
        try:
            append_log(log, head + traceback.format_exc())
        except StorageError as error:
            told = error.reason
        kept = "What the disk refused before is lost." if self._has_unsaved else "The conversation is saved."
        self._front.last_words.append(f"chatui stopped because of a fault of its own. {kept} {make_visible_line(told)}")
        self.panic()
