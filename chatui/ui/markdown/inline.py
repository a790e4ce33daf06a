"""Inline Markdown as runs: emphasis, code, links, images, bare addresses; HTML and mathematics stay as written."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from chatui.conversation.visible import make_visible_line
from chatui.ui.markdown.definitions import References
from chatui.ui.markdown.line import Ink, Run
from chatui.ui.markdown.open_text import MATH

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

_MARKUP = re.compile(r"[\\`*_\[\]<&!~$\n@]|://|www\.")
"""Without one of these a text is a single run, and no parser is needed."""

_REST = r"[^\s<>\"'`\u2010-\u206f\u2e80-\U0010ffff]+"
_SCHEMED = re.compile(r"(?:https?|ftp)://" + _REST)
_ADDRESS = re.compile(
    rf"{_SCHEMED.pattern}|(?<![A-Za-z0-9_./:@-])www\.(?=[A-Za-z0-9]){_REST}|"
    r"(?<![A-Za-z0-9._+/:-])[A-Za-z0-9._+-]+@[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+(?<=[A-Za-z])(?![A-Za-z0-9_@-])"
)
"""A bare address ends at a space, quote or bracket, and where text of a script without spaces goes on (GFM, 6.9)."""

_SCHEME = re.compile(r"(?<![A-Za-z0-9])(?:https?|ftp)$")

_ENTITY_END = re.compile(r"&[A-Za-z0-9]+;$")
_SPACES = re.compile(r" *\n *")


class Inline(NamedTuple):
    """A text that was parsed, and may be parsed again once references that it uses are known."""

    runs: list[Run]
    wanted: frozenset[str] = frozenset()
    """The labels that it asked for in vain."""
    text: str = ""
    """Its source, kept while it wants any."""
    ink: Ink = Ink()

    def resolve(self, references: References) -> Inline:
        """Return it as it reads with these references."""
        return read_inline(self.text, self.ink, references) if self.wanted else self


def read_inline(text: str, ink: Ink, references: References) -> Inline:
    """Return `text` parsed, with the labels that were not known."""
    references.missed = set()
    runs = parse_inline(text, ink, references)
    wanted = frozenset(references.missed)
    return Inline(runs, wanted, text, ink) if wanted else Inline(runs)


def parse_inline(text: str, ink: Ink, references: References) -> list[Run]:
    """Return `text` as runs written in `ink`; a hard break is a run of `"\\n"`, a soft break a space."""
    if _MARKUP.search(text) is None:
        return [Run(make_visible_line(text), ink)] if text else []
    tokens: list[Token] = []
    markdown = inline_parser()
    markdown.inline.parse(text, markdown, {"references": references}, tokens)
    return join_runs(_write(tokens, ink))


@functools.cache
def inline_parser() -> MarkdownIt:
    """Return the parser of inline Markdown (GFM without HTML), made once."""
    # Imported late: it costs as much as a quarter of a second frame, and the first paint shows no Markdown.
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark", {"html": False}).enable("strikethrough")
    markdown.inline.ruler.before("escape", "math", _parse_math)
    markdown.inline.ruler.before("escape", "address", _parse_address)
    return markdown


def join_runs(runs: Iterator[Run]) -> list[Run]:
    """Return runs with neighbours of one ink joined, and empty ones left out."""
    joined: list[Run] = []
    for run in runs:
        if not run.text:
            continue
        if joined and joined[-1].ink == run.ink:
            joined[-1] = Run(joined[-1].text + run.text, run.ink)
        else:
            joined.append(run)
    return joined


def _parse_math(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "$\\":
        return False
    match = MATH.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        state.push("math", "", 0).content = match.group()
    state.pos = match.end()
    return True


def _parse_address(state: StateInline, silent: bool) -> bool:
    """Take an address with a scheme whole, so that the underscores in it are no emphasis."""
    # Where a link's words are looked over (silently), a bracket ends them, in an address too.
    if silent or state.linkLevel or not state.src.startswith("://", state.pos):
        return False
    scheme = _SCHEME.search(state.pending)
    match = scheme and _SCHEMED.match(state.src, state.pos - len(scheme.group()), state.posMax)
    if not scheme or not match:
        return False
    address = _trim(match.group())
    if len(address) <= len(scheme.group()) + 3:
        return False
    state.pending = state.pending[: -len(scheme.group())]
    state.push("link_open", "a", 1).attrs = {"href": address}
    state.push("text", "", 0).content = address
    state.push("link_close", "a", -1)
    state.pos += len(address) - len(scheme.group())
    return True


def _write(tokens: Sequence[Token], ink: Ink) -> Iterator[Run]:
    inks = [ink]
    link_text = ""
    for token in tokens:
        now = inks[-1]
        kind, content = token.type, token.content
        link_text += content
        if kind in ("text", "text_special"):
            yield from _write_text(content, now)
        elif kind == "softbreak":
            yield Run(" ", now)
        elif kind == "hardbreak":
            yield Run("\n", now)
        elif kind == "code_inline":
            yield Run(make_visible_line(content), now._replace(role="code.inline"))
        elif kind == "math":
            rows = map(make_visible_line, _SPACES.split(content))
            yield Run("\n".join(rows), now._replace(role="math"))
        elif kind == "image":
            yield from _write_image(token, now)
        elif kind == "link_open":
            link_text = ""
            inks.append(now._replace(role="link", link=str(token.attrs.get("href", ""))))
        elif kind.endswith("_open"):
            inks.append(now._replace(**_EMPHASIS[kind]))
        elif kind.endswith("_close") and len(inks) > 1:
            inks.pop()
            if kind == "link_close":
                yield from _write_target(link_text, now.link, inks[-1])


_EMPHASIS: Mapping[str, dict[str, Any]] = {
    "em_open": {"italic": True},
    "strong_open": {"bold": True},
    "s_open": {"strike": True},
}


def _write_text(text: str, ink: Ink) -> Iterator[Run]:
    start = 0
    if not ink.link and ("://" in text or "www." in text or "@" in text):
        for match in _ADDRESS.finditer(text):
            address = _trim(match.group())
            scheme = "" if "://" in address else "http://" if address.startswith("www.") else "mailto:"
            yield Run(make_visible_line(text[start : match.start()]), ink)
            yield Run(make_visible_line(address), ink._replace(role="link", link=scheme + address))
            start = match.start() + len(address)
    yield Run(make_visible_line(text[start:]), ink)


def _trim(address: str) -> str:
    """Return a bare address without the punctuation of the sentence around it (GFM, section 6.9)."""
    while address:
        last = address[-1]
        if entity := _ENTITY_END.search(address):
            address = address[: entity.start()]
        elif last in ".,;:!?*_~" or (last == ")" and address.count(")") > address.count("(")) or last == "]":
            address = address[:-1]
        else:
            break
    return address


def _write_target(text: str, target: str, ink: Ink) -> Iterator[Run]:
    """Show where a link leads, unless its text says it: the host of an address, the whole of anything else."""
    if not target or target in (text, f"mailto:{text}") or text.rstrip("/") == target.rstrip("/"):
        return
    match = re.match(r"https?://(?:[^/?#]*@)?([^/?#]+)", target)
    place = match.group(1) if match else target
    if match and re.sub(r"^https?://", "", text).split("/")[0] == place:
        return
    yield Run(make_visible_line(f" ({place})"), ink._replace(role="dim", bold=False, italic=False))


def _write_image(token: Token, ink: Ink) -> Iterator[Run]:
    target = str(token.attrs.get("src", ""))
    words = "".join(child.content for child in token.children or ())
    alt = f" {words}" if words else ""
    yield Run("image:", ink._replace(role="dim"))
    yield Run(make_visible_line(alt), ink)
    if target:
        yield Run(" (", ink._replace(role="dim"))
        yield Run(make_visible_line(target), ink._replace(role="link", link=target))
        yield Run(")", ink._replace(role="dim"))
