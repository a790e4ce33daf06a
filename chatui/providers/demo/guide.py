"""The guide: finds what fits the words of a question, and says so when nothing does."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chatui.providers.demo.book import Book, Page
from chatui.providers.demo.keys import find_keys, read_key, show_key
from chatui.providers.demo.topic import Topic

_NAME_WEIGHT = 2.0
_HELP_WEIGHT = 1.0
_PAGE_WEIGHT = 2.5
_PHRASE_SCORE = 10.0
_LEAST_SHARE = 0.45
"""Of the question's words, by weight: an answer that covers less answers something else."""
_NEAR = 0.75
"""Of the best score: what reaches this is told, too."""
_MOST_TOPICS = 3
_LISTS = {"command": "command", "key": "command", "setting": "setting"}
"""Words that, alone, ask for a whole table."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the guide says, and how it came to it."""

    text: str
    """Markdown."""
    thought: str
    """The words that were understood and what they matched."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """Something that can be found: a page or a topic, and what each word counts for it."""

    source: Page | Topic
    weights: Mapping[str, float]


class Guide:
    """Answers questions about chatui from its pages and from the tables of commands and settings."""

    def __init__(self, book: Book, topics: Sequence[Topic]) -> None:
        self._book = book
        self._topics = topics
        self._entries = [self._index_page(page) for page in book.pages.values()]
        self._entries += [self._index_topic(topic) for topic in topics]
        self._entries_with = Counter(word for entry in self._entries for word in entry.weights)

    def answer(self, question: str) -> Answer:
        """Answer a question, or tell honestly that there is no answer."""
        if keys := find_keys(question):
            return self._tell_keys(keys)
        if named := self._find_named(question):
            return Answer(_join(named), "It calls what it asks about by its name, so I look that up.")
        words = self._book.vocabulary.read(question)
        if (kind := _asked_list(words)) and (topics := [topic for topic in self._topics if topic.kind == kind]):
            return Answer(_tabulate(kind, topics), f"It asks for every {kind}, so I list my table.")
        return self._search(question, words)

    def _tell_keys(self, keys: Sequence[str]) -> Answer:
        # Two keys of one page are explained once.
        parts = dict.fromkeys(self._tell_key(key) for key in keys)
        return Answer("\n\n".join(parts), f"It names a key, {', '.join(map(show_key, keys))}, so I look that up.")

    def _tell_key(self, key: str) -> str:
        if topics := [topic for topic in self._topics if key in map(read_key, topic.key_names)]:
            return _join(topics)
        unknown = f"No command of chatui is on **{show_key(key)}**. `/help` lists every key."
        return next((page.text for page in self._book.pages.values() if key in page.keys), unknown)

    def _find_named(self, question: str) -> list[Topic]:
        said = {word.rstrip("?.!,;:") for word in question.casefold().replace("`", " ").split()}
        # A plain word such as “theme” may mean anything; `/theme` and `base_url` mean themselves.
        names = ((topic, {topic.name, topic.name.rpartition(".")[2]}) for topic in self._topics)
        return [topic for topic, own in names if any(name.casefold() in said and not name.isalpha() for name in own)]

    def _search(self, question: str, words: Sequence[str]) -> Answer:
        scores = {id(entry): self._score(entry, question, words) for entry in self._entries}
        ranked = sorted(self._entries, key=lambda entry: -scores[id(entry)])
        understood = ", ".join(dict.fromkeys(word for word in words if word in self._entries_with))
        heard = f"The words of it that I know: {understood or 'none'}."
        if not ranked or scores[id(ranked[0])] == 0:
            return Answer(self._confess(), f"{heard} Nothing fits well enough, and I had better say so.")
        best = scores[id(ranked[0])]
        near = [entry.source for entry in ranked if scores[id(entry)] >= best * _NEAR]
        fits = ", ".join(f"{entry.source.name} ({scores[id(entry)]:.1f})" for entry in ranked[:3] if scores[id(entry)])
        if isinstance(near[0], Page):
            text = near[0].text
        else:
            text = _join([source for source in near if isinstance(source, Topic)][:_MOST_TOPICS])
        return Answer(text, f"{heard} What fits them best: {fits}.")

    def _score(self, entry: _Entry, question: str, words: Sequence[str]) -> float:
        rarity = {word: math.log(1 + len(self._entries) / (1 + self._entries_with[word])) for word in words}
        score = sum(entry.weights.get(word, 0.0) * rarity[word] for word in rarity)
        if isinstance(entry.source, Page):
            said = f" {' '.join(question.casefold().split()).rstrip('?.! ')} "
            if any(f" {phrase} " in said for phrase in entry.source.phrases):
                return score + _PHRASE_SCORE
        covered = sum(rarity[word] for word in rarity if word in entry.weights)
        return score if words and covered >= _LEAST_SHARE * sum(rarity.values()) else 0.0

    def _confess(self) -> str:
        asks = [page.ask for page in self._book.pages.values() if page.ask]
        lines = [*(f"- answer: *{ask}*" for ask in asks), "- show every kind of reply and failure: `/demo`"]
        if self._topics:
            lines.insert(0, "- explain each command, key and setting: *which commands are there?*")
        return f"{self._book.pages['unknown'].text}\n\n" + "\n".join(lines)

    def _index_page(self, page: Page) -> _Entry:
        return _Entry(page, dict.fromkeys(self._book.vocabulary.read(page.words), _PAGE_WEIGHT))

    def _index_topic(self, topic: Topic) -> _Entry:
        read = self._book.vocabulary.read
        weights = dict.fromkeys(read(topic.help), _HELP_WEIGHT)
        name = read(topic.name.replace(".", " ").replace("_", " "))
        # A word is worth more where it is the whole name than where it is one of five.
        weights |= dict.fromkeys(name, _NAME_WEIGHT + _NAME_WEIGHT / max(len(name), 1))
        weights |= {topic.kind: _HELP_WEIGHT}
        return _Entry(topic, weights)


def _asked_list(words: Iterable[str]) -> str:
    """Return the kind of topic whose whole table is asked for: “which settings are there?”; empty for none."""
    left = set(words) - {"list"}
    return _LISTS[left.pop()] if len(left) == 1 and left <= _LISTS.keys() else ""


def _join(topics: Sequence[Topic]) -> str:
    """One topic as a sentence, several as a list."""
    lines = [topic.as_markdown() for topic in topics]
    return lines[0] if len(lines) == 1 else "\n".join(f"- {line}" for line in lines)


def _tabulate(kind: str, topics: Sequence[Topic]) -> str:
    if kind == "command":
        head = "These are the commands, with their keys:\n\n| Command | Keys | What it does |\n| :--- | :--- | :--- |\n"
    else:
        head = "These settings go into `config.toml`:\n\n| Setting | What it does |\n| :--- | :--- |\n"
    return head + "\n".join(topic.as_row() for topic in topics)
