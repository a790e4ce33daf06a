from __future__ import annotations

from chatui.ui.key_names import name_key
from chatui.ui.screens.hints import choose_hints

HINTS = [("Enter", "open"), ("Ctrl+D", "delete"), ("Esc", "close")]


def test_keys_are_named_as_people_read_them() -> None:
    assert [name_key(key) for key in ("ctrl+d", "escape", "f2", "shift+up")] == ["Ctrl+D", "Esc", "F2", "Shift+↑"]
    assert [name_key(key) for key in ("left_square_bracket", "ctrl+slash", "space", "delete")] == [
        "[",
        "Ctrl+/",
        "Space",
        "Delete",
    ]


def test_where_room_is_short_the_way_out_stays() -> None:
    assert choose_hints(HINTS, 80) == HINTS
    assert choose_hints(HINTS, 30) == [HINTS[0], HINTS[2]]
    assert choose_hints(HINTS, 3) == [HINTS[2]]
    assert choose_hints([], 80) == []
