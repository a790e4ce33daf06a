"""`chatui sessions`: what lies on the shelf, listed, read, searched, carried and put away."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from chatui.cli.advice import reword
from chatui.cli.columns import format_rows, shorten
from chatui.cli.commands import SESSIONS, find_command, find_word
from chatui.cli.parser import Values, read_words
from chatui.cli.reply_json import encode_json
from chatui.cli.teller import tell
from chatui.conversation.events import Loaded
from chatui.conversation.visible import make_visible
from chatui.engine.export import export_markdown
from chatui.engine.roster import Roster
from chatui.engine.session_search import FoundSession, search_sessions
from chatui.engine.sessions import SessionDefaults, Sessions
from chatui.storage.errors import StorageError
from chatui.storage.exchange import export_json, import_session, read_file
from chatui.storage.paths import find_places
from chatui.storage.session_summary import SessionSummary
from chatui.storage.shelf import Shelf

_EXIT_FAILED = 1
_LINE = 100
"""Characters of a line that a search shows."""


def run(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Do what the first word says, `list` without one; return 0, 1 where that failed, 2 for wrong use."""
    found = find_command(argv, SESSIONS.children)
    if found is None and (find_word(argv) is not None or {"-h", "--help"}.intersection(argv)):
        # Ends here, with the help or with what is wrong.
        read_words(SESSIONS, argv)
    command, rest = found or (SESSIONS.children[0], list(argv))
    values = read_words(command, rest)
    shelf = Shelf(find_places(environ, Path.home(), values["data_dir"]))
    try:
        return _ACTIONS[command.own_name](shelf, values)
    except StorageError as error:
        tell(error.reason)
        return _EXIT_FAILED


def _list(shelf: Shelf, values: Values) -> int:
    limit: int | None = values["limit"]
    summaries = shelf.list_trash()[:limit] if values["trash"] else shelf.list_sessions(limit)
    if values["json"]:
        print(encode_json({"sessions": [_describe(summary) for summary in summaries]}))
        return 0
    rows = [
        (
            summary.id,
            f"{summary.modified.astimezone():%Y-%m-%d %H:%M}",
            "" if summary.messages is None else str(summary.messages),
            summary.model,
            _tell_problem(summary) or summary.title or summary.first_words,
        )
        for summary in summaries
    ]
    for line in format_rows(rows, right=(2,)):
        print(line)
    if not rows:
        tell("The trash is empty." if values["trash"] else "There is no session yet.")
    return 0


def _tell_problem(summary: SessionSummary) -> str:
    """What is wrong with a session, in words; empty for one that is well."""
    problem = summary.problem or ""
    return problem if summary.is_readable else f"cannot be opened: {problem}"


def _describe(summary: SessionSummary) -> dict[str, object]:
    return {
        "id": summary.id,
        "title": summary.title,
        "model": summary.model,
        "created": summary.created.isoformat(),
        "modified": summary.modified.isoformat(),
        "messages": summary.messages,
        "first_words": summary.first_words,
        "problem": summary.problem,
    }


def _show(shelf: Shelf, values: Values) -> int:
    _write(_read_markdown(shelf, _named(values)))
    return 0


def _export(shelf: Shelf, values: Values) -> int:
    summary = shelf.find(_named(values))
    match values["format"]:
        case "json":
            print(export_json(summary.path))
        case "toml":
            data = read_file(summary.path)
            sys.stdout.flush()
            _write(data.decode("utf-8", "surrogateescape"))
        case _:
            _write(_read_markdown(shelf, summary.id))
    return 0


def _write(text: str) -> None:
    """Write text as it is, on a terminal with its controls made visible."""
    if sys.stdout.isatty():
        print(make_visible(text), end="")
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
    sys.stdout.buffer.flush()


def _read_markdown(shelf: Shelf, name: str) -> str:
    opened = shelf.open_session(shelf.find(name).id, adopt=False)
    conversation = opened.session.conversation
    with opened.file as file:
        conversation.apply(Loaded(file.load_rest()))
        messages = [conversation.message(item.id) for item in conversation.path()]
    return export_markdown(opened.session.header, messages)


def _search(shelf: Shelf, values: Values) -> int:
    found: list[FoundSession] = []
    for each in search_sessions(shelf, _named(values)):
        if isinstance(each, StorageError):
            tell(each.reason)
            continue
        found.append(each)
        if not values["json"]:
            print(*format_rows([(each.id, each.title)]))
            print(*format_rows([(f"  {each.role}:", shorten(each.line, _LINE))]))
    if values["json"]:
        rows = [
            {"id": each.id, "title": each.title, "role": each.role, "message": each.message, "line": each.line}
            for each in found
        ]
        print(encode_json({"sessions": rows}))
    return 0 if found else _EXIT_FAILED


def _import(shelf: Shelf, values: Values) -> int:
    code = 0
    for word in values["words"]:
        try:
            print(import_session(Path(word), shelf))
        except StorageError as error:
            tell(error.reason)
            code = _EXIT_FAILED
    return code


def _rename(shelf: Shelf, values: Values) -> int:
    name, *title = values["words"]

    async def rename() -> str | None:
        live = _sessions(shelf).open(shelf.find(name).id)
        try:
            return await live.rename(" ".join(title))
        finally:
            await live.aclose()

    if problem := asyncio.run(rename()):
        tell(reword(problem))
        return _EXIT_FAILED
    return 0


def _delete(shelf: Shelf, values: Values) -> int:
    ids = [shelf.find(word).id for word in values["words"]]

    async def delete() -> None:
        for session_id in dict.fromkeys(ids):
            await _sessions(shelf).delete(session_id)
            print(f"{session_id} is in the trash; chatui sessions restore {session_id} takes it back.")

    asyncio.run(delete())
    return 0


def _restore(shelf: Shelf, values: Values) -> int:
    for word in values["words"]:
        wanted = word.casefold()
        trash = shelf.list_trash()
        exact = [each.id for each in trash if each.id == wanted]
        found = exact or [each.id for each in trash if each.id.startswith(wanted) or wanted in each.title.casefold()]
        if len(found) != 1:
            count = "no session" if not found else f"more than one session ({', '.join(found[:5])})"
            tell(f"There is {count} in the trash that fits {word!r}. `chatui sessions list --trash` shows all.")
            return _EXIT_FAILED
        shelf.restore(found[0])
        print(found[0])
    return 0


def _named(values: Values) -> str:
    return " ".join(values["words"])


def _sessions(shelf: Shelf) -> Sessions:
    return Sessions(shelf, Roster({}), SessionDefaults(model=""))


_ACTIONS: Mapping[str, Callable[[Shelf, Values], int]] = {
    "list": _list,
    "show": _show,
    "search": _search,
    "export": _export,
    "import": _import,
    "rename": _rename,
    "delete": _delete,
    "restore": _restore,
}
