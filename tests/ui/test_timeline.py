"""What was seen live is seen again when the session is opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatui.conversation.events import Ended, ReasoningDelta, ReplyEvent, TextDelta, UsageReported
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.usage import Usage
from tests.ui.chat_stage import Chat, chat

MARKDOWN = """# Title

A paragraph with *emphasis*, `code` and [a link](https://example.org).

1. one
2. two
   - nested

> quoted

| a | b |
|---|--:|
| x | 1 |

```py
def f(x: int) -> int:
    return x + 1
```

---

The *end* \x1b[31m \u202e [b]literal[/b]"""

STREAMS: dict[str, list[ReplyEvent]] = {
    "markdown": [TextDelta(MARKDOWN), Ended("stop")],
    "letter by letter": [*map(TextDelta, MARKDOWN), Ended("stop")],
    "usage": [TextDelta("Counted."), UsageReported(Usage(12, 34, 5, 6)), Ended("stop")],
    "reported cost": [TextDelta("Billed."), UsageReported(Usage(12, 34), 0.25), Ended("stop")],
    "reasoning": [ReasoningDelta("I *weigh* "), ReasoningDelta("it."), TextDelta("Yes."), Ended("stop")],
    "reasoning alone": [ReasoningDelta("I weigh it."), Ended("stop")],
    "cut by the limit": [TextDelta("And so"), Ended("length")],
    "filtered": [TextDelta("And"), Ended("content_filter")],
    "odd end": [TextDelta("And"), Ended("[odd]\x1b")],
    "empty": [Ended("stop")],
    "blank": [TextDelta(" \n"), Ended("stop")],
    "refused": [Ended(failure=Failure(FailureKind.AUTHENTICATION, "Wrong [b]key[/b].", 401, "Set KEY."))],
    "failed in the middle": [TextDelta("half"), Ended(failure=Failure(FailureKind.SERVER, "It broke.", 500))],
    "cut": [TextDelta("half a ```py\n"), Ended(failure=Failure(FailureKind.NETWORK, "Reset."), interrupted=True)],
}


def rows(c: Chat) -> list[str]:
    """The transcript from its first row to its last, on a screen that holds all of it."""
    view = c.desk.transcript.view
    view.rows = 100_000
    view.settle()
    found = [row.gutter.text + row.line.text for _, _, row in view.screen_rows(0, view.document.total)]
    assert any("question" in row.casefold() for row in found)
    return found


@pytest.mark.parametrize("events", STREAMS.values(), ids=STREAMS.keys())
async def test_a_reply_looks_the_same_when_the_session_is_opened_again(
    tmp_path: Path, events: list[ReplyEvent]
) -> None:
    async with chat(tmp_path, "-m", "held/one", size=(80, 24)) as c:
        c.held.give(*events)
        await c.ask("A *question*\nof two lines")
        live = rows(c)
    async with chat(tmp_path, "-c", size=(80, 24)) as c:
        assert rows(c) == live


async def test_a_conversation_with_all_kinds_of_turns_looks_the_same_when_it_is_opened_again(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one", size=(80, 24)) as c:
        for number, events in enumerate(STREAMS.values()):
            if number % 3 == 2:
                await c.enter(f"/model held/{'two' if c.desk.live.model == 'held/one' else 'one'}")
                await c.sees("from the next reply on")
            c.held.give(*events)
            await c.ask(f"Question {number}")
        await c.enter("To be stopped")
        c.held.say("half")
        await c.sees("half")
        await c.press("escape")
        await c.sees("— stopped")
        await c.rests()
        await c.enter("/retry")
        await c.until(lambda: c.desk.live.is_streaming)
        c.held.say("whole")
        c.held.end()
        await c.sees("whole")
        await c.until(lambda: not c.desk.runner.is_running)
        await c.enter("/model demo/guide")
        await c.sees("→ demo/guide, from the next reply on")
        live = rows(c)
    async with chat(tmp_path, "-c", size=(80, 24)) as c:
        assert rows(c) == live
