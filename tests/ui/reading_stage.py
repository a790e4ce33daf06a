"""A reader at the whole app: a reply to read, keys pressed as a person does, what is read and copied."""

from __future__ import annotations

from chatui.ui.transcript.entry_block import EntryBlock
from chatui.ui.widgets.find_bar import FindBar
from tests.ui.chat_stage import Chat

REPLY = "First.\n\n```python\nx = 1\n```\n\nThen a word.\n\n```sh\nls\n```\n\nLast word.\n"
LONG_REPLY = "\n\n".join(f"paragraph {number}" for number in range(60))


def block_of(c: Chat) -> EntryBlock:
    """The block that the cursor is on."""
    block = c.desk.transcript.cursor.block()
    assert block is not None
    return block


def bar_of(c: Chat) -> FindBar:
    """The search bar."""
    return c.app.screen_stack[0].query_one(FindBar)


async def press(c: Chat, *keys: str) -> None:
    """Press keys one after the other as a person does: the app has taken each before the next one comes."""
    for key in keys:
        await c.press(key)


async def start_reading(c: Chat, text: str = REPLY) -> None:
    """Have a reply on the screen."""
    await press(c, "ctrl+t")
    await c.type_into_dialog("held/one")
    await press(c, "enter")
    await c.until(lambda: c.desk.live.model == "held/one")
    await c.ask_held("hello", text)
