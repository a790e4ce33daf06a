"""Titles: the first words of the first prompt, at once and without asking anyone."""

from __future__ import annotations

MAX_TITLE = 60
"""Characters of a title made here; a person may choose a longer one."""


def make_title(prompt: str) -> str:
    """Make a title from a prompt: its first line that says something, cut at a word. Empty for an empty prompt.

    A line of prose comes before one of code, wherever it stands.
    """
    is_code = False
    first_code = ""
    for line in prompt.splitlines():
        if line.lstrip().startswith("```"):
            is_code = not is_code
            words = line.strip("` \t")
        else:
            words = " ".join(line.strip().lstrip("#>*-` ").split())
            if not is_code and any(character.isalnum() for character in words):
                return _cut(words)
        if not first_code and any(character.isalnum() for character in words):
            first_code = " ".join(words.split())
    return _cut(first_code or " ".join(prompt.split()))


def _cut(words: str) -> str:
    if len(words) <= MAX_TITLE:
        return words
    head = words[: MAX_TITLE - 1]
    at_space = head.rfind(" ")
    return (head[:at_space] if at_space > MAX_TITLE // 2 else head).rstrip(" ,.;:") + "…"
