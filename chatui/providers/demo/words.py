"""The words of a question: small, without the ones that say nothing, each in the form the guide knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_WORD = re.compile(r"\w[\w.'’-]*")
_PART = re.compile(r"[-_.\d]")


class Vocabulary:
    """Which words say nothing, and which mean the same as another."""

    def __init__(self, ignored: Iterable[str], synonyms: Mapping[str, str]) -> None:
        """`synonyms` maps a word to all those, with spaces between them, that read as it."""
        self._ignored = frozenset(ignored)
        self._known = {other: word for word, others in synonyms.items() for other in (word, *others.split())}

    def read(self, text: str) -> list[str]:
        """Return the words of a text that say something, in order."""
        words = (word.rstrip(".'’-") for word in _WORD.findall(text.casefold()))
        return [self._plain(word) for word in words if word not in self._ignored]

    def _plain(self, word: str) -> str:
        for form in _forms(word):
            if form in self._known:
                return self._known[form]
        word = re.sub("['’]s$", "", word)
        return word.removesuffix("s") if len(word) > 3 and not word.endswith("ss") else word


def _forms(word: str) -> Iterable[str]:
    """The word, then what it may be an inflection of: “switching” is tried as switch, switche and switchin."""
    yield word
    if word.endswith("ies"):
        yield f"{word.removesuffix('ies')}y"
    for ending in ("'s", "’s", "s", "es", "ed", "d", "ing"):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            stem = word.removesuffix(ending)
            yield stem
            if ending == "ing":
                yield f"{stem}e"
            if stem[-1] == stem[-2:-1]:
                yield stem[:-1]
    # “gpt-5” and “OPENAI_API_KEY” are about what they begin with.
    yield _PART.split(word, maxsplit=1)[0]
