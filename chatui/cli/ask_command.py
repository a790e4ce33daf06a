"""`chatui ask`: one prompt, one answer, and an exit code that says what came of it."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

from chatui.cli.advice import explain, reword
from chatui.cli.answer_writer import AnswerForm, AnswerWriter, say_end
from chatui.cli.ask_arguments import AskArguments, parse_ask
from chatui.cli.outlet import Outlet
from chatui.cli.prompt_text import AskedPrompt, PromptError, read_prompt
from chatui.cli.stall_watch import StallWatch
from chatui.cli.stops import Stops
from chatui.cli.teller import tell
from chatui.cli.terminal_text import Canvas, Ink, is_terminal
from chatui.cli.workplace import Workplace, WrongUse, open_workplace, override_settings
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Message, Status
from chatui.conversation.model_info import split_model_name
from chatui.engine.image_fit import refuse_images
from chatui.engine.live_session import LiveSession
from chatui.engine.sessions import Sessions
from chatui.storage.errors import StorageError

if TYPE_CHECKING:
    from chatui.cli.markdown_view import MarkdownView

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_BROKEN_PIPE = 141
STALL_SECONDS = 15.0
"""So long nothing comes before that is told."""
_DRAIN_SECONDS = 1.0
"""How long a reader may be slow after Ctrl-C."""


def run(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Ask and return the exit code.

    0 complete, 1 interrupted or failed, 2 wrong use or configuration, 128 + n after signal n, 141 when the reader of
    the answer went away.
    """
    arguments = parse_ask(argv)
    try:
        place = open_workplace(
            environ,
            data_dir=arguments.data_dir,
            config_file=arguments.config,
            model=arguments.model,
            max_retries=arguments.max_retries,
            is_streamed=arguments.is_streamed,
            play=arguments.play,
            record=arguments.record,
        )
        is_new = not arguments.continue_reply
        asked = read_prompt(arguments.prompt, arguments.files, tell) if is_new else AskedPrompt()
        return asyncio.run(_ask(arguments, place, asked))
    except (PromptError, WrongUse, StorageError) as error:
        tell(str(error))
        return EXIT_USAGE


async def _ask(arguments: AskArguments, place: Workplace, asked: AskedPrompt) -> int:
    model = place.model or await _find_local(place, arguments)
    live = await _open_session(arguments, place, model)
    if asked.images and live.model_info.takes_images is False:
        await live.aclose()
        raise WrongUse(explain(refuse_images(live.model_info)))
    # httpx is loaded while the prompt goes to the disk: it has to be there before the request leaves.
    warming = asyncio.create_task(asyncio.to_thread(_warm_up, place, live.model))
    live.attached.add(*asked.images)
    try:
        return await _answer(arguments, place, live, asked.text)
    finally:
        await live.aclose()
        await warming
        await place.roster.aclose()


async def _answer(arguments: AskArguments, place: Workplace, live: LiveSession, prompt: str) -> int:
    has_terminal = sys.stdout is not None and sys.stdout.isatty()
    fd = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC) if sys.stdout is None else sys.stdout.fileno()
    outlet = Outlet(fd, live.stop)
    form = AnswerForm(
        is_streamed=arguments.is_streamed,
        is_extracted=arguments.is_extracted,
        is_json=arguments.is_json,
        is_visible=has_terminal and not arguments.is_raw,
    )
    answer = AnswerWriter(form, outlet.write, tell, _make_view(outlet) if form.is_visible else None)

    def tell_stall(sentence: str) -> None:
        if not answer.is_in_line:
            tell(sentence)

    session = live.header.id if arguments.is_saved else None
    with Stops(live.stop) as stops:
        with StallWatch(lambda: live.stats.quiet_seconds(time.monotonic()), tell_stall, STALL_SECONDS):
            reply = live.continue_reply() if arguments.continue_reply else live.send(prompt)
            async with aclosing(reply) as events:
                async for event in events:
                    answer.take(event)
        answer.finish(session)
        await _drain(outlet, stops)
    message = live.last_reply()
    assert message is not None, "every prompt that was sent ends in a reply"  # noqa: S101
    if outlet.is_broken:
        return stops.exit_code or EXIT_BROKEN_PIPE
    for sentence in say_end(message, session):
        tell(sentence)
    if message.failure is not None and message.failure.kind is FailureKind.NOT_FOUND:
        tell(place.suggest_models(message.last_model or ""))
    if outlet.problem:
        tell(f"The answer could not be written: {outlet.problem}.")
    has_all = answer.has_all and not outlet.problem
    return stops.exit_code or _code_of(message, has_all=has_all)


def _make_view(outlet: Outlet) -> MarkdownView | None:
    """What renders the answer, where standard output is a terminal that can do so."""
    if not is_terminal(sys.stdout):
        return None
    # Deferred: in a pipe nothing is rendered, and scripts start often.
    from chatui.cli.markdown_view import MarkdownView

    canvas = Canvas(sys.stdout)
    return MarkdownView(outlet.write, lambda: canvas.size, Ink(os.environ, is_terminal=True))


async def _drain(outlet: Outlet, stops: Stops) -> None:
    """Wait until the reader has all; after a signal not for long."""
    while not await outlet.drain(_DRAIN_SECONDS) and stops.signal is None:
        pass


def _code_of(message: Message, *, has_all: bool) -> int:
    if message.status is Status.COMPLETE:
        return 0 if has_all else EXIT_FAILED
    failure = message.failure
    # With a status, it is the server that said no.
    is_ours = failure is not None and failure.kind is FailureKind.CONFIGURATION and failure.status is None
    return EXIT_USAGE if is_ours else EXIT_FAILED


async def _open_session(arguments: AskArguments, place: Workplace, model: str) -> LiveSession:
    """Open or make the session and set what the command line says. Raises WrongUse and StorageError."""
    sessions = place.make_sessions(model, arguments.params)
    live = _find_session(arguments, sessions)
    for notice in live.notices:
        tell(reword(notice))
    is_known = bool(live.header.model)
    problems = []
    if is_known and (arguments.model is not None or place.config.sources.get("model") == "CHATUI_MODEL"):
        problems.append(await live.choose_model(model))
    if arguments.system is not None:
        problems.append(await live.set_system(arguments.system))
    if is_known and arguments.params:
        problems.append(await live.set_params({**live.header.params, **arguments.params}))
    for problem in filter(None, problems):
        tell(f"Not saved: {problem}")
    found = place.roster.find(live.model)
    is_locked = arguments.is_saved and live.is_read_only
    is_done = arguments.continue_reply and live.continuable is None
    if isinstance(found, Failure) or is_locked or is_done:
        await live.aclose()
        if is_done:
            raise WrongUse("The last reply of that session was not cut, so there is nothing to continue.")
        if isinstance(found, Failure):
            raise WrongUse(f"{explain(found)} {place.suggest_models(live.model)}".strip())
        raise WrongUse("The answer could not be saved there. Use another session, or --no-save.")
    return live


def _find_session(arguments: AskArguments, sessions: Sessions) -> LiveSession:
    is_kept = arguments.is_saved
    if arguments.session is not None:
        return sessions.open_or_make(arguments.session, is_kept=is_kept)
    live = sessions.open_latest(is_kept=is_kept) if arguments.continue_last else None
    if live is None and arguments.continue_last:
        tell("There is no saved session yet, so this is a new one.")
    return live or sessions.make(is_kept=is_kept)


async def _find_local(place: Workplace, arguments: AskArguments) -> str:
    """Look for a server on this machine, and offer it. Raises WrongUse where there is none."""
    # Deferred: only those who have set nothing up come here.
    from chatui.providers.local import probe_local_servers
    from chatui.providers.registry import build_found

    for server in await probe_local_servers(place.environ):
        if server.models:
            config = override_settings(
                place.config, server.name, arguments.max_retries, is_streamed=arguments.is_streamed
            )
            place.roster.offer(build_found(server, config, place.environ))
            model = f"{server.name}/{server.models[0]}"
            tell(f"No model is set, so this asks {model}, found at {server.base_url}.")
            return model
    raise WrongUse(
        "No model is set up. Set a key such as DEEPSEEK_API_KEY, or CHATUI_BASE_URL and CHATUI_API_KEY; "
        "`chatui doctor` tells what is there. The built-in demo answers without any: chatui ask -m demo/guide …"
    )


def _warm_up(place: Workplace, model: str) -> None:
    row = place.rows.get(split_model_name(model)[0])
    if row is not None:
        row.provider.warm_up()
