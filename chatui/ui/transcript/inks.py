"""The inks that the transcript adds to those of Markdown: bars, labels, seams, scrollbar, cursor, found text."""

from __future__ import annotations

from collections.abc import Mapping

from rich.style import Style
from textual.color import Color

_LABEL = 0.75
_NUMBER = 0.55
_FAINT = 0.3
"""How much of the text colour is left in quiet things; the rest is background."""
_CURSOR = 0.07
"""How much of it is in the background of the block that the cursor is on."""
_HIT = 0.4
"""How much of the warning colour is behind what was found."""


def make_inks(variables: Mapping[str, str]) -> dict[str, Style]:
    """Return a style per role from a theme's variables. There is one accent: the theme's primary colour."""
    text = _parse(variables, "foreground")
    ground = _parse(variables, "background")
    accent = _parse(variables, "primary")
    faint = _style(_mix(ground, text, _FAINT), ground)
    warm = _parse(variables, "warning")
    is_plain = text.ansi is not None or ground.ansi is not None
    behind = ground if is_plain else ground.blend(text, _CURSOR)
    return {
        "cursor": _style(text, behind) + Style(bold=True),
        "number": _style(_mix(ground, text, _NUMBER), behind),
        "hit": Style(reverse=True) if is_plain else Style(bgcolor=ground.blend(warm, _HIT).rich_color),
        "hit.current": Style(reverse=True, bold=True, underline=True)
        if is_plain
        else _style(warm.get_contrast_text(1.0), warm) + Style(bold=True),
        "accent": _style(accent, ground),
        "label": _style(_mix(ground, text, _LABEL), ground),
        "switch": _style(_parse(variables, "text-primary", "primary"), ground),
        "warning": _style(_parse(variables, "text-warning", "warning"), ground),
        "bar": faint,
        "thumb": faint,
        "thumb.held": _style(accent, ground),
        "track": _style(text, ground),
        "mark": _style(ground, accent) if accent.ansi is not None else _style(accent.get_contrast_text(1.0), accent),
    }


def _parse(variables: Mapping[str, str], *names: str) -> Color:
    for name in names:
        value = variables.get(name, "")
        # `auto 87%` depends on what lies behind; it has no colour of its own.
        if value and not value.startswith("auto"):
            return Color.parse(value)
    return Color.parse("ansi_default")


def _mix(ground: Color, text: Color, strength: float) -> Color:
    if text.ansi is not None or ground.ansi is not None:
        return Color.parse("ansi_bright_black")
    return ground.blend(text, strength)


def _style(text: Color, ground: Color) -> Style:
    return Style(color=text.rich_color, bgcolor=ground.rich_color)
