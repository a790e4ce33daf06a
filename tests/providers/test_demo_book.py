"""The book of the demo is whole, exact and harmless."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from pathlib import Path

import pytest

from chatui.config.config import Config, ProviderSettings
from chatui.conversation.failure import FailureKind
from chatui.providers.demo import book as book_module
from chatui.providers.demo.book import load_book

BOOK = load_book()
FOLDER = Path(book_module.__file__).parent
PAGES = sorted((FOLDER / "pages").glob("*.md"))
COMMANDS = {"/model", "/new", "/sessions", "/rename", "/system", "/params", "/copy", "/retry", "/stats", "/theme"}
COMMANDS |= {"/help", "/quit", "/demo"}


def all_texts() -> dict[str, str]:
    texts = {page.name: page.text for page in BOOK.pages.values()}
    for show in [*BOOK.shows.values(), *BOOK.faults.values()]:
        script = show.script
        texts[f"show {show.name}"] = "".join((script.thought, script.text, script.after, script.rest))
    return texts


TEXTS = all_texts()


def test_every_file_is_used() -> None:
    used = {page.name for page in BOOK.pages.values()} | {show.name for show in BOOK.shows.values()}
    assert {path.stem for path in PAGES} == used | {"reasoning_thought"}


@pytest.mark.parametrize("path", [*PAGES, *FOLDER.glob("*.toml")], ids=lambda path: path.name)
def test_a_file_holds_no_control_character(path: Path) -> None:
    assert all(letter == "\n" or ord(letter) >= 0x20 for letter in path.read_text("utf-8"))
    assert len(path.read_text("utf-8").splitlines()) <= 300


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_names_only_commands_that_exist(name: str) -> None:
    assert {found for found in re.findall(r"`(/\w+)", TEXTS[name]) if name != "show long"} <= COMMANDS


@pytest.mark.parametrize("name", ["connect", "show code"])
def test_toml_in_a_text_is_a_config_that_chatui_knows(name: str) -> None:
    (config,) = (tomllib.loads(found) for found in re.findall(r"```toml\n(.*?)```", TEXTS[name], re.DOTALL))
    assert config.keys() <= {field.name for field in dataclasses.fields(Config)}
    for provider in config["providers"].values():
        assert provider.keys() <= {field.name for field in dataclasses.fields(ProviderSettings)}


def test_the_way_to_a_real_model_is_told_whole() -> None:
    keys = "DEEPSEEK OPENAI OPENROUTER ANTHROPIC GEMINI GROQ MISTRAL XAI"
    wanted = [f"{name}_API_KEY" for name in keys.split()]
    wanted += ["CHATUI_BASE_URL", "CHATUI_API_KEY", "CHATUI_MODEL", "Ollama", "[providers.work]", "config.toml"]
    assert [word for word in wanted if word not in BOOK.pages["connect"].text] == []


def test_the_markdown_page_holds_every_kind_of_block() -> None:
    text = TEXTS["show markdown"]
    for mark in ("# ", "## ", "- [x] ", "   - ", "> ", "| :---: |", "---\n", "**", "*e", "~~", "](https://", "\\\n"):
        assert mark in text


def test_the_code_page_holds_three_languages() -> None:
    assert re.findall(r"^```(\w+)$", TEXTS["show code"], re.MULTILINE) == ["python", "bash", "toml"]


def test_the_python_example_is_true() -> None:
    (source,) = re.findall(r"```python\n(.*?)```", TEXTS["show code"], re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(f"{source}\nimport itertools\nfirst = list(itertools.islice(primes(), 8))", "page", "exec"), names)
    assert names["first"] == [2, 3, 5, 7, 11, 13, 17, 19]


def test_the_long_page_has_about_two_thousand_tokens() -> None:
    assert 1_800 <= len(TEXTS["show long"]) / 4 <= 2_200


def test_the_unicode_page_holds_real_controls_and_markup() -> None:
    text = TEXTS["show unicode"]
    for part in ("\x1b[31m", "\x9b2J", "\x1b]0;", "\x07", "\x7f", "\x00", "\u202e", "[bold]", "[@click=", "你好", "🚀"):
        assert part in text
    assert "{U+" not in text


def test_every_failure_has_the_status_of_its_name() -> None:
    statuses = {name: show.script.failure.status for name, show in BOOK.faults.items() if show.script.failure}
    assert statuses == {"401": 401, "402": 402, "404": 404, "429": 429, "500": 500, "503": 503, "reset": None}
    kinds = [show.script.failure.kind for show in BOOK.faults.values() if show.script.failure]
    assert kinds == [
        FailureKind.AUTHENTICATION,
        FailureKind.FUNDS,
        FailureKind.NOT_FOUND,
        FailureKind.RATE_LIMIT,
        FailureKind.SERVER,
        FailureKind.OVERLOADED,
        FailureKind.NETWORK,
    ]
