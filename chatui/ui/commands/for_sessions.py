"""Commands about sessions: new, list, rename, system prompt, parameters."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping

from chatui.config.checks import check_param
from chatui.ui.commands.command import Command
from chatui.ui.desk import Desk
from chatui.ui.pick_session import pick_deleted, pick_session
from chatui.ui.screens.ask_text import AskText
from chatui.ui.screens.confirm import Confirm
from chatui.ui.timeline import show_footnote


def _has_begun(desk: Desk) -> bool:
    return desk.live.is_streaming or len(desk.conversation) > 0


async def _new(desk: Desk, argument: str) -> None:
    live = desk.services.sessions.make()
    await live.choose_model(desk.live.model)
    await desk.replace_session(live)


async def _rename(desk: Desk, argument: str) -> None:
    title: str | None = argument
    if not title:
        title = await desk.app.push_screen_wait(AskText("Rename this session", desk.live.header.title))
    if title is None or not title.strip():
        return
    desk.tell_outcome("", await desk.live.rename(title))


async def _system(desk: Desk, argument: str) -> None:
    system: str | None = argument
    if not system:
        system = await desk.app.push_screen_wait(
            AskText("System prompt of this session", desk.live.header.system, is_multi_line=True)
        )
    if system is None:
        return
    said = (
        "System prompt set, from the next reply on." if system.strip() else "No system prompt from the next reply on."
    )
    desk.tell_outcome(said, await desk.live.set_system(system.strip()))


async def _params(desk: Desk, argument: str) -> None:
    params = dict(desk.live.header.params)
    if not argument:
        desk.note(
            f"parameters: {_write_params(params) or 'none, so the defaults of the provider hold'}",
            "/params temperature=0.7 sets one, /params temperature= takes it away.",
        )
        return
    for word in argument.split():
        name, equals, value = word.partition("=")
        if not equals or not name.isidentifier():
            desk.tell(f"“{word}” is not NAME=VALUE, as in temperature=0.7.", "warning")
            return
        params.pop(name, None)
        if value:
            params[name] = _read_value(value)
            if refusal := check_param(name, params[name]):
                desk.tell(f"“{word}”: {refusal}.", "warning")
                return
    said = f"From the next reply on: {_write_params(params) or 'the defaults of the provider'}"
    desk.tell_outcome(said, await desk.live.set_params(params))


def _write_params(params: Mapping[str, object]) -> str:
    return ", ".join(f"{name}={value}" for name, value in params.items())


async def _trim(desk: Desk, argument: str) -> None:
    if argument == "off":
        if problem := await desk.live.send_all():
            desk.tell(problem, "error")
        desk.note("All messages are sent again, from the next request on.")
        return
    if argument:
        desk.tell(f"“{argument}” means nothing here: /trim leaves messages out, /trim off sends all again.", "warning")
        return
    fit, problem = await desk.live.trim()
    if problem:
        desk.tell(problem, "error")
    if fit is None:
        desk.note("There is nothing to leave out: only the last prompt is sent.", kind="warning")
        return
    window = f" of {fit.window:,}" if fit.window else ""
    desk.note(
        f"From the next request on, {fit.said} {'is' if fit.left_out == 1 else 'are'} not sent.",
        f"~{fit.kept_tokens:,}{window} tokens remain. The session keeps all; /trim off sends all again.",
    )


async def _fork(desk: Desk, argument: str) -> None:
    if not len(desk.conversation):
        desk.tell("There is nothing to copy yet: this session is new.", "warning")
        return
    new_id = await desk.services.sessions.fork(desk.live.header.id)
    draft, images = desk.prompt.full_text, tuple(desk.live.attached)
    await desk.open_session(new_id)
    if desk.live.header.id != new_id:
        return
    desk.prompt.load_text(draft)
    if images:
        desk.live.attached.add(*images)
        show_footnote(desk.transcript, desk.live)
    title = argument or f"{desk.live.header.title} (copy)"
    if problem := await desk.live.rename(title):
        desk.tell(problem, "error")
    desk.changed()
    desk.tell("This is a copy that goes its own way. The other session is as it was.")


async def _trash(desk: Desk, argument: str) -> None:
    if not argument:
        await pick_deleted(desk)
        return
    if argument != "empty":
        desk.tell(
            f"“{argument}” means nothing here: /trash shows what was deleted, /trash empty removes it.", "warning"
        )
        return
    question = "What was deleted is gone for good then."
    if await desk.app.push_screen_wait(Confirm("Empty the trash?", question)):
        count = await desk.services.sessions.empty_trash()
        desk.tell(f"The trash is empty: {count} file{'s' if count != 1 else ''} removed.")


def _read_value(text: str) -> object:
    try:
        value: object = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
    return value


SESSION_COMMANDS = (
    Command("session.new", "Start a new session", _new, "new", keys="ctrl+n", label="new", works=_has_begun),
    Command(
        "session.list",
        "Find a saved session by title or by what was said; open, rename, delete",
        pick_session,
        "sessions",
        keys="ctrl+o",
        label="sessions",
    ),
    Command("session.fork", "Go on with a copy of this session", _fork, "fork", "[TITLE]"),
    Command(
        "session.trash", "Bring a deleted session back; /trash empty: remove all for good", _trash, "trash", "[empty]"
    ),
    Command("session.rename", "Give this session a title", _rename, "rename", "[TITLE]"),
    Command("session.system", "Set the system prompt", _system, "system", "[TEXT]"),
    Command(
        "session.trim",
        "Send the oldest messages no more, so that the conversation fits",
        _trim,
        "trim",
        "[off]",
    ),
    Command("session.params", "Show or set sampling parameters", _params, "params", "[NAME=VALUE …]"),
)
