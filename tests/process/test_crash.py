"""A fault of our own, and a sudden death: the terminal is given back, and the conversation is there next time."""

from __future__ import annotations

import asyncio
import re
import stat
import tomllib
from pathlib import Path

from tests.process.terminal import run

_BROKEN = """
import os, sys
import chatui.assembly
from chatui.conversation.events import TextDelta
from chatui.providers.demo.provider import DemoProvider

class BrokenProvider(DemoProvider):
    async def stream(self, request):
        secret = "sk-1234567890abcdef"
        yield TextDelta("half a reply")
        raise RuntimeError("wires crossed")

chatui.assembly.DemoProvider = BrokenProvider
from chatui.__main__ import run
sys.exit(run(sys.argv[1:], os.environ))
"""


async def test_a_fault_of_our_own_is_one_line_with_the_terminal_given_back_and_the_rest_in_the_log(
    tmp_path: Path,
) -> None:
    script = tmp_path / "broken.py"
    script.write_text(_BROKEN)
    environ = {"PYTHONPATH": str(Path(__file__).parents[2])}
    async with run(
        "-m", "demo/guide", "Hello", home=tmp_path, environ=environ, program=(str(script),), size=(300, 30)
    ) as terminal:
        assert await terminal.ended() == 1
        assert terminal.is_restored
        after = bytes(terminal.raw).rpartition(b"\x1b[?1049l")[2]
        log = tmp_path / "state" / "log"
        told = f"chatui stopped because of a fault of its own. The conversation is saved. Details are in {log}."
        assert told.encode() in after
        for hidden in (b"Traceback", b"wires crossed", b"sk-1234567890", b"BrokenProvider"):
            assert hidden not in after
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert "RuntimeError: wires crossed" in log.read_text()
    assert "sk-1234567890" not in log.read_text()
    (session,) = (tmp_path / "data" / "sessions").glob("*.toml")
    assert 'text = "half a reply"' in session.read_text()


async def test_what_was_on_screen_a_second_before_a_sudden_death_is_there_again_and_marked(tmp_path: Path) -> None:
    tape = tmp_path / "tape.toml"
    words = (f'{{ at = {0.02 * n:.2f}, text = "word{n}. " }}' for n in range(1, 1000))
    tape.write_text(f'format = 1\nmodel = "counter"\n[[replies]]\nevents = [{", ".join(words)}]\n')
    loop = asyncio.get_running_loop()
    async with run("--play", str(tape), "Count", home=tmp_path) as terminal:
        await terminal.until(lambda: _last_word(terminal.text) >= 20, "twenty words")
        shown, then = _last_word(terminal.text), loop.time()
        await terminal.until(lambda: loop.time() >= then + 1.0)
        terminal.process.kill()
        await terminal.process.wait()
    async with run("-c", home=tmp_path) as terminal:
        await terminal.sees("Count", "word1.", "— interrupted", "chatui ended")
        assert _last_word(terminal.text) >= shown
        (session,) = (tmp_path / "data" / "sessions").glob("*.toml")
        reply = tomllib.loads(session.read_text())["messages"][1]
        assert reply["status"] == "interrupted"
        assert reply["text"] == "".join(f"word{n}. " for n in range(1, _last_word(reply["text"]) + 1))
        terminal.send("ctrl+q")
        assert await terminal.ended() == 0


def _last_word(text: str) -> int:
    return max((int(number) for number in re.findall(r"word(\d+)\.", text)), default=0)
