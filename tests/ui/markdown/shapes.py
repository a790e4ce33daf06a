"""The block structure of Markdown in a form that two parsers can be compared in: ours, and markdown-it as the judge."""

from urllib.parse import unquote

from markdown_it import MarkdownIt

from chatui.ui.markdown.containers import BAR
from chatui.ui.markdown.definitions import References, normalize_label
from chatui.ui.markdown.flow import MarkdownFlow
from chatui.ui.markdown.inline import parse_inline
from chatui.ui.markdown.leaf import Heading, Leaf
from chatui.ui.markdown.line import Ink

Shape = list[tuple[str, str, str]]
"""Per leaf: the containers around it (`q` quote, `i` item), its kind, and its letters and digits as they are shown."""

KINDS = {"fence": "code", "code_block": "code", "hr": "rule", "html_block": "html"}


def letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def make_judge() -> MarkdownIt:
    markdown = MarkdownIt("commonmark").enable("table")
    markdown.options["maxNesting"] = 100
    return markdown


def judge(source: str) -> Shape:
    """Return the shape that markdown-it finds; the text of its leaves is written by our own inline parser."""
    env: dict[str, dict[str, dict[str, str]]] = {}
    tokens = make_judge().parse(source, env)
    references = References()
    for label, known in env.get("references", {}).items():
        references.define(label, unquote(known["href"]))
    shape: Shape = []
    path = ""
    hollow: list[bool] = []
    for token in tokens:
        kind = token.type
        if kind in ("blockquote_open", "list_item_open"):
            path += "q" if kind == "blockquote_open" else "i"
            hollow.append(kind == "list_item_open")
        elif kind in ("blockquote_close", "list_item_close"):
            if hollow.pop():
                shape.append((path, "paragraph", ""))
                hollow = [False] * len(hollow)
            path = path[:-1]
        elif kind in KINDS or kind in ("table_open", "heading_open", "paragraph_open"):
            name = token.tag if kind == "heading_open" else KINDS.get(kind, kind.removesuffix("_open"))
            shape.append((path, name, letters(token.content)))
            hollow = [False] * len(hollow)
        elif kind == "inline":
            where, name, text = shape[-1]
            shown = "".join(run.text for run in parse_inline(token.content, Ink(), references))
            shape[-1] = (where, name, text + letters(shown))
    return without_hollow(shape) if env.get("references") else shape


def found(source: str) -> Shape:
    """Return the shape that is ours; definitions, which we show, are left out as markdown-it leaves them out."""
    flow = MarkdownFlow(1000, source)
    flow.finish()
    return shape_of(flow)


def shape_of(flow: MarkdownFlow) -> Shape:
    shape: Shape = []
    leaves = flow._leaves()
    for leaf in leaves:
        path = "".join("q" if part is BAR else "i" for part in leaf.place.frame.parts)
        if leaf.kind != "reference":
            shape.append((path, kind_of(leaf), letters(text_of(flow, leaf))))
    return without_hollow(shape) if any(leaf.kind == "reference" for leaf in leaves) else shape


def definitions_of(source: str) -> dict[str, str]:
    """Return the targets of the references that markdown-it finds, by label."""
    env: dict[str, dict[str, dict[str, str]]] = {}
    make_judge().parse(source, env)
    return {normalize_label(label): known["href"] for label, known in env.get("references", {}).items()}


def kind_of(leaf: Leaf) -> str:
    return f"h{leaf.level}" if isinstance(leaf, Heading) else leaf.kind


def text_of(flow: MarkdownFlow, leaf: Leaf) -> str:
    if leaf.number:
        return flow.code(leaf.number)
    rows = flow.lines(leaf.first_line, leaf.first_line + leaf.height)
    return "".join(run.text for line in rows for run in line.runs if not run.ink.role.startswith("list"))


def without_hollow(shape: Shape) -> Shape:
    """Leave out items without text: where a definition is all they hold, one side shows nothing."""
    return [leaf for leaf in shape if leaf[1:] != ("paragraph", "")]
