"""Choosing a saved session, and renaming or deleting one on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing, suppress
from datetime import datetime

from chatui.storage.errors import StorageError
from chatui.storage.session_summary import SessionSummary
from chatui.ui.desk import Desk
from chatui.ui.find_session import SessionFinder
from chatui.ui.screens.ask_text import AskText
from chatui.ui.screens.picker import Picker
from chatui.ui.screens.rows import PickerAction, PickerResult, PickerRow
from chatui.ui.screens.session_rows import SESSION_HEADINGS, session_rows
from chatui.ui.widgets.find_bar import FindBar

_ACTIONS = (PickerAction("ctrl+r", "rename", "rename"), PickerAction("ctrl+d", "delete", "delete"))


async def pick_session(desk: Desk, argument: str) -> None:
    """Open the session that the argument names, or the list; the list comes back after a rename or a deletion.

    Raises StorageError where the sessions cannot be listed.
    """
    if argument:
        try:
            session_id = await asyncio.to_thread(desk.services.sessions.find_id, argument)
        except StorageError as error:
            desk.tell(error.reason, "warning")
            return
        await desk.open_session(session_id)
        return
    selected = desk.live.header.id
    while True:
        result, phrase = await _ask(desk, selected)
        if result is None:
            return
        selected = result.key
        if result.action == "rename":
            await _rename(desk, result.key)
        elif result.action == "delete":
            await _delete(desk, result.key)
        else:
            await desk.open_session(result.key)
            if phrase and desk.live.header.id == result.key:
                # What was said may stand in the part that is read later.
                await desk.load_older(desk.live)
                desk.app.screen_stack[0].query_one(FindBar).open(phrase)
                desk.changed()
            return


async def pick_deleted(desk: Desk) -> None:
    """Show the trash; the one that is chosen comes back and is opened. Raises StorageError."""
    summaries = await desk.services.sessions.list_trash()
    picker = Picker(
        "Trash",
        _rows(desk, summaries),
        headings=SESSION_HEADINGS,
        choose_label="restore",
        empty="nothing was deleted",
    )
    result = await desk.app.push_screen_wait(picker)
    if result is not None:
        await desk.services.sessions.restore(result.key)
        await desk.open_session(result.key)


async def _ask(desk: Desk, selected: str) -> tuple[PickerResult | None, str]:
    """Show the list as soon as its first rows are read; the others join it while it is open.

    Returns the answer, and what to look for in the session where it was found by what was said in it.
    """
    async with aclosing(desk.services.sessions.list_in_batches()) as batches:
        finder = SessionFinder(desk.services.sessions, lambda: datetime.now().astimezone(), desk.live.header.id)
        picker = Picker(
            "Sessions",
            _rows(desk, await anext(batches)),
            headings=SESSION_HEADINGS,
            selected=selected,
            choose_label="open",
            actions=_ACTIONS,
            placeholder="type to find: titles, and what was said",
            empty="no saved session yet",
            on_query=finder.look,
        )

        async def add_others() -> None:
            async for batch in batches:
                picker.add_rows(_rows(desk, batch))

        adding = asyncio.create_task(add_others())
        try:
            result = await desk.app.push_screen_wait(picker)
            return result, finder.phrase_in(picker.selected)
        finally:
            await finder.aclose()
            adding.cancel()
            with suppress(asyncio.CancelledError):
                await adding


def _rows(desk: Desk, summaries: Sequence[SessionSummary]) -> list[PickerRow]:
    return session_rows(summaries, datetime.now().astimezone(), current=desk.live.header.id)


async def _rename(desk: Desk, session_id: str) -> None:
    is_here = session_id == desk.live.header.id
    try:
        live = desk.live if is_here else await asyncio.to_thread(desk.services.sessions.open, session_id)
    except StorageError as error:
        desk.tell(error.reason, "error")
        return
    try:
        title = await desk.app.push_screen_wait(AskText("Rename this session", live.header.title))
        if title is not None and title.strip() and (problem := await live.rename(title)):
            desk.tell(problem, "error")
    finally:
        if not is_here:
            await live.aclose()
    desk.changed()


async def _delete(desk: Desk, session_id: str) -> None:
    if session_id == desk.live.header.id:
        desk.tell(f"This session is open. Start a new one with {desk.ways['session.new']}, then delete it.", "warning")
        return
    try:
        await desk.services.sessions.delete(session_id)
    except StorageError as error:
        desk.tell(error.reason, "error")
        return
    desk.tell("Moved to the trash; /trash brings it back.")
