"""Inks to styles: the colours of a theme, and code colours made from them that can be read on their background."""

from __future__ import annotations

from collections.abc import Mapping

from rich.style import Style
from textual.color import Color, ColorParseError

from chatui.ui.markdown.line import Ink

_ENOUGH = 4.5
"""The least contrast of code on its background (WCAG 2.2, 1.4.3)."""

_LEAST = 3.0
"""The least contrast of large or bold text, and of what is dim on purpose."""

_TOKENS: Mapping[str, tuple[str, str]] = {
    "code.keyword": ("accent", "primary"),
    "code.type": ("warning", "accent"),
    "code.constant": ("error", "accent"),
    "code.string": ("success", "success"),
    "code.escape": ("warning", "accent"),
    "code.number": ("warning", "accent"),
    "code.function": ("primary", "secondary"),
    "code.builtin": ("secondary", "primary"),
    "code.decorator": ("error", "accent"),
    "code.tag": ("primary", "accent"),
    "code.attribute": ("warning", "accent"),
    "code.variable": ("error", "foreground"),
    "code.inserted": ("success", "success"),
    "code.deleted": ("error", "error"),
    "code.heading": ("primary", "primary"),
}
"""Code roles by the theme's colour they are made from, and the one in its place where the theme has none."""

_HUES: Mapping[str, str] = {
    "heading1": "primary",
    "heading2": "primary",
    "heading3": "primary",
    "heading.rule": "primary",
    "link": "primary",
    "list.bullet": "primary",
    "list.number": "primary",
    "task.done": "success",
    "error": "error",
    "table.header": "primary",
}
"""Roles outside of code by the theme's colour they are written in."""

_SHADES: Mapping[str, float] = {
    "dim": 0.62,
    "reasoning": 0.66,
    "quote": 0.82,
    "html": 0.82,
    "struck": 0.62,
    "heading5": 0.85,
    "heading6": 0.7,
    "rule": 0.3,
    "table.rule": 0.36,
    "quote.bar": 0.4,
    "task.open": 0.7,
    "code.comment": 0.62,
    "code.label": 0.6,
    "code.more": 0.5,
    "code.operator": 0.8,
}
"""Roles that are the plain text, only so strong."""

_ITALIC = frozenset({"code.comment", "reasoning"})
_DRAWN = frozenset({"rule", "table.rule", "quote.bar", "heading.rule"})
"""Drawing, not text: it may be as faint as it likes."""


class Palette:
    """The styles of one theme, from its CSS variables (`primary`, `foreground`, `surface`, …)."""

    def __init__(self, variables: Mapping[str, str], dark: bool) -> None:
        self._variables = variables
        self._is_dark = dark
        self.background = self._parse("background") or Color.parse("#101216" if dark else "#fbfbfa")
        self._foreground = self._parse("foreground") or Color.parse("#e2e2e2" if dark else "#202020")
        is_plain = self.background.ansi is not None or self._foreground.ansi is not None or self.background.a == 0
        self._is_ansi = is_plain
        self.code_background = self.background if is_plain else self._mix(0.065 if dark else 0.055)
        self.prompt_background = self.background if is_plain else self._mix(0.1 if dark else 0.08)
        self._styles: dict[Ink, Style] = {}
        self._fills: dict[str, Style] = {}

    def style(self, ink: Ink) -> Style:
        """Return the style of an ink, with its background; a link leads to http and https targets only."""
        style = self._styles.get(ink)
        if style is None:
            style = self._styles[ink] = self._make(ink)
        return style

    def fill(self, role: str) -> Style:
        """Return the style of the empty cells of a row with this fill; empty for none."""
        style = self._fills.get(role)
        if style is None:
            style = self._fills[role] = Style(bgcolor=self._behind(role).rich_color)
        return style

    def _make(self, ink: Ink) -> Style:
        role = ink.role
        style = Style(
            # Faint as well, for the terminals that draw no line through a text.
            color=self._color("struck" if ink.strike and role in ("text", "quote") else role).rich_color,
            bgcolor=self._behind(role).rich_color,
            bold=ink.bold or None,
            italic=ink.italic or role in _ITALIC or None,
            strike=ink.strike or None,
            underline=role == "link" or None,
            link=ink.link if is_followed(ink.link) else None,
        )
        # Where a terminal's own colours are used, the weight says what a shade would have said.
        return style + Style(dim=True) if self._is_ansi and role in _SHADES else style

    def _behind(self, role: str) -> Color:
        if role.startswith("code"):
            return self.code_background
        return self.prompt_background if role.startswith("prompt") else self.background

    def _color(self, role: str) -> Color:
        behind = self._behind(role)
        if role in _SHADES:
            strength = _SHADES[role]
            if self._is_ansi:
                return self._foreground
            shade = behind.blend(self._foreground, strength)
            return (
                shade if role in _DRAWN else self._readable(shade, behind, _LEAST if role == "code.more" else _ENOUGH)
            )
        if role in _TOKENS:
            wished, instead = _TOKENS[role]
            return self._readable(self._parse(wished) or self._parse(instead) or self._foreground, behind, _ENOUGH)
        if role == "code.inline":
            return self._readable(self._parse("accent") or self._foreground, behind, _ENOUGH)
        if role in _HUES:
            color = self._parse(_HUES[role]) or self._foreground
            if role == "heading3":
                color = color.blend(self._foreground, 0.5)
            return color if role in _DRAWN else self._readable(color, behind, _ENOUGH)
        return self._readable(self._foreground, behind, _ENOUGH)

    def _readable(self, color: Color, behind: Color, enough: float) -> Color:
        """Return a colour moved towards black or white until it can be read."""
        if self._is_ansi or color.ansi is not None:
            return color
        color = behind + color
        # Towards black or white, not towards the text: hues stay hues.
        goal = Color.parse("#ffffff" if self._is_dark else "#000000")
        for step in range(20):
            mixed = color.blend(goal, step / 20)
            if contrast(mixed, behind) >= enough:
                return mixed
        return self._foreground

    def _mix(self, share: float) -> Color:
        return self.background.blend(self._foreground, share)

    def _parse(self, name: str) -> Color | None:
        """Return a variable's colour; None where the theme has none, or one that depends on its background (`auto`)."""
        value = self._variables.get(name, "")
        if not value or value.startswith(("auto", "transparent", "initial")):
            return None
        try:
            return Color.parse(value)
        except ColorParseError:
            return None


def is_followed(target: str) -> bool:
    """Tell whether a link's target may be opened: an http or https address of printable characters without spaces."""
    return target.lower().startswith(("http://", "https://")) and target.isprintable() and " " not in target


def contrast(color: Color, behind: Color) -> float:
    """Return the contrast ratio of two colours, from 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((_luminance(color), _luminance(behind)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: Color) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
