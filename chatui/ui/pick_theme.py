"""Choosing a theme, seen at once while moving through the list."""

from __future__ import annotations

from difflib import get_close_matches

from chatui.ui.desk import Desk
from chatui.ui.screens.picker import Picker
from chatui.ui.screens.rows import PickerRow


async def pick_theme(desk: Desk, argument: str) -> None:
    """Use the theme named in the argument, or open the list; Esc brings the old one back."""
    app = desk.app
    name = argument
    if not name:
        before = app.theme
        rows = [
            PickerRow(theme.name, (theme.name, "dark" if theme.dark else "light"))
            for theme in sorted(app.available_themes.values(), key=lambda theme: (not theme.dark, theme.name))
        ]

        def preview(key: str) -> None:
            app.theme = key

        picker = Picker("Theme", rows, headings=("name", ""), selected=before, on_move=preview)
        result = await app.push_screen_wait(picker)
        if result is None:
            app.theme = before
            return
        name = result.key
    if name not in app.available_themes:
        near = get_close_matches(name, app.available_themes, 1) or [app.theme]
        desk.tell(f"There is no theme “{name}”; write one as in /theme {near[0]}. /theme alone shows all.", "warning")
        return
    app.theme = name
    desk.tell_outcome("", await desk.services.memory.remember_theme(name))
