"""Source lines to blocks, one line at a time: CommonMark's own algorithm, so that no line is read twice."""

from __future__ import annotations

import copy
import re
from typing import Self

from chatui.ui.markdown.code import Code
from chatui.ui.markdown.containers import Frame, task_part
from chatui.ui.markdown.definitions import References, read_definition
from chatui.ui.markdown.leaf import Bare, Heading, Leaf, Reference, Rule, Step
from chatui.ui.markdown.nesting import Nesting
from chatui.ui.markdown.paragraph import Paragraph
from chatui.ui.markdown.sheet import Sheet
from chatui.ui.markdown.starts import (
    SourceLine,
    count_indent,
    is_rule,
    read_alignments,
    read_fence,
    read_heading,
    read_marker,
    read_setext,
    split_cells,
)
from chatui.ui.markdown.table import Table
from chatui.ui.markdown.verbatim import Verbatim, read_bounds
from chatui.ui.markdown.waiting import Waiting

_TASK = re.compile(r"\[([ xX])\] +(?=\S)")


class BlockParser:
    """The open containers and the open leaf, and what a line does to them. Leaves go to a sheet as they are found.

    One rule is our own, since what is shown must not move when more text comes: an empty line stands between two items
    only where the source has one. A reference that is used before it is defined becomes a link once it is.
    """

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.leaf: Leaf | None = None
        self._nesting = Nesting()
        self._is_fork = False
        self._is_after_reference = False
        self._fences = 0
        self._references = References()
        self._waiting = Waiting()

    def fork(self) -> Self:
        """Return a parser that goes on from here on a sheet of its own, and leaves this one as it is."""
        other = copy.copy(self)
        other._is_fork = True
        other.sheet = Sheet(self.sheet.width, len(self.sheet))
        other._nesting = self._nesting.fork()
        other._references = References(self._references)
        if self.leaf is not None:
            other.leaf = self.leaf.fork()
            other.sheet.leaves.append(other.leaf)
        return other

    def feed(self, line: SourceLine) -> None:
        """Take one line, without its line break."""
        at, depth = self._nesting.match(line.text)
        is_matched = depth == len(self._nesting)
        step = self.leaf.go_on(line, at) if is_matched and self.leaf is not None else Step.NOT_MINE
        self._take(step)
        if step is Step.NOT_MINE:
            self._read(line, at, depth)
        self._settle()

    def feed_more(self, text: str, start: int) -> None:
        """Take more of the last line, which is too long to be read whole: text of a paragraph or code of its own."""
        end = start + len(text)
        text = text.expandtabs(4)
        if isinstance(self.leaf, Paragraph):
            self.leaf.add_text(text, end)
        elif isinstance(self.leaf, Code):
            self.leaf.add_line(text, start, end, is_piece=True)
        elif isinstance(self.leaf, Verbatim):
            self._take(self.leaf.add_line(text, start, end))
        elif text.strip():
            self._close_to(len(self._nesting), start)
            self._open(Paragraph(self._nesting.place(), (start,), end, text.lstrip(), self._references))
        self._settle()

    def resolve(self) -> None:
        """Read again what used references before their definitions, which have come by now."""
        leaves = self._waiting.take()
        for leaf in leaves:
            leaf.resolve(self._references)
        self.sheet.redraw(leaves)

    def finish(self, end: int) -> None:
        """Close everything: the source is complete."""
        self._close_to(0, end)

    def show_open(self, end: int) -> None:
        """Put the rows of what is open on the sheet (of a fork), markers without text too."""
        if self._nesting.has_markers:
            self._open(Bare(self._nesting.place(), end, end))
        self._take_definitions(is_complete=True)
        leaf = self.leaf
        if leaf is not None:
            rows = leaf.tail(self.sheet.inner_width(leaf), True)
            self.sheet.lines += self.sheet.frame(leaf, rows, leaf.height == 0)
            leaf.height += len(rows)

    def _take(self, step: Step) -> None:
        if step is Step.LAST:
            self._close_leaf()

    def _settle(self) -> None:
        if self.leaf is not None and not self._is_fork:
            self.sheet.put(self.leaf, self.leaf.settle(self.sheet.inner_width(self.leaf)))

    def _read(self, line: SourceLine, at: int, depth: int) -> None:
        """Open the containers that begin in a line, then the leaf that the rest of it is or continues."""
        text = line.text
        is_new = False
        while (at := at + (indent := count_indent(text, at))) < len(text):
            paragraph = self.leaf if isinstance(self.leaf, Paragraph) else None
            if indent >= 4:
                if paragraph is None:
                    self._open_code(line, at - indent + 4, depth)
                    return
                break
            if depth < len(self._nesting) or not self._nesting.is_full:
                if text[at] == ">":
                    self._close_to(depth, line.start)
                    self._nesting.push_quote()
                    at += 1
                    at += text[at : at + 1] == " "
                    depth, is_new = len(self._nesting), True
                    continue
                marker = None if is_rule(text[at:]) else read_marker(text, at, indent)
                is_bound = paragraph is not None and depth == len(self._nesting)
                if marker and (marker.can_interrupt or not is_bound) and not (is_bound and read_setext(text[at:])):
                    self._close_to(depth, line.start)
                    self._nesting.push_item(marker)
                    at = min(at - indent + marker.indent, len(text))
                    depth, is_new = len(self._nesting), True
                    continue
            if self._read_leaf(line, at, indent, depth):
                return
            break
        self._read_text(line, at, depth, is_new)

    def _read_leaf(self, line: SourceLine, at: int, indent: int, depth: int) -> bool:
        """Open the leaf that a line begins by a sign of its own; return False where it has none."""
        text = line.text[at:]
        leaf = self.leaf
        if text[0] == "#" and (heading := read_heading(text)) is not None:
            self._close_to(depth, line.start)
            self._open(Heading(self._nesting.place(), line.start, line.end, *heading, self._references))
            self._close_leaf()
        elif text[0] in "`~" and (opening := read_fence(text)) is not None:
            self._close_to(depth, line.start)
            self._fences += 1
            self._open(Code(self._nesting.place(), line.start, line.end, opening, indent, self._fences))
        elif text[0] in "<$\\" and not self._is_in_math(text) and (bounds := read_bounds(text)) is not None:
            self._close_to(depth, line.start)
            verbatim = Verbatim(self._nesting.place(), line.start, line.end, bounds)
            self._open(verbatim)
            self._take(verbatim.add_line(line.text[at - indent :], line.offset(at - indent), line.end))
        elif isinstance(leaf, Paragraph) and depth == len(self._nesting) and self._end_paragraph(leaf, line, text):
            pass
        elif is_rule(text):
            self._close_to(depth, line.start)
            self._open(Rule(self._nesting.place(), line.start, line.end))
            self._close_leaf()
        else:
            return False
        return True

    def _is_in_math(self, text: str) -> bool:
        """Tell whether a line ends mathematics that began within the open paragraph."""
        return text[0] == "$" and isinstance(self.leaf, Paragraph) and self.leaf.text.count("$$") % 2 == 1

    def _end_paragraph(self, paragraph: Paragraph, line: SourceLine, text: str) -> bool:
        """Make the open paragraph a heading, or its last line the head of a table, where this line says so."""
        if not paragraph.is_settled and (level := read_setext(text)):
            self._take_definitions(is_complete=True)
            if not isinstance(self.leaf, Paragraph):
                return False
            paragraph = self.leaf
            place, start = paragraph.place, paragraph.start
            self._replace(Heading(place, start, line.end, level, paragraph.text, self._references))
            self._close_leaf()
            return True
        alignments = read_alignments(text) if text[0] in "|:-" else ()
        header = paragraph.text.rpartition("\n")[2]
        if not alignments or "|" not in header or len(split_cells(header)) != len(alignments):
            return False
        start = paragraph.last_start
        if "\n" in paragraph.text or paragraph.is_settled:
            paragraph.drop_last_line()
            self._close_leaf()
            self._open(Table(self._nesting.place(), start, line.end, header, alignments, self._references))
        else:
            self._replace(Table(paragraph.place, start, line.end, header, alignments, self._references))
        return True

    def _read_text(self, line: SourceLine, at: int, depth: int, is_new: bool) -> None:
        text = line.text[at:]
        leaf = self.leaf
        if not text:
            self._close_to(depth, line.start)
            if not is_new:
                self._nesting.note_blank()
        elif isinstance(leaf, Paragraph):
            leaf.add_line(text, line.start, line.end)
            self._take_definitions(is_complete=False)
        elif isinstance(leaf, Table) and depth == len(self._nesting):
            leaf.add_row(text, line.start, line.end)
        else:
            self._close_to(depth, line.start)
            self._open_paragraph(text, line)
            self._take_definitions(is_complete=False)

    def _open_paragraph(self, text: str, line: SourceLine) -> None:
        task = _TASK.match(text) if self._nesting.is_item_begun else None
        place = self._nesting.place(is_tight=self._is_after_reference and text.startswith("["))
        if task is not None:
            *parts, part = place.frame.parts
            place = place._replace(frame=Frame((*parts, task_part(part, task.group(1) != " "))))
            text = text[task.end() :]
        self._open(Paragraph(place, (line.start,), line.end, text, self._references))

    def _take_definitions(self, *, is_complete: bool) -> None:
        """Take out the definitions that the open paragraph begins with.

        Before it is complete, the last one stays: a line after it goes on a paragraph, whatever its indentation.
        """
        while isinstance(leaf := self.leaf, Paragraph) and leaf.may_define:
            definition = read_definition(leaf.text, is_complete=is_complete)
            if definition is None or not (is_complete or definition.length < len(leaf.text)):
                return
            starts, rest = leaf.starts_after(definition.length), leaf.text[definition.length :]
            self._replace(Reference(leaf.place, leaf.start, starts[0] - 1 if starts else leaf.end, definition))
            label = self._references.define(definition.label, definition.target)
            if not self._is_fork:
                self._waiting.tell(label)
            self._close_leaf()
            self._is_after_reference = True
            if starts:
                place = self._nesting.place(is_tight=rest.startswith("["))
                self._open(Paragraph(place, starts, leaf.end, rest, self._references))

    def _open_code(self, line: SourceLine, at: int, depth: int) -> None:
        self._close_to(depth, line.start)
        self._fences += 1
        code = Code(self._nesting.place(), line.start, line.end, None, 4, self._fences)
        code.add_line(line.text[at:], line.offset(at), line.end)
        self._open(code)

    def _open(self, leaf: Leaf) -> None:
        self.leaf = leaf
        self._is_after_reference = isinstance(leaf, Reference)
        self.sheet.open(leaf)

    def _replace(self, leaf: Leaf) -> None:
        self.leaf = leaf
        self.sheet.replace(leaf)

    def _close_leaf(self) -> None:
        self._take_definitions(is_complete=True)
        leaf = self.leaf
        if leaf is None:
            return
        width = self.sheet.inner_width(leaf)
        if not self._is_fork:
            self.sheet.put(leaf, leaf.settle(width))
        rows = leaf.tail(width, False) if self._is_fork else leaf.close(width)
        if not self._is_fork:
            self._waiting.add(leaf.wanted(), leaf)
        self.sheet.lines += self.sheet.frame(leaf, rows, leaf.height == 0)
        leaf.height += len(rows)
        self.leaf = None

    def _close_to(self, depth: int, end: int) -> None:
        """Close the open leaf, and all containers but the first `depth`."""
        self._close_leaf()
        while len(self._nesting) > depth:
            if self._nesting.is_item_begun:
                self._open(Bare(self._nesting.place(), end, end))
                self._close_leaf()
            self._nesting.pop()
