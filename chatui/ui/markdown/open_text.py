"""Text whose end is not here yet: where it may be cut for good, and what would close the emphasis left open."""

from __future__ import annotations

import re
from typing import NamedTuple

MATH = re.compile(
    r"\$\$[^$]+\$\$|\$(?![\s$])[^$\n]*?(?<![\s\\])\$(?!\d)|\\\((?:[^\\\n]|\\(?!\)))+\\\)|\\\[(?:[^\\]|\\(?!\]))+\\\]"
)
"""TeX mathematics: `$$…$$`, `\\(…\\)`, `\\[…\\]`, and `$…$` as Pandoc has it (no space inside, no digit after)."""

_MARK = re.compile(
    r"\\[^\n(\[]|\\[(\[]|`+|\$+|\*+|_+|~~|\[|"
    r"\](?:\([^()\s]*(?:\([^()\s]*\))?[^()\s]*(?:[ \n]+(?:\"[^\"]*\"|'[^']*'))?\)|\()?"
)

_DANGLING = re.compile(r"(?:^|(?<=\s))[*_~`]+$")
"""Marks that have just begun: what they open is still to come."""

_HEAL_SPAN = 300
"""Characters an open mark is believed to be emphasis for; an asterisk left open longer is an asterisk."""


class Scan(NamedTuple):
    """What reading a text's marks found."""

    free: list[tuple[int, int]]
    """Spans outside of any emphasis, code, link or bracket."""
    open: list[tuple[str, int]]
    """Marks not closed at the end, outermost first, with their places."""


def scan(text: str) -> Scan:
    """Read the inline marks of `text`; it errs to the side of "not free"."""
    free: list[tuple[int, int]] = []
    marks: list[tuple[str, int]] = []
    since = at = 0
    while (match := _MARK.search(text, at)) is not None:
        mark, start, at = match.group(), match.start(), match.end()
        was_free = not marks
        if mark[0] in "`$" or mark in ("\\(", "\\["):
            end = _find_end(text, mark, start)
            if end < 0:
                if mark == "$":
                    continue
                marks.append((mark, start))
                if was_free:
                    free.append((since, start))
                return Scan(free, marks)
            at = end
        elif mark[0] == "\\":
            pass
        elif mark == "[":
            marks.append((mark, start))
        elif mark[0] == "]":
            _close(marks, "[")
            if mark == "](":
                if was_free:
                    free.append((since, start))
                return Scan(free, [*marks, (mark, start)])
        else:
            _read_emphasis(text, mark, start, marks)
        if was_free:
            free.append((since, start))
        if not marks:
            since = at
    if not marks:
        free.append((since, len(text)))
    return Scan(free, marks)


def find_cut(text: str, longest: int) -> int:
    """Return where a paragraph can be cut so that both parts read as they do together; 0 where that is nowhere yet.

    It is before a space, or between two ideographs. Text that stays open for `longest` characters is cut at a space
    all the same.
    """
    for start, end in reversed(scan(text).free):
        # The mark that follows a free span may cling to its last word, so the cut is before a space.
        space = max(text.rfind(" ", start, end), text.rfind("\n", start, end))
        while space > 0 and text[space - 1] == " ":
            space -= 1
        if space > 0 and text[space - 1] != "\\":
            return space
        for at in range(end - 1, max(start, end - 80), -1):
            if _is_ideograph(text[at]) and _is_ideograph(text[at - 1]):
                return at
    if len(text) < longest:
        return 0
    return max(text.rfind(" ", 1, longest // 2), 0) or longest // 2


def heal(text: str) -> str:
    """Return `text` with the emphasis, code or link that is open at its end closed, so that marks do not flicker."""
    bare = _DANGLING.sub("", text)
    if not scan(bare).open:
        return bare
    bare = bare.rstrip("*_~`")
    left = scan(bare).open
    closers = ""
    for mark, start in left:
        is_word = start > 0 and bare[start - 1].isalnum()
        if len(bare) - start > _HEAL_SPAN or (mark in "*_" and is_word):
            return text
        if mark[0] in "`*_~":
            closers = mark + closers
        elif mark == "](" and " " not in bare[start:] and "\n" not in bare[start:]:
            closers = ")" + closers
    if closers and bare[-1].isspace():
        bare = bare.rstrip()
    return bare + closers


def _find_end(text: str, mark: str, start: int) -> int:
    if mark[0] == "`":
        match = re.compile(rf"(?<!`){mark}(?!`)").search(text, start + len(mark))
        return match.end() if match else -1
    match = MATH.match(text, start)
    return match.end() if match else -1


def _read_emphasis(text: str, mark: str, start: int, marks: list[tuple[str, int]]) -> None:
    before = text[start - 1] if start else " "
    after = text[start + len(mark)] if start + len(mark) < len(text) else " "
    if mark[0] == "_" and before.isalnum() and after.isalnum():
        return
    left = mark
    if not before.isspace():
        while left and (opener := _last(marks, left[0])) >= 0:
            opened, place = marks[opener]
            taken = min(len(opened), len(left))
            del marks[opener:]
            if len(opened) > taken:
                marks.append((opened[taken:], place))
            left = left[taken:]
        if left != mark:
            return
    if not after.isspace():
        marks.append((mark, start))


def _last(marks: list[tuple[str, int]], character: str) -> int:
    for index in range(len(marks) - 1, -1, -1):
        if marks[index][0] == "[":
            return -1
        if marks[index][0][0] == character:
            return index
    return -1


def _close(marks: list[tuple[str, int]], mark: str) -> None:
    for index in range(len(marks) - 1, -1, -1):
        if marks[index][0] == mark:
            del marks[index:]
            return


def _is_ideograph(character: str) -> bool:
    return character >= "\u2e80" and character.isalnum()
