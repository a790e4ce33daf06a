"""Titles: the first words of the first prompt, at once and without asking anyone."""

from __future__ import annotations

MAX_TITLE = 60
"""Characters of a title made here; a person may choose a longer one."""


def make_title(prompt: str) -> str:
    """Make a title from a prompt: its first line that says something, cut at a word. Empty for an empty prompt."""
    for line in prompt.splitlines():
        words = " ".join(line.strip().lstrip("#>*-` ").split())
        if any(character.isalnum() for character in words):
            return _cut(words)
    return _cut(" ".join(prompt.split()))


def _cut(words: str) -> str:
    if len(words) <= MAX_TITLE:
        return words
    head = words[: MAX_TITLE - 1]
    at_space = head.rfind(" ")
    return (head[:at_space] if at_space > MAX_TITLE // 2 else head).rstrip(" ,.;:") + "…"
