"""The look: the colours and measures of the screen, as the skeleton of the next start writes them."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import COLOR_SYSTEMS
from rich.style import Style

from chatui.ui.widgets.footer import FooterLine
from chatui.ui.widgets.header import HeaderLine
from chatui.ui.widgets.prompt import Prompt
from chatui.ui.widgets.sidebar import Sidebar


def describe_look(
    header: HeaderLine, prompt: Prompt, footer: FooterLine, sidebar: Sidebar, least_columns: int
) -> Mapping[str, str]:
    """Return the SGR codes of each part by its name.

    `side` is the sidebar's width and the least width of a terminal that has one, which is 0 for none at all.
    """
    styles = {
        "ground": footer.rich_style,
        "title": header.get_component_rich_style("header-line--title"),
        "state": header.get_component_rich_style("header-line--quiet"),
        "mark": prompt.get_component_rich_style("prompt--mark"),
        "cursor": prompt.get_component_rich_style("text-area--cursor"),
        "prompt": prompt.rich_style,
        "sidebar": sidebar.rich_style,
    }
    system = header.app.console.color_system
    width = sidebar.styles.width
    side = f"{width.value:.0f};{least_columns}" if least_columns and width is not None else ""
    return {name: _find_codes(style, system) for name, style in styles.items()} | {"side": side}


def _find_codes(style: Style, system: str | None) -> str:
    """What stands between `ESC [` and `m` before a text of this style."""
    if system is None:
        return ""
    before, _, _ = style.render("x", color_system=COLOR_SYSTEMS[system]).partition("x")
    return before.removeprefix("\x1b[").removesuffix("m")
