"""The blocks of an entry: what the block cursor moves over, with their rows and their source."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chatui.ui.markdown.flow import MarkdownFlow
from chatui.ui.markdown.plain_flow import PlainFlow
from chatui.ui.transcript.entry import Entry
from chatui.ui.transcript.folded_code import FoldedCode, is_long
from chatui.ui.transcript.section import Action, FirstLines, Lines, Section


@dataclass(frozen=True, slots=True)
class EntryBlock:
    """A paragraph, heading, list, quote, code, table … of a reply, or a whole prompt, reasoning or note."""

    kind: str
    part: str
    """The section's block: `text`, `reasoning`, `prompt` or `note`."""
    first: int
    """Its first row in the entry."""
    end: int
    """The row behind its last."""
    start: int = 0
    """Where its source begins in the part's text; it names the block however the rows change."""
    stop: int = 0
    language: str = ""
    number: int = 0
    """The number of code in its reply, from 1; 0 for other blocks."""
    action: Action | None = None
    """What folds or unfolds it; `None` for a block that has no fold."""
    flows: tuple[MarkdownFlow | PlainFlow, ...] = ()

    @property
    def source(self) -> str:
        """Its source; of code the code alone."""
        flow = self.flows[0] if self.flows else None
        if not isinstance(flow, MarkdownFlow):
            return "\n".join(flow.source for flow in self.flows)
        return flow.code(self.number) if self.number else flow.source[self.start : self.stop]


def list_entry_blocks(entry: Entry) -> list[EntryBlock]:
    """Return the blocks from top to bottom. Code inside of a list or quote follows that as a block of its own."""
    blocks: list[EntryBlock] = []
    row, part = 0, ""
    for section in entry.sections:
        end = row + section.lines.height
        whole = find_flow(section.lines)
        if section.block == "text":
            blocks += _split_text(section, row)
        elif section.block:
            flows = () if whole is None else (whole,)
            if section.block == part:
                last = blocks[-1]
                blocks[-1] = replace(last, end=end, action=last.action or section.action, flows=(*last.flows, *flows))
            elif end > row:
                blocks.append(EntryBlock(section.block, section.block, row, end, action=section.action, flows=flows))
        row, part = end, section.block
    return blocks


def find_flow(lines: Lines) -> MarkdownFlow | PlainFlow | None:
    """Return the flow behind the lines of a section; `None` for lines that are drawn."""
    if isinstance(lines, FirstLines | FoldedCode):
        lines = lines.whole
    return lines if isinstance(lines, MarkdownFlow | PlainFlow) else None


def _split_text(section: Section, row: int) -> list[EntryBlock]:
    shown = section.lines
    if not isinstance(shown, FoldedCode):
        return []
    return [
        EntryBlock(
            kind=block.kind,
            part="text",
            first=row + shown.row_of(block.first_line),
            end=row + shown.row_of(block.last_line - 1) + 1,
            start=block.start,
            stop=block.end,
            language=block.language,
            number=block.number,
            action=Action.FOLD_CODE if is_long(block) else None,
            flows=(shown.whole,),
        )
        for block in shown.whole.blocks
        if block.last_line > block.first_line
    ]
