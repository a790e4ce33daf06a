from __future__ import annotations

import asyncio
import base64
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from chatui.ui.widgets import clipboard
from chatui.ui.widgets.clipboard import MOST_OSC52_BYTES, copy_text, encode_osc52, list_tools, run_tool
from tests.ui.widgets.hosting import Host


@pytest.mark.parametrize(
    ("environ", "platform", "names"),
    [
        ({}, "linux", []),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, "linux", ["wl-copy", "xclip", "xsel"]),
        ({"DISPLAY": ":0"}, "linux", ["xclip", "xsel"]),
        ({}, "darwin", ["pbcopy"]),
        ({"DISPLAY": ":10", "SSH_CONNECTION": "x"}, "linux", []),
        ({"SSH_TTY": "/dev/pts/1"}, "darwin", []),
        ({"SSH_TTY": "/dev/pts/1", "TMUX": "/tmp/tmux"}, "linux", ["tmux"]),
    ],
)
def test_tools_are_those_that_reach_the_users_display(environ: dict[str, str], platform: str, names: list[str]) -> None:
    assert [command[0] for command in list_tools(environ, platform)] == names


def test_osc_52_carries_the_text_in_base64() -> None:
    payload = base64.b64encode("é\n".encode()).decode()
    assert encode_osc52("é\n", {}) == f"\x1b]52;c;{payload}\x07"
    assert encode_osc52("é\n", {"TMUX": "/tmp/x,1,0", "STY": "1.pts"}) == f"\x1bPtmux;\x1b\x1b]52;c;{payload}\x07\x1b\\"


async def test_a_tool_gets_the_text_on_standard_input(tmp_path: Path) -> None:
    target = tmp_path / "copied"
    script = f"import sys; open({str(target)!r}, 'wb').write(sys.stdin.buffer.read())"
    assert await run_tool([sys.executable, "-c", script], "日本\n")
    assert target.read_text() == "日本\n"


async def test_a_tool_that_fails_or_is_missing_is_told() -> None:
    assert not await run_tool([sys.executable, "-c", "raise SystemExit(1)"], "x")
    assert not await run_tool(["/nonexistent/tool"], "x")


async def test_a_tool_that_hangs_is_ended() -> None:
    assert not await run_tool([sys.executable, "-c", "import time; time.sleep(60)"], "x", timeout=0.05)


async def test_a_cancelled_copy_ends_its_tool(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    os.mkfifo(pid_file)
    script = f"import os, time; open({str(pid_file)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    task = asyncio.create_task(run_tool([sys.executable, "-c", script], "x", timeout=60))
    # Opening a pipe waits for its other end, so the tool runs when this returns.
    pid = int(await asyncio.to_thread(pid_file.read_text))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_inside_screen_the_sequence_goes_through_in_strings_that_it_takes() -> None:
    text = "word " * 1000
    wrapped = encode_osc52(text, {"STY": "1.pts"})
    strings = wrapped.removesuffix("\x1b\\").split("\x1b\\")
    assert all(string.startswith("\x1bP") and len(string) <= 768 for string in strings)
    assert "".join(string.removeprefix("\x1bP") for string in strings) == encode_osc52(text, {})


async def test_the_first_tool_that_works_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    async def run(command: Sequence[str], text: str) -> bool:
        tried.append(command[0])
        return command[0] == "xsel"

    monkeypatch.setattr(clipboard, "run_tool", run)
    monkeypatch.setattr(sys, "platform", "linux")
    sentence = await copy_text(Host(), "x" * 1234, {"DISPLAY": ":0"})
    assert sentence == "Copied 1,234 characters with xsel"
    assert tried == ["xclip", "xsel"]


async def test_without_a_tool_the_terminal_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    app = Host()
    written: list[str] = []
    async with app.run_test():
        assert app._driver is not None
        monkeypatch.setattr(app._driver, "write", written.append)
        assert await copy_text(app, "x", {}) == "Copied 1 character through the terminal (OSC 52)"
        assert encode_osc52("x", {}) in written


async def test_more_than_a_terminal_takes_is_refused_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    app = Host()
    async with app.run_test():
        sentence = await copy_text(app, "é" * MOST_OSC52_BYTES, {})
    assert sentence.startswith("Not copied: 150 KB is more than the 75 KB that a terminal takes (OSC 52)")


async def test_nothing_to_copy_and_no_terminal_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    assert await copy_text(Host(), "", {}) == "Not copied: there is nothing to copy."
    assert await copy_text(Host(), "x", {}) == "Not copied: there is no terminal."
