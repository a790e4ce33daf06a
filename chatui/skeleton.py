"""The skeleton: a picture of the screen that stands while Textual is still being imported.

It shows only what is true already. What is typed meanwhile waits in the terminal, unseen, and comes to the prompt.
Imports are few: whoever starts chatui waits for them.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping

from chatui.storage.look import find_look_file, name_terminal, read_look

TYPE_CHECKING = False
"""As in typing, which takes longer to import than the rest together."""
if TYPE_CHECKING:
    from typing import Any

try:
    import termios
except ImportError:  # Windows has none of this; there the first frame is the first picture
    termios = None  # type: ignore[assignment]  # asked for before each use

ENTER = "\x1b[?1049h"
"""To the alternate screen (xterm control sequences, "Alternate Screen Buffer")."""
_LEAVE = "\x1b[?1049l"
_HIDE, _SHOW = "\x1b[?25l", "\x1b[?25h"
_MARK_PASTES, _PASTE_PLAIN = "\x1b[?2004h", "\x1b[?2004l"
"""Without the marks each line of a paste would be sent by itself."""
_LEAST_COLUMNS, _LEAST_ROWS = 20, 6
_STATE = "◌ starting"
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


class Skeleton:
    """Holds the terminal from the first moment until Textual takes it, or until it is given back."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._title = ""
        self._look: Mapping[str, str] = {}
        self._found: list[Any] | None = None
        """The terminal's attributes as they were found; `None` while no skeleton stands."""
        self._handlers: dict[int, Any] = {}

    @property
    def is_up(self) -> bool:
        """Whether it stands, and the terminal is ours."""
        return self._found is not None

    def draw(self, title: str = "") -> None:
        """Put it on the alternate screen, where there is a terminal that can show it; `title` is the session's."""
        if termios is None or self.is_up or self._environ.get("TERM", "") in ("", "dumb", "unknown"):
            return
        if not (os.isatty(0) and os.isatty(2)):
            return
        try:
            found = termios.tcgetattr(0)
            self._take_signals()
            self._found = found
            termios.tcsetattr(0, termios.TCSANOW, _silence(found))
        except termios.error:
            self.take_down()
            return
        self._title = title
        if not self._environ.get("NO_COLOR"):
            self._look = read_look(find_look_file(self._environ), name_terminal(self._environ))
        _write(ENTER + _HIDE + _MARK_PASTES + self._paint())

    def hand_over(self) -> list[Any] | None:
        """Let go of the terminal as it is, to the one who draws the real frames.

        Returns the attributes that are to stand when that one gives it back; `None` where no skeleton stands.
        """
        found, self._found = self._found, None
        self._handlers.clear()
        return found

    def take_down(self) -> None:
        """Give the terminal back as it was found. Does nothing where no skeleton stands."""
        if self._found is None:
            return
        _write(_PASTE_PLAIN + _LEAVE + _SHOW)
        _restore(self._found)
        # Not before: a signal that comes in between gives all of it back again.
        self._found = None
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._handlers.clear()

    def _take_signals(self) -> None:
        """Let what ends us give the terminal back first; the app has handlers of its own."""
        for name in _SIGNALS:
            number = getattr(signal, name)
            # Whoever started us with it ignored (nohup) wants it so.
            if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
                self._handlers[number] = signal.signal(number, self._leave)
        self._handlers[signal.SIGWINCH] = signal.signal(signal.SIGWINCH, self._repaint)

    def _leave(self, number: int, frame: object) -> None:
        # At once, for nothing runs yet that would have to be put in order. What is raised here would be lost wherever
        # Python drops it, as it does in a finalizer, or where an import takes it for a failure of its own.
        self.take_down()
        os._exit(128 + number)

    def _repaint(self, number: int, frame: object) -> None:
        if self.is_up:
            _write(self._paint())

    def _paint(self) -> str:
        """The rows, each put in its place: header, an empty page, prompt, footer, and the sidebar beside them."""
        try:
            columns, rows = os.get_terminal_size(2)
        except OSError:
            return ""
        if columns < _LEAST_COLUMNS or rows < _LEAST_ROWS:
            return ""
        sidebar, _, least = self._look.get("side", "").partition(";")
        side = int(sidebar) if sidebar and least and columns >= int(least) else 0
        room = columns - side
        page = self._style("ground") + " " * room
        title = self._title[: room - len(_STATE) - 3]
        gap = " " * (room - len(title) - len(_STATE) - 2)
        header = self._style("title") + f" {title}" + self._style("state") + f"{gap}{_STATE} "
        prompt = f"{self._style('mark')} ❯ {self._style('cursor', '7')} {self._style('prompt')}{' ' * (room - 4)}"
        lines = [header, *[page] * (rows - 3), prompt, page]
        edge = (self._style("sidebar") + " " * side) if side else ""
        return "".join(f"\x1b[{y};1H{line}{edge}" for y, line in enumerate(lines, 1)) + "\x1b[0m"

    def _style(self, name: str, otherwise: str = "") -> str:
        codes = self._look.get(name, otherwise)
        return f"\x1b[0;{codes}m" if codes else "\x1b[0m"


def _silence(found: list[Any]) -> list[Any]:
    """The attributes under which keys are kept as they come, and none is echoed; Ctrl+C alone still means something."""
    flags, output, control, local, speed_in, speed_out, keys = found
    flags &= ~(termios.ICRNL | termios.INLCR | termios.IGNCR | termios.IXON)
    local &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
    keys = list(keys)
    keys[termios.VSUSP] = keys[termios.VQUIT] = b"\0"
    keys[termios.VMIN], keys[termios.VTIME] = 1, 0
    return [flags, output, control, local, speed_in, speed_out, keys]


def _restore(found: list[Any]) -> None:
    try:
        termios.tcsetattr(0, termios.TCSANOW, found)
    except termios.error:
        # The terminal is gone, and with it what was to be restored.
        return


def _write(text: str) -> None:
    data = text.encode(sys.__stderr__.encoding if sys.__stderr__ else "utf-8", "replace")
    try:
        while data:
            data = data[os.write(2, data) :]
    except OSError:
        # The terminal is gone; whoever comes next finds that out in its own way.
        pass
