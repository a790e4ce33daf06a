"""The app: themes, signals, the palette, and the way out."""

from __future__ import annotations

import asyncio
import gc
import signal
import traceback
from contextlib import suppress
from datetime import UTC, datetime

from textual.app import App
from textual.screen import Screen

from chatui.ui.commands.table import COMMANDS
from chatui.ui.keymap import check_keymap
from chatui.ui.screens.chat import ChatScreen
from chatui.ui.screens.confirm import Confirm
from chatui.ui.services import Opening, Services
from chatui.ui.themes import find_theme_dirs, load_themes
from chatui.ui.widgets.clipboard import copy_text
from chatui.ui.widgets.legacy_keys import learn_legacy_keys

DEFAULT_THEME = "ink"
_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


class ChatApp(App[int]):
    """Owns the terminal. Everything else is the chat screen's."""

    TITLE = "chatui"
    ENABLE_COMMAND_PALETTE = False
    """Textual's own; ours is a picker over the command table."""

    def __init__(self, services: Services, opening: Opening) -> None:
        learn_legacy_keys()
        super().__init__()
        self._services = services
        self._opening = opening
        self._problems: list[str] = [*map(str, services.config.problems)]
        self._is_leaving = False
        self._register_themes()
        keys, problems = check_keymap(services.config.keys, COMMANDS)
        self._problems += problems
        self.set_keymap(keys)
        self._chat = ChatScreen(self, services, opening, self._problems)

    def get_default_screen(self) -> Screen[None]:
        """Start on the chat screen."""
        return self._chat

    def on_mount(self) -> None:
        """Take over signals, and once the first frame is out, load what it did without."""
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            loop.add_signal_handler(number, self._take_signal, number)
        self.call_after_refresh(self._after_first_frame)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy by the surest way there is, and say which."""
        self._clipboard = text
        self.run_worker(self._copy(text), name="copy", group="copy")

    async def _copy(self, text: str) -> None:
        self.notify(await copy_text(self, text), markup=False)

    async def action_quit(self) -> None:
        """Leave; while a reply streams, ask first."""
        if self._chat.desk.live.is_streaming:
            self.run_worker(self._ask_and_leave(), name="ask before leaving", group="leave", exclusive=True)
        else:
            await self.leave(0)

    async def leave(self, return_code: int) -> None:
        """Stop and save what runs, close connections, give the terminal back."""
        if self._is_leaving:
            return
        self._is_leaving = True
        with suppress(TimeoutError):
            async with asyncio.timeout(5):
                await self._chat.desk.live.aclose()
                await self._services.roster.aclose()
        self.exit(return_code, return_code=return_code)

    async def _ask_and_leave(self) -> None:
        question = "A reply is still streaming. What has come is kept."
        if await self.push_screen_wait(Confirm("Quit?", question)):
            await self.leave(0)

    def _take_signal(self, number: signal.Signals) -> None:
        self.run_worker(self.leave(128 + number), name="leave", group="signal", exclusive=True)

    def _register_themes(self) -> None:
        themes, problems = load_themes(find_theme_dirs(self._services.theme_dir))
        self._problems += problems
        for theme in themes:
            self.register_theme(theme)
        wanted = self._services.config.theme or self._services.memory.state.theme or DEFAULT_THEME
        if wanted in self.available_themes:
            self.theme = wanted
        else:
            self.theme = DEFAULT_THEME
            self._problems.append(f"There is no theme “{wanted}”; /theme shows those there are.")

    async def _after_first_frame(self) -> None:
        await asyncio.to_thread(self._services.warm_up)
        # What lives now lives for the whole run: the collector need not look at it again.
        gc.collect()
        gc.freeze()
        await self._chat.desk.settle_model()
        if self._services.is_demo_default:
            for found in await self._services.find_local():
                self._chat.desk.note(found)

    def _fatal_error(self) -> None:
        # Textual would print the traceback with the values of all locals, keys and conversations among them.
        log = self._services.log_file
        told = f"Details are in {log}."
        try:
            log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with log.open("a", encoding="utf-8") as file:
                file.write(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} chatui {self._services.version} stopped\n")
                file.write(traceback.format_exc())
        except OSError:
            told = f"Its log {log} cannot be written."
        self.panic(f"chatui stopped because of a fault of its own. The conversation is saved. {told}")
