"""Code coloured line by line: a lexer whose state is kept between lines, so that no line is read twice."""

from __future__ import annotations

import copy
import functools
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from chatui.conversation.visible import make_visible
from chatui.ui.markdown.inline import join_runs
from chatui.ui.markdown.line import Ink, Run

if TYPE_CHECKING:
    # Pygments ships no types.
    from pygments.lexer import Lexer  # type: ignore[import-untyped] # no types shipped

_LONGEST = 1000
"""Characters of a line beyond which it is not coloured: some lexers take quadratic time."""

_DEEPEST = 200
"""States on a lexer's stack; brackets nested deeper than that begin anew."""

_ALIASES: Mapping[str, str] = {
    "jsx": "javascript",
    "tsx": "typescript",
    "mjs": "javascript",
    "jsonc": "json",
    "json5": "json",
    "jsonl": "json",
    "vue": "html",
    "svelte": "html",
    "svg": "xml",
    "shell": "bash",
    "dotenv": "ini",
    "env": "ini",
    "h": "c",
    "patch": "diff",
}
"""Names that models write and Pygments does not know, or reads in another way."""

_COMMENTS: Mapping[str, tuple[str, str]] = {
    "html": ("<!--", "-->"),
    "xml": ("<!--", "-->"),
    "haskell": ("{-", "-}"),
    "lua": ("--[[", "]]"),
}
_SLASH_STAR = frozenset(
    [
        "c",
        "cpp",
        "objective-c",
        "csharp",
        "java",
        "javascript",
        "typescript",
        "go",
        "rust",
        "css",
        "scss",
        "less",
        "swift",
        "kotlin",
        "scala",
        "php",
        "sql",
        "dart",
        "groovy",
        "glsl",
        "cuda",
        "zig",
        "protobuf",
        "solidity",
        "verilog",
        "systemverilog",
        "d",
    ]
)
"""Languages whose `/* … */` lexers match with one expression over many lines, which a line alone cannot show."""

_ROLES: tuple[tuple[str, str], ...] = (
    ("Token.Keyword.Type", "code.type"),
    ("Token.Keyword.Constant", "code.constant"),
    ("Token.Keyword", "code.keyword"),
    ("Token.Operator.Word", "code.keyword"),
    ("Token.Operator", "code.operator"),
    ("Token.Comment.Preproc", "code.decorator"),
    ("Token.Comment", "code.comment"),
    ("Token.Literal.String.Doc", "code.comment"),
    ("Token.Literal.String.Interpol", "code.escape"),
    ("Token.Literal.String.Escape", "code.escape"),
    ("Token.Literal.String", "code.string"),
    ("Token.Literal.Number", "code.number"),
    ("Token.Literal.Date", "code.number"),
    ("Token.Name.Function", "code.function"),
    ("Token.Name.Class", "code.type"),
    ("Token.Name.Namespace", "code.type"),
    ("Token.Name.Exception", "code.type"),
    ("Token.Name.Decorator", "code.decorator"),
    ("Token.Name.Builtin", "code.builtin"),
    ("Token.Name.Constant", "code.constant"),
    ("Token.Name.Tag", "code.tag"),
    ("Token.Name.Attribute", "code.attribute"),
    ("Token.Name.Variable", "code.variable"),
    ("Token.Generic.Inserted", "code.inserted"),
    ("Token.Generic.Deleted", "code.deleted"),
    ("Token.Generic.Heading", "code.heading"),
    ("Token.Generic.Subheading", "code.heading"),
    ("Token.Generic.Prompt", "code.comment"),
)
"""From the kind of a token (Pygments' names) to a role; the first that it begins with."""

_LEXER_FAULTS = (LookupError, ValueError, TypeError, AttributeError, AssertionError, RecursionError)
"""What the callbacks of some lexers raise on code that is no code; such a line is plain, and the next begins anew."""

_PLAIN = Ink("code")


class LexerState(NamedTuple):
    """What a lexer knows at the end of a line; never changed in place."""

    context: Any = None
    """Pygments' `LexerContext`, or the lexer's own kind of it: the stack of states, and more for YAML."""
    is_comment: bool = False
    """Inside of a comment over several lines."""


class Highlighter:
    """Colours for the lines of one fence; plain where the language is not known. It never guesses."""

    def __init__(self, language: str) -> None:
        self._language = language

    def highlight(self, text: str, state: LexerState | None, *, is_whole: bool) -> tuple[tuple[Run, ...], LexerState]:
        """Return one line as runs, and the state after it; a line that came in pieces (not `is_whole`) is plain."""
        state = state or LexerState()
        lexer = find_lexer(self._language) if self._language else None
        if lexer is None or not text.strip() or not is_whole or len(text) > _LONGEST:
            return ((Run(make_visible(text), _PLAIN),) if text else ()), state
        comment = _find_comment(lexer)
        pieces: list[tuple[str, str]] = []
        if comment and state.is_comment:
            end = text.find(comment[1])
            if end < 0:
                return (Run(make_visible(text), Ink("code.comment")),), state
            end += len(comment[1])
            pieces.append(("code.comment", text[:end]))
            text, state = text[end:], state._replace(is_comment=False)
        read, state = _read(lexer, text, state)
        pieces += read
        if comment and _opens_comment(read, text, comment):
            at = text.rfind(comment[0])
            pieces = [
                *_cut(pieces, sum(len(piece) for _, piece in pieces) - len(text) + at),
                ("code.comment", text[at:]),
            ]
            state = state._replace(is_comment=True)
        runs = (Run(make_visible(piece), Ink(role)) for role, piece in pieces)
        return tuple(join_runs(runs)), state


@functools.cache
def find_lexer(language: str) -> Lexer | None:
    """Return the lexer for a language, made once; None where there is none."""
    # Imported late: lexers are needed at the first fence, and the first paint comes before it.
    from pygments.lexers import find_lexer_class, get_all_lexers  # type: ignore[import-untyped] # no types shipped

    name = _ALIASES.get(language.lower(), language.lower())
    for title, aliases, _, _ in get_all_lexers(plugins=False):
        if name in aliases or name == title.lower():
            found = find_lexer_class(title)
            return None if found is None or name in ("text", "plain", "output") else found(ensurenl=False)
    return None


@functools.cache
def _find_role(kind: Any) -> str:
    name = str(kind)
    return next((role for prefix, role in _ROLES if name.startswith(prefix)), "code")


def _find_comment(lexer: Lexer) -> tuple[str, str] | None:
    aliases = set(lexer.aliases)
    if aliases & _SLASH_STAR:
        return ("/*", "*/")
    return next((marks for name, marks in _COMMENTS.items() if name in aliases), None)


def _opens_comment(pieces: list[tuple[str, str]], text: str, comment: tuple[str, str]) -> bool:
    """Tell whether a comment begins in the line and does not end there; a mark in a string or comment is none."""
    at = text.rfind(comment[0])
    if at < 0 or text.find(comment[1], at + len(comment[0])) >= 0:
        return False
    start = 0
    for role, piece in pieces:
        if start + len(piece) > at:
            return role != "code.string" and (role != "code.comment" or start == at)
        start += len(piece)
    return False


def _cut(pieces: list[tuple[str, str]], length: int) -> Iterator[tuple[str, str]]:
    for role, piece in pieces:
        if length <= 0:
            return
        yield role, piece[:length]
        length -= len(piece)


def _read(lexer: Lexer, text: str, state: LexerState) -> tuple[list[tuple[str, str]], LexerState]:
    # The same reason for the late import as above.
    from pygments.lexer import RegexLexer

    line = f"{text}\n"
    try:
        if isinstance(lexer, RegexLexer):
            context = _make_context(lexer, line, state.context)
            tokens = list(_run(lexer, line, context))
            state = state._replace(context=context)
        else:
            tokens = [(kind, value) for _, kind, value in lexer.get_tokens_unprocessed(line)]
    except _LEXER_FAULTS:
        return [("code", text)], LexerState()
    pieces = [(_find_role(kind), value.rstrip("\n")) for kind, value in tokens]
    # A lexer may lose or double a character where its expressions expect more lines; then the line is plain.
    if "".join(piece for _, piece in pieces) != text:
        pieces = [("code", text)]
    return pieces, state


def _make_context(lexer: Lexer, line: str, kept: Any) -> Any:
    """Return a context to read `line` in, going on from the one kept after the line before."""
    if kept is None:
        # The same reason for the late imports as above.
        from pygments.lexer import LexerContext
        from pygments.lexers.data import YamlLexerContext  # type: ignore[import-untyped] # no types shipped

        return (YamlLexerContext if "yaml" in lexer.aliases else LexerContext)(line, 0)
    context = copy.copy(kept)
    for name, value in vars(kept).items():
        if isinstance(value, list):
            setattr(context, name, list(value))
    context.text, context.pos, context.end = line, 0, len(line)
    return context


def _run(lexer: Any, line: str, context: Any) -> Iterator[tuple[Any, str]]:
    """Read one line from the states in `context`, which is left as it is after the line (Pygments' `RegexLexer` loop).

    Steps are counted, since states may call each other for ever without moving on where text is cut short.
    """
    # The same reason for the late import as above.
    from pygments.lexer import ExtendedRegexLexer

    is_extended = isinstance(lexer, ExtendedRegexLexer)
    for _ in range(4 * len(line) + 64):
        if context.pos >= len(line):
            return
        for match_rule, action, new_state in lexer._tokens[context.stack[-1]]:
            match = match_rule(line, context.pos)
            if match is None:
                continue
            if action is None or not callable(action):
                if action is not None:
                    yield action, match.group()
                context.pos = match.end()
            elif is_extended:
                yield from ((kind, value) for _, kind, value in action(lexer, match, context))
            else:
                yield from ((kind, value) for _, kind, value in action(lexer, match))
                context.pos = match.end()
            _change(context.stack, new_state)
            break
        else:
            character = line[context.pos]
            if character == "\n":
                del context.stack[1:]
            yield None, character
            context.pos += 1


def _change(stack: list[str], new_state: Any) -> None:
    """Move to the next state, as a lexer's rule names it: pop a number of states, push one again, or push some."""
    if new_state is None:
        return
    if isinstance(new_state, int):
        del stack[1 if abs(new_state) >= len(stack) else new_state :]
    elif new_state == "#push":
        stack.append(stack[-1])
    else:
        for name in new_state:
            if name == "#pop":
                del stack[max(1, len(stack) - 1) :]
            else:
                stack.append(stack[-1] if name == "#push" else name)
    if len(stack) > _DEEPEST:
        del stack[1:]
