"""Comparing models in the app: who is asked what, the screen for it, and going on with the chosen reply."""

from __future__ import annotations

import asyncio

from chatui.conversation.failure import Failure
from chatui.conversation.word_diff import diff_words
from chatui.ui.branches import find_siblings
from chatui.ui.desk import Desk
from chatui.ui.screens.ask_text import AskText
from chatui.ui.screens.compare import MAX_LANES, CompareScreen
from chatui.ui.screens.diff import DiffScreen


def split_models(desk: Desk, argument: str) -> tuple[tuple[str, ...], str]:
    """Split `A B the prompt` into the models that are named first and the prompt behind them."""
    words = argument.split()
    models: list[str] = []
    while words and "/" in words[0] and not isinstance(desk.services.roster.find(words[0]), Failure):
        models.append(words.pop(0))
    rest = argument.split(None, len(models))
    return tuple(dict.fromkeys(models)), rest[-1] if words else ""


async def compare_models(desk: Desk, models: tuple[str, ...], text: str = "") -> None:
    """Ask 2 to 4 models the same, side by side: the text, else the last prompt again, else what the user types now."""
    if desk.runner.is_running:
        desk.tell(f"A reply still streams. {desk.ways['reply.stop']} stops it; then models can be compared.", "warning")
        return
    if desk.live.is_read_only:
        desk.tell(
            f"This session is opened read-only, so nothing was sent. {desk.ways['session.new']} starts a new one.",
            "warning",
        )
        return
    if not 2 <= len(models) <= MAX_LANES:
        desk.tell(f"Name 2 to {MAX_LANES} different models, as in /compare demo/guide ollama/qwen3.", "warning")
        return
    if not text and desk.live.last_prompt() is None:
        asked = await desk.app.push_screen_wait(AskText("Ask them all", "", is_multi_line=True))
        if asked is None or not asked.strip():
            return
        text = asked.strip()
    live = desk.live
    screen = CompareScreen(live, models, text, lambda reason: desk.tell(reason, "error"))
    desk.changed()
    picked = await desk.app.push_screen_wait(screen)
    if live is not desk.live:
        return
    if picked is not None:
        if problem := await live.show_branch(picked):
            desk.tell(problem, "error")
        model = live.conversation.message(picked).model
        if model is not None:
            await desk.choose_model(model)
    desk.show_branch()
    desk.prompt.focus()


async def show_diff(desk: Desk, argument: str) -> None:
    """Compare the last reply with another answer to the same prompt: the one of that number, else the next one."""
    reply = desk.live.last_reply()
    siblings = [] if desk.runner.is_running else find_siblings(desk, reply)
    if reply is None or len(siblings) < 2:
        again = desk.ways["reply.retry"]
        desk.tell(f"There is no other answer to compare the last reply with. {again} or /compare make one.", "warning")
        return
    place = (siblings.index(reply.id) + 1) % len(siblings)
    if argument:
        if not (argument.isascii() and argument.isdigit() and 1 <= int(argument) <= len(siblings)):
            desk.tell(f"The answers are numbered 1 to {len(siblings)}.", "warning")
            return
        place = int(argument) - 1
    other = desk.conversation.message(siblings[place])
    stretches = await asyncio.to_thread(diff_words, reply.text, other.text)
    names = [f"{siblings.index(each.id) + 1} {each.model or 'reply'}" for each in (reply, other)]
    desk.app.push_screen(DiffScreen(names[0], names[1], stretches))
