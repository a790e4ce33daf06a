"""The skeleton: what stands on the terminal until Textual draws, what becomes of keys meanwhile, and each way out."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pyte import ByteStream

from chatui.__main__ import run as run_chatui
from chatui.skeleton import ENTER
from tests.process.terminal import Screen, Terminal, make_environ, run

_HELD = """
import os, sys
from chatui.__main__ import run
from chatui.skeleton import Skeleton

draw = Skeleton.draw

def draw_and_wait(self, title=""):
    was_up = self.is_up
    draw(self, title)
    if self.is_up and not was_up:
        loaded = os.environ["LOADED"]
        with open(loaded + ".part", "w") as file:
            file.write(" ".join(sys.modules))
        if "DEAF" in os.environ:
            Deaf(loaded)
            os._exit(99)
        os.replace(loaded + ".part", loaded)
        wait()

class Deaf:
    # Whatever is raised here is told at most, and the program goes on. Imports are full of such places.
    def __init__(self, loaded):
        self.loaded = loaded

    def __del__(self):
        os.replace(self.loaded + ".part", self.loaded)
        wait()

def wait():
    # Not an open that waits: a signal that comes just before it would be noticed only after it.
    import select
    gate = os.open(os.environ["GATE"], os.O_RDONLY | os.O_NONBLOCK)
    while not select.select([gate], [], [], 0.05)[0]:
        pass
    os.close(gate)

Skeleton.draw = draw_and_wait
sys.exit(run(sys.argv[1:], os.environ))
"""
"""chatui that stops when the skeleton stands, until somebody opens the gate."""


class Held:
    """A chatui of which only the skeleton stands."""

    def __init__(self, terminal: Terminal, home: Path) -> None:
        self.terminal = terminal
        self._home = home
        self.found = terminal.attributes
        """The terminal's attributes before the program changed them."""

    @property
    def loaded(self) -> set[str]:
        """The modules that were loaded when it stood."""
        return set((self._home / "loaded").read_text().split())

    def open_gate(self) -> None:
        """Let it go on."""
        os.close(os.open(self._home / "gate", os.O_WRONLY))


@asynccontextmanager
async def held(
    home: Path, *argv: str, size: tuple[int, int] = (100, 30), environ: Mapping[str, str] | None = None
) -> AsyncGenerator[Held, None]:
    """Run chatui up to its skeleton."""
    os.mkfifo(home / "gate")
    (home / "held.py").write_text(_HELD)
    paths = {"GATE": str(home / "gate"), "LOADED": str(home / "loaded"), "PYTHONPATH": str(Path(__file__).parents[2])}
    program = (str(home / "held.py"),)
    async with run(*argv, home=home, environ=paths | dict(environ or {}), size=size, program=program) as terminal:
        here = Held(terminal, home)
        await terminal.until((home / "loaded").exists)
        yield here


async def _ends(here: Held, code: int) -> None:
    assert await here.terminal.ended() == code
    assert here.terminal.raw.rfind(b"\x1b[?1049l") > here.terminal.raw.rfind(b"\x1b[?1049h")
    assert here.terminal.raw.rfind(b"\x1b[?25h") > here.terminal.raw.rfind(b"\x1b[?25l")
    assert here.terminal.attributes == here.found
    assert b"Traceback" not in here.terminal.raw


async def test_a_picture_stands_before_textual_and_all_that_is_slow_are_loaded(tmp_path: Path) -> None:
    async with held(tmp_path) as here:
        await here.terminal.sees("New session", "starting", "❯")
        slow = {"textual", "rich", "asyncio", "pathlib", "typing", "dataclasses", "argparse", "re", "tomllib"}
        assert not here.loaded & slow


@pytest.mark.parametrize("argv", [("-c",), ("--session", "mine"), ("-r", "monad")], ids=" ".join)
async def test_it_names_no_session_that_it_does_not_know_yet(tmp_path: Path, argv: tuple[str, ...]) -> None:
    async with held(tmp_path, *argv) as here:
        await here.terminal.sees("starting")
        assert "New session" not in here.terminal.text


async def test_what_is_typed_meanwhile_is_not_echoed_and_comes_to_the_prompt(tmp_path: Path) -> None:
    async with held(tmp_path, "-m", "demo/guide") as here:
        await here.terminal.sees("starting")
        before = len(here.terminal.raw)
        here.terminal.send("first line", "ctrl+j", "second ünd")
        here.open_gate()
        await here.terminal.sees("❯ first line", "second ünd")
        assert b"first" not in here.terminal.raw[before : here.terminal.raw.find(b"\x1b[?1000h")]


async def test_lines_pasted_meanwhile_are_not_sent_one_by_one(tmp_path: Path) -> None:
    async with held(tmp_path, "-m", "demo/guide") as here:
        await here.terminal.sees("starting")
        assert b"\x1b[?2004h" in here.terminal.raw
        here.terminal.send("\x1b[200~one\rtwo\rthree\x1b[201~")
        here.open_gate()
        await here.terminal.sees("❯ one", "  two", "  three")


async def test_enter_typed_meanwhile_sends(tmp_path: Path) -> None:
    async with held(tmp_path, "-m", "demo/guide") as here:
        await here.terminal.sees("starting")
        here.terminal.send("/demo fence", "enter", "and then")
        here.open_gate()
        await here.terminal.sees("/demo fence", "❯ and then")
        await here.terminal.until(lambda: list((tmp_path / "data" / "sessions").glob("*.toml")))


async def test_keys_that_mean_something_to_a_terminal_reach_the_app(tmp_path: Path) -> None:
    async with held(tmp_path, "-m", "demo/guide") as here:
        await here.terminal.sees("starting")
        # Suspend, quit with a core, stop the output, take the next one literally.
        here.terminal.send("a", "ctrl+z", "\x1c", "ctrl+s", "ctrl+v", "b")
        here.open_gate()
        await here.terminal.sees("Message demo/guide")
        here.terminal.send("ctrl+q")
        await _ends(here, 0)


async def test_ctrl_c_meanwhile_ends_with_130_and_gives_the_terminal_back(tmp_path: Path) -> None:
    async with held(tmp_path) as here:
        await here.terminal.sees("starting")
        here.terminal.send("ctrl+c")
        await _ends(here, 130)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=["SIGTERM", "SIGHUP"])
async def test_a_signal_meanwhile_ends_with_its_code_and_gives_the_terminal_back(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    async with held(tmp_path) as here:
        await here.terminal.sees("starting")
        here.terminal.signal(number)
        await _ends(here, code)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
async def test_a_signal_ends_it_even_where_python_drops_what_is_raised(tmp_path: Path, number: signal.Signals) -> None:
    async with held(tmp_path, environ={"DEAF": "1"}) as here:
        await here.terminal.sees("starting")
        here.terminal.signal(number)
        await _ends(here, 128 + number)


async def test_a_session_that_cannot_be_opened_is_told_on_the_normal_screen(tmp_path: Path) -> None:
    async with held(tmp_path, "-r", "no such session") as here:
        await here.terminal.sees("starting")
        here.open_gate()
        await _ends(here, 2)
        told = here.terminal.raw.find(b"chatui: ")
        assert told > here.terminal.raw.rfind(b"\x1b[?1049l")


async def test_the_app_gives_the_terminal_back_as_the_skeleton_found_it(tmp_path: Path) -> None:
    async with held(tmp_path) as here:
        here.open_gate()
        await here.terminal.sees("Message demo/guide")
        here.terminal.send("ctrl+q")
        await _ends(here, 0)
        assert here.terminal.raw.count(ENTER.encode()) == here.terminal.raw.count(b"\x1b[?1049l") == 1


async def test_an_editor_gets_the_terminal_as_the_skeleton_found_it(tmp_path: Path) -> None:
    editor, noted = tmp_path / "editor", tmp_path / "noted"
    editor.write_text(f"#!/bin/sh\nstty -a > {noted}.part\nmv {noted}.part {noted}\n")
    editor.chmod(0o700)
    async with held(tmp_path, "-m", "demo/guide", environ={"EDITOR": str(editor)}) as here:
        here.open_gate()
        await here.terminal.sees("Message demo/guide", "Ctrl+O")
        here.terminal.send("f4")
        await here.terminal.until(noted.exists)
        words = noted.read_text().replace(";", " ").split()
        assert {"echo", "icanon", "isig", "icrnl"} <= set(words)
        await here.terminal.sees("Message demo/guide", "ready")
        here.terminal.send("ctrl+q")
        await _ends(here, 0)


async def test_a_resize_meanwhile_is_followed(tmp_path: Path) -> None:
    async with held(tmp_path, size=(100, 30)) as here:
        await here.terminal.sees("starting")
        here.terminal.resize(60, 12)
        await here.terminal.sees("New session", "starting")
        assert here.terminal.text.splitlines()[10].strip() == "❯"


async def test_a_terminal_too_small_gets_an_empty_picture(tmp_path: Path) -> None:
    async with held(tmp_path, size=(12, 4)) as here:
        await here.terminal.until(lambda: ENTER.encode() in here.terminal.raw)
        assert not here.terminal.text.strip()
        here.terminal.send("ctrl+c")
        await _ends(here, 130)


async def test_the_next_start_has_the_colours_of_the_last_one(tmp_path: Path) -> None:
    paper = {"CHATUI_THEME": "paper"}
    async with run("-m", "demo/guide", home=tmp_path, size=(120, 30), environ=paper) as terminal:
        await terminal.sees("Message demo/guide", "ready")
        places = [(5, 0), (110, 15), (40, 15), (60, 28), (60, 29)]
        await terminal.until(lambda: "default" not in [terminal.background(*place) for place in places])
        shown = [terminal.background(*place) for place in places]
        terminal.send("ctrl+q")
        assert await terminal.ended() == 0
    async with held(tmp_path, size=(120, 30)) as here:
        await here.terminal.until(lambda: [here.terminal.background(*place) for place in places] == shown, str(shown))


@pytest.mark.parametrize(
    "environ", [{"NO_COLOR": "1"}, {"TERM": "screen"}, {"COLORTERM": ""}], ids=["NO_COLOR", "another TERM", "256"]
)
async def test_another_kind_of_terminal_gets_no_colours_of_the_last_one(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "look").write_text("xterm-256color truecolor\nground 48;2;1;2;3\n")
    async with held(tmp_path, environ=environ) as here:
        await here.terminal.sees("starting")
        assert here.terminal.background(40, 15) == "default"


async def test_no_blank_screen_comes_between_the_picture_and_the_first_frame(tmp_path: Path) -> None:
    async with run("-m", "demo/guide", home=tmp_path) as terminal:
        await terminal.sees("Message demo/guide", "ready")
        raw = bytes(terminal.raw)
    screen = Screen(100, 30)
    stream = ByteStream(screen)
    stands: list[str] = []
    for at in range(0, len(raw), 64):
        stream.feed(raw[at : at + 64])
        stands.append(screen.display[0])
    first = next(number for number, line in enumerate(stands) if "starting" in line)
    assert all("New session" in line for line in stands[first:])
    assert raw.count(ENTER.encode()) == 1
    assert b"\x1b[2J" not in raw


async def test_a_terminal_that_can_show_nothing_is_left_alone(tmp_path: Path) -> None:
    async with run("--version", home=tmp_path, environ={"TERM": "dumb"}) as terminal:
        assert await terminal.ended() == 0
        assert b"\x1b[" not in terminal.raw
    async with run("-m", "demo/guide", home=tmp_path, environ={"TERM": "dumb"}) as terminal:
        await terminal.sees("Message demo/guide")
        assert b"starting" not in terminal.raw


@pytest.mark.parametrize("argv", [("--bogus",), ("--help",), ("--version",), ("sessions", "list")], ids=" ".join)
async def test_wrong_use_help_and_commands_draw_nothing(tmp_path: Path, argv: tuple[str, ...]) -> None:
    async with run(*argv, home=tmp_path) as terminal:
        assert await terminal.ended() == (2 if argv == ("--bogus",) else 0)
        assert ENTER.encode() not in terminal.raw


async def test_without_a_terminal_nothing_is_drawn(tmp_path: Path) -> None:
    async with run(home=tmp_path, is_tty=(0, 1)) as terminal:
        assert await terminal.ended() == 2
        assert not terminal.raw


def test_it_does_without_a_terminal_in_this_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "isatty", lambda number: False)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False, raising=False)
    assert run_chatui([], make_environ(tmp_path)) == 2
