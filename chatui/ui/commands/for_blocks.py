"""Commands about the blocks of the conversation: move over them, copy, fold, select, write and open their code."""

from __future__ import annotations

from collections.abc import Callable, Coroutine

from chatui.ui.branches import ask_again_here, edit_prompt, find_prompt_here
from chatui.ui.code_files import open_code, write_code
from chatui.ui.commands.command import Command
from chatui.ui.desk import Desk
from chatui.ui.transcript.entry_block import EntryBlock
from chatui.ui.widgets.clipboard import copy_text

_CodeWork = Callable[[Desk, EntryBlock], Coroutine[object, object, None]]


def _has_cursor(desk: Desk) -> bool:
    return desk.transcript.cursor.is_shown and desk.transcript.has_focus


def _has_code(desk: Desk) -> bool:
    return _has_cursor(desk) and bool(desk.transcript.cursor.codes())


def _has_prompt(desk: Desk) -> bool:
    return _has_cursor(desk) and find_prompt_here(desk) is not None


def _has_fold(desk: Desk) -> bool:
    block = desk.transcript.cursor.block() if _has_cursor(desk) else None
    return block is not None and (block.action is not None or desk.transcript.verb.is_waiting)


def _move(step: int) -> Callable[[Desk, str], None]:
    def run(desk: Desk, argument: str) -> None:
        _read(desk)
        desk.transcript.move_block(step)
        desk.changed()

    return run


def _move_to_prompt(step: int) -> Callable[[Desk, str], None]:
    def run(desk: Desk, argument: str) -> None:
        _read(desk)
        desk.transcript.move_prompt(step)
        desk.changed()

    return run


def _read(desk: Desk) -> None:
    desk.transcript.verb.cancel()
    if not desk.transcript.has_focus:
        desk.transcript.focus(scroll_visible=False)


async def _copy(desk: Desk, argument: str) -> None:
    transcript = desk.transcript
    block = transcript.cursor.block()
    if block is None:
        return
    codes = transcript.cursor.codes()
    if transcript.cursor.is_selecting:
        text = transcript.selected_text
        transcript.clear_selected()
    else:
        text = block.source
        transcript.verb.wait(lambda number: _start(desk, _copy_code, codes[number - 1]), len(codes), is_eager=True)
    desk.tell(await copy_text(desk.app, text))
    desk.changed()


async def _copy_code(desk: Desk, code: EntryBlock) -> None:
    outcome = await copy_text(desk.app, code.source)
    desk.tell(f"Code {code.number}: {outcome[0].lower()}{outcome[1:]}")


async def _copy_all_code(desk: Desk, argument: str) -> None:
    codes = desk.transcript.cursor.codes()
    block = desk.transcript.cursor.block()
    if block is not None and block.number:
        codes = [block]
    if not codes:
        desk.tell("This message holds no code block.", "warning")
        return
    desk.tell(await copy_text(desk.app, "\n".join(code.source for code in codes)))


def _fold(desk: Desk, argument: str) -> None:
    transcript = desk.transcript
    if transcript.verb.is_waiting:
        block = transcript.cursor.block()
        transcript.verb.end(block.number if block is not None else 0)
    elif not transcript.fold_block():
        desk.tell("This block has no fold: reasoning, code above 40 lines and long prompts have one.", "warning")
    desk.changed()


def _select(desk: Desk, argument: str) -> None:
    desk.transcript.mark_block()
    desk.changed()


async def _write(desk: Desk, code: EntryBlock) -> None:
    await write_code(desk, code.source, code.language, code.number)


async def _open(desk: Desk, code: EntryBlock) -> None:
    await open_code(desk, code.source, code.language, code.number)


def _ask_which(work: _CodeWork) -> Callable[[Desk, str], None]:
    """Make a command that works on the message's one code block, or asks for the number of one of several."""

    def run(desk: Desk, argument: str) -> None:
        transcript = desk.transcript
        codes = transcript.cursor.codes()
        if not codes:
            desk.tell("This message holds no code block.", "warning")
        elif len(codes) == 1:
            _start(desk, work, codes[0])
        else:
            transcript.verb.wait(lambda number: _start(desk, work, codes[number - 1]), len(codes))
            block = transcript.cursor.block()
            this_one = ", Enter for this one" if block is not None and block.number else ""
            desk.tell(f"Which code block? Type its number, 1 to {len(codes)}{this_one}.")
            desk.changed()

    return run


def _start(desk: Desk, work: _CodeWork, code: EntryBlock) -> None:
    desk.app.run_worker(work(desk, code), name="code", group="code")


def _edit(desk: Desk, argument: str) -> None:
    edit_prompt(desk, find_prompt_here(desk))


def _ask_again(desk: Desk, argument: str) -> None:
    ask_again_here(desk)


def _leave(desk: Desk, argument: str) -> None:
    transcript = desk.transcript
    if transcript.verb.is_waiting:
        transcript.verb.cancel()
    elif transcript.cursor.is_selecting:
        transcript.clear_selected()
    else:
        transcript.leave_block()
        desk.prompt.focus()
    desk.changed()


BLOCK_COMMANDS = (
    Command("block.previous", "Block cursor: up to the block before", _move(-1), keys="alt+up,k"),
    Command("block.next", "Block cursor: down to the next block", _move(1), keys="alt+down,j"),
    Command("block.previous_prompt", "Block cursor: to the prompt before", _move_to_prompt(-1), keys="ctrl+up"),
    Command("block.next_prompt", "Block cursor: to the next prompt", _move_to_prompt(1), keys="ctrl+down"),
    Command(
        "block.copy",
        "Copy the block as Markdown, of code the code alone; then 3: code 3 of the message",
        _copy,
        keys="y",
        label="copy",
        works=_has_cursor,
        is_modal=True,
    ),
    Command(
        "block.copy_code",
        "Copy the code of the message, nothing else of it",
        _copy_all_code,
        keys="c",
        label="copy code",
        works=_has_code,
        is_modal=True,
    ),
    Command(
        "block.edit",
        "Edit the prompt here; sent, it begins a branch beside the old one",
        _edit,
        keys="e",
        label="edit",
        works=_has_prompt,
        is_modal=True,
    ),
    Command(
        "block.ask_again",
        "Ask the prompt here again",
        _ask_again,
        keys="r",
        label="ask again",
        works=_has_prompt,
        is_modal=True,
    ),
    Command(
        "block.fold",
        "Fold or unfold reasoning, long code, a long prompt",
        _fold,
        keys="f,enter,space",
        label="fold",
        works=_has_fold,
        is_modal=True,
    ),
    Command(
        "block.select",
        "Select from this block on: move, then copy",
        _select,
        keys="v",
        label="select",
        works=_has_cursor,
        is_modal=True,
    ),
    Command(
        "block.leave",
        "Leave the block cursor",
        _leave,
        keys="escape",
        label="leave",
        works=_has_cursor,
        is_modal=True,
    ),
    Command(
        "block.write",
        "Write code to a file; then 3: code 3 of the message",
        _ask_which(_write),
        keys="w",
        label="write",
        works=_has_code,
        is_modal=True,
    ),
    Command(
        "block.open",
        "Open code in your editor; then 3: code 3 of the message",
        _ask_which(_open),
        keys="o",
        label="open",
        works=_has_code,
        is_modal=True,
    ),
)
