"""What the guide answers, and when it says that it cannot."""

from __future__ import annotations

import pytest

from chatui.providers.demo.book import load_book
from chatui.providers.demo.guide import Guide
from tests.providers.demo_topics import TOPICS

BOOK = load_book()
GUIDE = Guide(BOOK, TOPICS)

MODEL = "`/model` (Ctrl+T): Choose the model of the next reply"
SESSIONS = "`/sessions` (Ctrl+O): Open, rename or delete a saved session"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How do I switch model?", MODEL),
        ("changing the LLM", MODEL),
        ("what does ctrl+o do?", SESSIONS),
        ("What's Ctrl-O for", SESSIONS),
        ("and what does `/sessions` do?", SESSIONS),
        ("how do I stop a reply", "**Esc**: Stop the reply; its text stays"),
        ("go to the end", "**Ctrl+End or Alt+End**: Go to the end and follow"),
        ("what is alt+end", "**Ctrl+End or Alt+End**: Go to the end and follow"),
        ("favourites", "`favorites` in `config.toml`: Models that F2 cycles through."),
        ("what is base_url?", "`providers.NAME.base_url` in `config.toml`: Where it is."),
        ("PROVIDERS.name.base_url", "`providers.NAME.base_url` in `config.toml`: Where it is."),
        ("explain model.next", "**F2**: Go to the next favourite model"),
        ("what does F9 do", "No command of chatui is on **F9**. `/help` lists every key."),
    ],
)
def test_a_question_about_one_thing_gets_one_line(question: str, answer: str) -> None:
    assert GUIDE.answer(question).text == answer


def test_two_things_that_fit_are_both_told() -> None:
    assert GUIDE.answer("dark mode").text == (
        "- `/theme`: Choose a theme\n- `theme` in `config.toml`: Name of a theme."
    )


def test_two_keys_get_two_answers() -> None:
    assert GUIDE.answer("ctrl+t and ctrl+o").text == f"{MODEL}\n\n{SESSIONS}"


@pytest.mark.parametrize(
    ("question", "page"),
    [
        ("hello", "hello"),
        ("Hi there!", "hello"),
        ("how do I get started?", "hello"),
        ("thanks a lot!", "thanks"),
        ("are you an AI?", "about"),
        ("Who are you?", "about"),
        ("help", "about"),
        ("How do I connect a real model?", "connect"),
        ("where do I put my API key", "connect"),
        ("I want GPT-5", "connect"),
        ("OPENAI_API_KEY", "connect"),
        ("can I use Ollama", "connect"),
        ("Where are my files?", "files"),
        ("where is the config file", "files"),
        ("How do I write a prompt?", "prompt"),
        ("how do I send a message", "prompt"),
        ("what does Enter do?", "prompt"),
        ("alt+enter or ctrl+j", "prompt"),
        ("can I scroll while I wait", "prompt"),
        ("How do I get back to an old conversation?", "resume"),
        ("what does it cost", "stats"),
        ("what is a context window", "stats"),
        ("what does error 429 mean", "errors"),
        ("is my data private", "privacy"),
        ("can I use it in a shell script", "scripts"),
    ],
)
def test_a_question_about_more_gets_a_page(question: str, page: str) -> None:
    assert GUIDE.answer(question).text == BOOK.pages[page].text


@pytest.mark.parametrize("page", [page for page in BOOK.pages.values() if page.ask], ids=lambda page: page.name)
def test_what_the_guide_suggests_it_can_answer(page: object) -> None:
    asked = next(found for found in BOOK.pages.values() if found is page)
    assert GUIDE.answer(asked.ask).text == asked.text


@pytest.mark.parametrize("question", ["which settings are there?", "all settings", "show me the options"])
def test_every_setting_is_listed(question: str) -> None:
    assert GUIDE.answer(question).text == (
        "These settings go into `config.toml`:\n\n| Setting | What it does |\n| :--- | :--- |\n"
        "| `theme` | Name of a theme. |\n"
        "| `favorites` | Models that F2 cycles through. |\n"
        "| `providers.NAME.base_url` | Where it is. |"
    )


@pytest.mark.parametrize("question", ["which commands are there?", "list all keys", "keyboard shortcuts"])
def test_every_command_is_listed_with_its_keys(question: str) -> None:
    text = GUIDE.answer(question).text
    assert "| `/model` | Ctrl+T | Choose the model of the next reply |\n" in text
    assert "| `/rename` |  | Give this session a title |\n" in text
    assert "| `/params` |  | Show or set sampling parameters: a\\|b |\n" in text
    assert text.endswith("| `view.end` | Ctrl+End, Alt+End | Go to the end and follow |")


@pytest.mark.parametrize(
    "question",
    ["", "?", "What is the capital of France?", "write a python function to sort a list", "how do I exit vim", "你好"],
)
def test_an_unknown_question_gets_an_honest_answer_and_suggestions(question: str) -> None:
    text = GUIDE.answer(question).text
    assert text.startswith("I only know chatui")
    assert "**not an AI**" in text
    assert "*How do I connect a real model?*" in text
    assert "- explain each command, key and setting: *which commands are there?*" in text
    assert text.endswith("`/demo`")


def test_the_way_to_an_answer_is_told() -> None:
    assert GUIDE.answer("switch model").thought.startswith(
        "The words of it that I know: switch, model. What fits them best: /model ("
    )
    assert GUIDE.answer("xyz").thought == (
        "The words of it that I know: none. Nothing fits well enough, and I had better say so."
    )


def test_without_tables_the_guide_promises_none() -> None:
    guide = Guide(BOOK, ())
    assert "which commands" not in guide.answer("which commands are there?").text
    assert guide.answer("hello").text == BOOK.pages["hello"].text
    assert guide.answer("ctrl+o").text.startswith("No command of chatui is on **Ctrl+O**")
