"""Branches of the conversation: flip through them, edit an earlier prompt into a new one, ask again from any place."""

from __future__ import annotations

from chatui.conversation.message import Message, Role, StoredMessage
from chatui.ui.desk import Desk, Severity


def _say_streams(desk: Desk, what: str) -> str:
    """Say that something can be done only once the reply is over."""
    return f"A reply still streams. {desk.ways['reply.stop']} stops it; then {what}."


def find_message_here(desk: Desk) -> Message | None:
    """The message that the block cursor is in; `None` where there is no cursor, or it is on something else."""
    order, document = desk.transcript.cursor.order, desk.transcript.view.document
    if order is None or not document.first <= order < document.end:
        return None
    item = document.items[order - document.first]
    if not isinstance(item, Message | StoredMessage) or item.id not in desk.conversation:
        return None
    return desk.conversation.message(item.id)


def find_prompt_here(desk: Desk) -> Message | None:
    """The prompt under the block cursor, or the one that the reply there answers."""
    message = find_message_here(desk)
    if message is None or message.role is Role.USER:
        return message
    if message.parent is None or message.parent not in desk.conversation:
        return None
    parent = desk.conversation.message(message.parent)
    return parent if parent.role is Role.USER else None


def find_siblings(desk: Desk, message: Message | None) -> list[str]:
    """The ids of all answers to the same prompt, or of all versions of a prompt; fewer than two: there is no other."""
    if message is None:
        return []
    return [
        each for each in desk.conversation.siblings(message.id) if desk.conversation.message(each).role is message.role
    ]


def find_flippable(desk: Desk) -> Message | None:
    """What flipping is about: the message under the cursor, else the last one with siblings; `None` for no such."""
    if desk.runner.is_running:
        return None
    if desk.transcript.cursor.is_shown:
        here = find_message_here(desk)
        return here if len(find_siblings(desk, here)) > 1 else None
    fork = desk.conversation.last_fork()
    message = None if fork is None else desk.conversation.message(fork)
    return message if len(find_siblings(desk, message)) > 1 else None


async def flip(desk: Desk, step: int) -> None:
    """Put the next of several answers, or versions of a prompt, on screen, or the one before, with what follows it."""
    message = find_flippable(desk)
    if message is None:
        desk.tell(*_say_nothing_to_flip(desk))
        return
    siblings = find_siblings(desk, message)
    chosen = siblings[(siblings.index(message.id) + step) % len(siblings)]
    row = desk.transcript.cursor_row
    if problem := await desk.live.show_branch(chosen):
        desk.tell(problem, "error")
    desk.show_branch()
    if row is not None:
        desk.transcript.put_on_message(chosen, row)
    desk.changed()


def _say_nothing_to_flip(desk: Desk) -> tuple[str, Severity]:
    if desk.runner.is_running:
        return _say_streams(desk, "other answers can be looked at"), "warning"
    if desk.transcript.cursor.is_shown:
        return (
            f"There is no other version here. {desk.ways['block.ask_again']} asks again, "
            f"{desk.ways['block.edit']} edits the prompt."
        ), "warning"
    return f"Each prompt here has only one answer. {desk.ways['reply.retry']} or /compare make others.", "warning"


def edit_prompt(desk: Desk, message: Message | None) -> None:
    """Put an earlier prompt into the prompt box; sent from there, it begins a branch of its own."""
    if desk.live.is_read_only:
        desk.tell("This session is opened read-only, so its prompts stay as they are. /fork makes a copy.", "warning")
    elif message is None:
        desk.tell("There is no prompt to edit here.", "warning")
    elif desk.editing.begin(message):
        desk.tell("Your changes from before are back.")
    desk.changed()


def leave_editing(desk: Desk) -> None:
    """Give the draft back; what was changed waits for the next time that this prompt is edited."""
    if desk.editing.leave():
        desk.tell("Not sent. Your changes are kept: editing this prompt again brings them back.")
    desk.changed()


async def send_edited(desk: Desk, text: str) -> None:
    """Send the edited prompt as a sibling of the original; the branch that followed the original stays."""
    live, message = desk.live, desk.editing.message
    if message is None:
        return
    refusal = ""
    if desk.runner.is_running:
        refusal = _say_streams(desk, "the edited prompt can be sent")
    elif live.is_read_only:
        refusal = "This session is opened read-only, so nothing was sent. /fork makes a copy."
    elif text == message.text:
        refusal = (
            f"Nothing is changed yet. {desk.ways['prompt.leave']} leaves the editing; "
            f"{desk.ways['reply.retry']} asks the last prompt again as it is."
        )
    if refusal:
        desk.prompt.load_text(text)
        desk.tell(refusal, "warning")
        return
    desk.runner.on_its_way = text
    desk.editing.finish()
    await desk.load_older(live)
    if live is not desk.live or desk.runner.is_running:
        desk.runner.on_its_way = ""
        desk.give_back((text,))
        return
    desk.conversation.activate(desk.conversation.message(message.id).parent)
    desk.show_branch()
    desk.send(text, instead_of=message.id)


def ask_again_here(desk: Desk) -> None:
    """Ask the prompt at the block cursor again; the answer becomes one beside those that are there."""
    prompt = find_prompt_here(desk)
    if desk.runner.is_running:
        desk.tell(_say_streams(desk, "any prompt can be asked again"), "warning")
    elif prompt is None:
        desk.tell("There is no prompt here to ask again.", "warning")
    else:
        desk.ask_again(prompt)
        desk.prompt.focus()
