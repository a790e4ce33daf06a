"""A small table of topics, as the app makes one from its commands and settings."""

from __future__ import annotations

from chatui.providers.demo.topic import Topic

TOPICS = (
    Topic("/help", "f1", "Show all keys and commands", "command"),
    Topic("/model", "ctrl+t", "Choose the model of the next reply", "command"),
    Topic("model.next", "f2", "Go to the next favourite model", "command"),
    Topic("reply.stop", "escape", "Stop the reply; its text stays", "command"),
    Topic("/sessions", "ctrl+o", "Open, rename or delete a saved session", "command"),
    Topic("/rename", "", "Give this session a title", "command"),
    Topic("/theme", "", "Choose a theme", "command"),
    Topic("/params", "", "Show or set sampling parameters: a|b", "command"),
    Topic("view.end", "ctrl+end,alt+end", "Go to the end and follow", "command"),
    Topic("theme", "", "Name of a theme.", "setting"),
    Topic("favorites", "", "Models that F2 cycles through.", "setting"),
    Topic("providers.NAME.base_url", "", "Where it is.", "setting"),
)
