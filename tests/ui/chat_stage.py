"""The whole app without a terminal: keys go in as a person presses them, the screen and the files come out as text."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from chatui.cli.arguments import parse_arguments
from chatui.screen import make_app
from chatui.ui.app import ChatApp
from chatui.ui.desk import Desk
from chatui.ui.screens.chat import ChatScreen
from chatui.ui.services import Opened
from tests.ui.held import HeldProvider

PATIENCE = 10.0
"""Seconds until a test gives up waiting for something to come on screen."""


class Chat:
    """A running app, the keys of its keyboard, and what is on its screen and its disk."""

    def __init__(self, app: ChatApp, pilot: Pilot[int], home: Path, held: HeldProvider) -> None:
        self.app = app
        self.pilot = pilot
        self.home = home
        self.held = held
        """Answers for the models `held/one` and `held/two`, at the test's word."""

    @property
    def desk(self) -> Desk:
        screen = self.app.screen_stack[0]
        assert isinstance(screen, ChatScreen)
        return screen.desk

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(strip.text.rstrip() for strip in self.app.screen._compositor.render_strips())

    @property
    def session_files(self) -> Sequence[Path]:
        """The files in the folder of sessions, checkpoints left out."""
        folder = self.home / "data" / "sessions"
        return sorted(path for path in folder.glob("*.toml") if ".checkpoint" not in path.name)

    @property
    def saved(self) -> dict[str, Any]:
        """The session on screen as it lies on the disk."""
        return read_toml(self.home / "data" / "sessions" / f"{self.desk.live.header.id}.toml")

    @property
    def state(self) -> dict[str, Any]:
        """What the app remembers."""
        return read_toml(self.home / "state" / "state.toml")

    @property
    def notices(self) -> list[str]:
        """The notices that are up."""
        return [notice.message for notice in self.app._notifications]

    async def press(self, *keys: str) -> None:
        """Press keys one after the other and let the app take them."""
        for key in keys:
            self._post(key)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        """Type a text as fast as a terminal delivers it."""
        for character in text:
            self._post("ctrl+j" if character == "\n" else _character_to_key(character), character)
        await self.until(lambda: self.desk.prompt.full_text.endswith(text) or not self._is_on_prompt)

    async def enter(self, text: str) -> None:
        """Type a text and press Enter."""
        await self.type(text)
        await self.press("enter")

    async def ask(self, text: str, *, settles: bool = True) -> None:
        """Send a prompt and wait until its reply is over and saved, if it `settles` by itself."""
        before = len(self.desk.conversation)
        await self.enter(text)
        if settles:
            await self.until(lambda: len(self.desk.conversation) > before and not self.desk.runner.is_running)

    async def rests(self) -> None:
        """Wait until no reply runs and the last one is saved: the screen may show its end before the disk has it."""
        await self.until(lambda: not self.desk.runner.is_running)

    async def ask_held(self, prompt: str, *answer: str) -> None:
        """Send a prompt and have the held model answer it."""
        self.held.say(*answer)
        self.held.end()
        await self.ask(prompt)

    async def type_into_dialog(self, text: str) -> None:
        """Type where a dialog has the focus."""
        for character in text:
            self._post(_character_to_key(character), character)
        await self.pilot.pause()

    async def until(self, condition: Callable[[], object], what: str = "") -> None:
        """Wait until something is so, and fail with the screen where it does not come about."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not condition():
                    await asyncio.sleep(0.005)
        except TimeoutError:
            raise AssertionError(f"waited in vain{f' for {what!r}' if what else ''}; on screen:\n{self.text}") from None

    async def sees(self, *texts: str) -> None:
        """Wait until all of these stand on the screen."""
        for text in texts:
            await self.until(lambda text=text: text in self.text, text)  # type: ignore[misc]  # bound early on purpose

    async def reads(self, text: str) -> None:
        """Wait until this stands on the screen, wherever lines break. Needs a screen without a sidebar."""

        def squeeze(shown: str) -> str:
            return "".join(shown.replace("·", "").replace("▌", "").split())

        await self.until(lambda: squeeze(text) in squeeze(self.text), text)

    async def misses(self, text: str) -> None:
        """Wait until this stands on the screen no more."""
        await self.until(lambda: text not in self.text, f"no {text}")

    @property
    def _is_on_prompt(self) -> bool:
        return self.app.focused is self.desk.prompt

    def _post(self, key: str, character: str | None = None) -> None:
        if character is None and len(key) == 1:
            character = key
        self.app.post_message(events.Key(key, character))


def read_toml(path: Path) -> dict[str, Any]:
    """Read a file as any other program would."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def make_chat_app(home: Path, *argv: str, environ: Mapping[str, str] | None = None, piped: str = "") -> ChatApp:
    """The app as the command line makes it, with all its files below `home`."""
    return make_app(parse_arguments(argv), {"CHATUI_HOME": str(home), **(environ or {})}, piped)


def _offer(app: ChatApp, provider: HeldProvider) -> None:
    """Let the app have one provider more, as soon as it has any."""
    make = app._make

    def make_and_offer() -> Opened:
        services, opening = make()
        services.roster.offer(provider)
        return services, opening

    if app._services is None:
        app._make = make_and_offer
    else:
        app._services.roster.offer(provider)


@asynccontextmanager
async def chat(
    home: Path,
    *argv: str,
    environ: Mapping[str, str] | None = None,
    piped: str = "",
    size: tuple[int, int] = (100, 30),
    held: HeldProvider | None = None,
) -> AsyncGenerator[Chat, None]:
    """Run the app until the block ends, then leave it as Ctrl+Q does."""
    app = make_chat_app(home, *argv, environ=environ, piped=piped)
    held = held or HeldProvider()
    _offer(app, held)
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.pause()
        here = Chat(app, pilot, home, held)
        await here.until(lambda: app.is_open, "an open app")
        await pilot.pause()
        yield here
        await app.leave(0)
