"""Makes a picture of every kind of block, narrow to wide, dark and light: `python screenshots/gallery.py FOLDER`.

They are for looking at after a change of how things are drawn, and are not kept.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from pictures import Picture, find_converter, write_picture
from textual.pilot import Pilot

from chatui.cli.arguments import parse_arguments
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Message, Role, Status
from chatui.screen import make_app
from chatui.ui.desk import Desk
from chatui.ui.transcript.document import Item
from chatui.ui.transcript.note import Note
from chatui.ui.transcript.section import Action

HERE = Path(__file__).parent
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
WIDTHS = (60, 100, 160)
THEMES = ("ink", "paper")
HEIGHT = 104
THOUGHT = "First the plan, told in a sentence that is long enough to be wrapped on a screen.\n\n- then the work"
LONG = "```python\n" + "".join(f"line_{number} = {number}\n" for number in range(60)) + "```\n\nAfter it.\n"
LIMIT = Failure(
    FailureKind.RATE_LIMIT, "Limit 3 requests a minute, used 3.", 429, "Wait a minute, or take another model."
)


def _prompt(number: int, text: str) -> Message:
    return Message(f"m{number}", Role.USER, text, NOON)


def _reply(number: int, text: str, model: str = "demo/guide", **fields: object) -> Message:
    return Message(f"m{number}", Role.ASSISTANT, text, NOON, model=model, **fields)  # type: ignore[arg-type]  # fields of Message


def _pages() -> dict[str, list[Item]]:
    pasted = "Here is my file:\n\n" + "".join(f"{number:3} a line of a log\n" for number in range(60))
    cut = Failure(FailureKind.NETWORK, "connection reset by peer")
    return {
        "blocks": [_prompt(0, "Every block?"), _reply(1, (HERE / "blocks.md").read_text("utf-8"))],
        "code": [_prompt(0, "Code and tables?"), _reply(1, (HERE / "code.md").read_text("utf-8"))],
        "folds": [
            _prompt(0, pasted),
            _reply(1, f"Above is folded reasoning.\n\n{LONG}", reasoning=THOUGHT),
            Note("The model is another one now"),
            _prompt(2, "Why?"),
            _reply(3, "An answer whose end", "demo/echo", status=Status.INTERRUPTED, failure=cut, reasoning=THOUGHT),
            Note("The session is read-only", "warning", "Another chatui has it open; /fork goes on with a copy."),
            _prompt(4, "And now?"),
            _reply(5, " ", status=Status.FAILED, failure=LIMIT),
            Note("The disk is full", "error", "What was said is kept in memory."),
        ],
        "welcome": [],
    }


async def _show(pilot: Pilot[int], items: list[Item]) -> None:
    desk: Desk = pilot.app.screen.desk  # type: ignore[attr-defined]  # the screen is the chat screen
    transcript = desk.transcript
    transcript.show(items)
    await pilot.pause()
    if len(items) > 2:
        transcript.view.act(3 + 1, Action.FOLD_REASONING)
        rows = [transcript.view.document.entry(1).row(row).line.text for row in range(20)]
        transcript.view.act(1, Action.FOLD_CODE, next(row for row, text in enumerate(rows) if "line_0" in text))
        transcript.view.queue(["a prompt that waits", "and another one"])
    transcript.view.scroll_to(0)
    transcript.show_all()
    await pilot.pause()


async def make(folder: Path) -> None:
    """Make all of them in a folder."""
    converter = find_converter()
    for theme in THEMES:
        for width in WIDTHS:
            for name, items in _pages().items():
                with tempfile.TemporaryDirectory() as home:
                    app = make_app(parse_arguments(["--theme", theme]), {"CHATUI_HOME": home})
                    async with app.run_test(size=(width, HEIGHT if items else 24)) as pilot:
                        await pilot.pause()
                        await _show(pilot, items)
                        picture = Picture(f"{name}-{width}-{theme}", "", app.export_screenshot(title="chatui"))
                        await app.leave(0)
                print(write_picture(picture, converter, folder))


if __name__ == "__main__":
    FOLDER = Path(sys.argv[1])
    FOLDER.mkdir(parents=True, exist_ok=True)
    asyncio.run(make(FOLDER))
