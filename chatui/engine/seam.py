"""The seam: where a continued reply joins what was kept of it, with no word twice and none missing.

A server that truly goes on after the last character is taken at its word. Others begin again a little earlier: with
the last words, with the line, with the opening of a code fence, or with the whole reply. What they repeat is held back
until it can be told, and dropped; what merely looks alike is kept.
"""

from __future__ import annotations

import re

from chatui.conversation.continuation import Continuation

WINDOW = 2000
"""Characters of the kept text among which a repetition is looked for."""

_SURE_ECHO = 16
"""Characters from the reply's very beginning that nobody says twice by chance."""
_SURE_PREFIX = 4
"""The same for a prefix, which Mistral gives back as the beginning of its answer."""
_SURE_OVERLAP = 24
"""The same at its end, where the server may well go on exactly."""

_SHORT = 8
"""Below so many characters digits alone prove nothing."""

_ANCHOR = 60
"""Characters of the kept text that the model is asked to repeat: enough to be found again."""

_RULE = frozenset("-*_=|+#~ \t\n")
"""What lines and tables are drawn with: a reply of nothing else may well go on with the same."""

_FENCE = re.compile(r"^[ >]{0,12}(`{3,}|~{3,})([^\n]*)$", re.MULTILINE)
_REOPENED = re.compile(r"\s*(`{3,}|~{3,})[^\S\n]*(\w[^\n`]*)\n")
_MAY_REOPEN = re.compile(r"\s*(?:`{0,3}|~{0,3}|`{3,}[^\n`]*|~{3,}[^\n]*)")


class Seam:
    """Takes the deltas of a continuation and gives out what is new."""

    def __init__(self, kept: str, continuation: Continuation) -> None:
        self._kept = kept
        self._window = kept[-WINDOW:]
        self._blank = kept[len(kept.rstrip()) :]
        """The blanks at the end of the kept text, which is sent without them where a server refuses them."""
        self._continuation = continuation
        anchor = find_anchor(kept).strip() if continuation is Continuation.WORDS else ""
        self._anchor = "" if set(anchor) <= _RULE else anchor
        """What the model was asked to begin with. Where it does, no guess is needed; it may leave out the indent."""
        self._held = ""
        self._echoed = 0
        """Characters from the beginning of the kept text that came again so far."""
        self._is_echo = bool(kept)
        self._is_open = True

    def feed(self, text: str) -> str:
        """Take a delta; return what can be shown now."""
        if not self._is_open:
            return text
        self._held += text
        if self._is_undecided():
            return ""
        return self._decide()

    def end(self) -> str:
        """No more deltas come: return what was held back and is new."""
        return self._decide() if self._is_open else ""

    def _is_undecided(self) -> bool:
        """True while more text may still turn what is held into a repetition."""
        if self._may_be_echo():
            return True
        if self._continuation.is_exact:
            return False
        held = self._held
        if self._continuation is Continuation.LAST_MESSAGE and self._blank.startswith(held) and held != self._blank:
            return True
        if self._may_be_anchor(held):
            return True
        if self._continuation is Continuation.WORDS and is_fence_open(self._kept):
            if _MAY_REOPEN.fullmatch(held):
                return True
            held = _strip_fence(held)
        return self._may_be_anchor(held) or (not self._has_anchor(held) and self._may_overlap(held))

    def _may_be_echo(self) -> bool:
        if self._is_echo:
            fresh = self._held[self._echoed :]
            self._is_echo = self._kept.startswith(fresh, self._echoed)
            self._echoed += len(fresh)
        # Once the whole of it came again there is nothing left to wait for.
        return self._is_echo and len(self._held) < len(self._kept)

    def _may_overlap(self, held: str) -> bool:
        """True while the kept text ends with something longer that begins as this does."""
        bases = {self._window, self._window.rstrip()}
        return any(len(held) < len(base) and base.find(held) not in (-1, len(base) - len(held)) for base in bases)

    def _has_anchor(self, held: str) -> bool:
        return bool(self._anchor) and held.lstrip().startswith(self._anchor)

    def _may_be_anchor(self, held: str) -> bool:
        """True while this may become what was asked for, or the blanks behind that are still to come."""
        said = held.lstrip()
        if self._has_anchor(held):
            rest = said[len(self._anchor) :]
            return len(rest) < len(self._blank) and self._blank.startswith(rest)
        return bool(self._anchor) and self._anchor.startswith(said)

    def _decide(self) -> str:
        self._is_open = False
        held, self._held = self._held, ""
        if held.startswith(self._kept) and self._is_sure_echo():
            return held[len(self._kept) :]
        if self._continuation.is_exact:
            return held
        if not self._has_anchor(held) and self._continuation is Continuation.WORDS and is_fence_open(self._kept):
            held = _strip_fence(held)
        if self._has_anchor(held):
            return self._join_blank(held.lstrip()[len(self._anchor) :])
        return self._drop_overlap(held)

    def _join_blank(self, rest: str) -> str:
        """What comes after a repetition that ends where the kept text has its last blanks still to come."""
        if not self._blank:
            return rest
        return rest.lstrip(" \t") if rest[:1] != self._blank[:1] else _drop_blank(rest, self._blank)

    def _is_sure_echo(self) -> bool:
        sure = _SURE_PREFIX if self._continuation is Continuation.PREFIX else _SURE_ECHO
        has_letters = any(map(str.isalpha, self._kept))
        return len(self._kept) >= sure and has_letters and not _is_pattern(self._kept)

    def _drop_overlap(self, held: str) -> str:
        least = _SURE_OVERLAP if self._continuation is Continuation.LAST_MESSAGE else 2
        length = _find_overlap(self._window, held, least)
        if length:
            return held[length:]
        bare = self._window.rstrip()
        if bare != self._window and (length := _find_overlap(bare, held, least)):
            if bare[:-length].rstrip().endswith(held[:length].strip()):
                # "ha ha " + "ha": the blank between stands there already.
                return held
            return self._join_blank(held[length:])
        if self._continuation is Continuation.LAST_MESSAGE:
            return _drop_blank(held, self._blank)
        return held


def find_anchor(kept: str) -> str:
    """The last words of a kept text, which a model that can only be asked is asked to begin with.

    A rule or a bracket alone is said too often to be found again: then what stands above it belongs to it.
    """
    text = kept.rstrip()
    start = text.rfind("\n") + 1
    while start and not _has_word(text[start:]):
        start = text.rfind("\n", 0, start - 1) + 1
    line = text[start:]
    return line if len(line) <= _ANCHOR else line[-_ANCHOR:].partition(" ")[2] or line[-_ANCHOR:]


def is_fence_open(text: str) -> bool:
    """True where Markdown ends inside a code fence (CommonMark 0.31, section 4.5, as far as lines tell)."""
    mark = ""
    for found in _FENCE.finditer(text):
        fence, info = found[1], found[2]
        if not mark:
            mark = "" if fence[0] == "`" and "`" in info else fence
        elif fence[0] == mark[0] and len(fence) >= len(mark) and not info.strip():
            mark = ""
    return bool(mark)


def _strip_fence(text: str) -> str:
    """Without an opening fence at the start. It has an info string, which no closing one has."""
    found = _REOPENED.match(text)
    return text[found.end() :] if found else text


def _find_overlap(kept: str, held: str, least: int) -> int:
    """The length of the longest beginning of `held` that `kept` ends with and that is a repetition; 0 for none."""
    for length in range(min(len(kept), len(held)), least - 1, -1):
        if kept.endswith(held[:length]) and _is_repetition(kept, held, length, least):
            return length
    return 0


def _is_repetition(kept: str, held: str, length: int, least: int) -> bool:
    """Tell a repetition from text that goes on with the same characters by chance."""
    said = held[:length]
    if not _has_word(said):
        # Blanks, rules and brackets come in rows.
        return False
    if length < _SHORT and not any(map(str.isalpha, said)):
        # So do the cells of a table, and digits.
        return False
    before = kept[-length - 1 : -length]
    if before.isalnum() and said[0].isalnum():
        return False
    if said[0].isspace() and before != "\n" and len(said.split()) < 2:
        # Who begins with a blank goes on: "very" + " very". At the start of a line it is the indent of code.
        return False
    return length >= least and not _is_pattern(said) and not _goes_before(kept, said)


def _goes_before(kept: str, said: str) -> bool:
    """True where the kept text says the same just before, as laughter and lists do: once more is what is expected."""
    period = next(place for place in range(1, len(said) + 1) if said.startswith(said[place:]))
    return kept[-len(said) - period : -len(said)] == said[:period]


def _has_word(text: str) -> bool:
    return any(map(str.isalnum, text))


def _is_pattern(text: str) -> bool:
    """True for text that repeats itself, as rules and tables do: there the same again is what is expected."""
    return len(text) >= 8 and (text + text).find(text, 1) <= len(text) // 2


def _drop_blank(text: str, blank: str) -> str:
    """Without the blanks at the start for which `blank` stands already."""
    shared = 0
    while shared < min(len(text), len(blank)) and text[shared] == blank[shared]:
        shared += 1
    return text[shared:]
