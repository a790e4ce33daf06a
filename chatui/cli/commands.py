"""The table of commands."""

from __future__ import annotations

from collections.abc import Sequence

from chatui.cli.many_commands import BATCH, COMPARE, COSTS, FILES
from chatui.cli.option import Command, Completes, Option
from chatui.cli.values import read_count, read_param, read_path, read_retries

_CONFIG = Option(("--config",), "read this config file", "FILE", read_path, completes=Completes.FILES)
_DATA_DIR = Option(("--data-dir",), "keep sessions in this folder", "DIR", read_path, completes=Completes.FOLDERS)
_PLACES = (_CONFIG, _DATA_DIR)
_JSON = Option(("--json",), "print JSON")
_PLAY = Option(("--play",), "answer from a cassette, without any network", "FILE", read_path, completes=Completes.FILES)
_RECORD = Option(("--record",), "write each reply's stream to a cassette", "FILE", read_path, completes=Completes.FILES)
_MODEL = Option(("-m", "--model"), '"provider/model" to talk to', "NAME", completes=Completes.MODELS)
_CONTINUE = Option(("-c", "--continue"), "go on with the last session", group="session")
_CONTINUE_REPLY = Option(("--continue-reply",), "go on with the session's last reply, if it was cut")
_SESSION = Option(
    ("--session",),
    "open the session with this id, or create it",
    "ID",
    group="session",
    completes=Completes.SESSIONS,
)

ASK = Command(
    "ask",
    "Ask once: the answer goes to standard output, all else to standard error",
    "PROMPT",
    most=None,
    options=(
        _MODEL,
        Option(("--system",), "system prompt", "TEXT"),
        FILES,
        _CONTINUE,
        _CONTINUE_REPLY,
        _SESSION,
        Option(("--no-save",), "keep nothing on disk"),
        Option(("--no-stream",), "ask for the answer whole, and print it then"),
        Option(("-x", "--extract"), "print the last code block of the answer alone", group="output"),
        Option(("--json",), "print one JSON object: answer, outcome, usage, cost, times, error", group="output"),
        Option(("--raw",), "write the answer as it came, not rendered, control characters too, on a terminal as well"),
        Option(("--max-retries",), "retries after the first attempt, 0 to 10", "N", read_retries),
        Option(
            ("-o", "--param"),
            "a sampling parameter, such as temperature=0.2; may be given several times",
            "KEY=VALUE",
            read_param,
            is_repeatable=True,
        ),
        *_PLACES,
        _RECORD,
        _PLAY,
    ),
    examples=(
        ('chatui ask "What is a monad?"', "answer in the terminal"),
        ('git diff | chatui ask "Write a commit message"', "what is piped in comes after the prompt"),
        ('chatui ask -x "awk to sum column 2" > sum.awk', "only the code"),
        ('chatui ask -f report.md "Summarize this"', "with a file"),
        ('chatui ask -f chart.png "What does this show?"', "with an image, where the model takes them"),
        ('chatui ask -c "And in German?"', "go on with the last session"),
        ("chatui ask -c --continue-reply", "print the rest of its last reply, if that was cut"),
        ('chatui ask --json "Hi" | jq .usage', "with all figures"),
    ),
)
SESSIONS = Command(
    "sessions",
    "List, read, search, carry and put away saved sessions",
    examples=(("chatui sessions", "the newest first"), ("chatui sessions export monad > monad.md", "as Markdown")),
    children=(
        Command(
            "sessions list",
            "List the sessions, the newest first",
            options=(
                _JSON,
                Option(("-n", "--limit"), "only the newest N", "N", read_count),
                Option(("--trash",), "those that were deleted"),
                _DATA_DIR,
            ),
            examples=(("chatui sessions list -n 10", "the ten newest"),),
        ),
        Command(
            "sessions show",
            "Print the conversation of a session",
            "SESSION",
            1,
            None,
            options=(_DATA_DIR,),
            completes=Completes.SESSIONS,
            examples=(("chatui sessions show monad", "by a part of its title"),),
        ),
        Command(
            "sessions search",
            "Find text in all sessions",
            "TEXT",
            1,
            None,
            options=(_JSON, _DATA_DIR),
            examples=(("chatui sessions search event stream", "upper and lower case are the same"),),
        ),
        Command(
            "sessions export",
            "Write a session to standard output",
            "SESSION",
            1,
            None,
            options=(
                Option(
                    ("--format",),
                    "md (the branch on screen), json or toml (everything); md if not given",
                    "FORMAT",
                    choices=("md", "json", "toml"),
                ),
                _DATA_DIR,
            ),
            completes=Completes.SESSIONS,
            examples=(
                ("chatui sessions export monad > monad.md", "as Markdown"),
                ("chatui sessions export --format json monad", "everything, as JSON"),
            ),
        ),
        Command(
            "sessions import",
            "Take in sessions that were exported as json or toml",
            "FILE …",
            1,
            None,
            options=(_DATA_DIR,),
            examples=(("chatui sessions import monad.json", "prints the id"),),
            completes=Completes.FILES,
        ),
        Command(
            "sessions rename",
            "Give a session another title",
            "SESSION TITLE",
            2,
            None,
            options=(_DATA_DIR,),
            completes=Completes.SESSIONS,
            examples=(('chatui sessions rename monad "Monads, once more"', ""),),
        ),
        Command(
            "sessions delete",
            "Move sessions to the trash",
            "SESSION …",
            1,
            None,
            options=(_DATA_DIR,),
            completes=Completes.SESSIONS,
            examples=(("chatui sessions delete 20261123-104233-k3f9", "by its id, or the beginning of it"),),
        ),
        Command(
            "sessions restore",
            "Take sessions back from the trash",
            "SESSION …",
            1,
            None,
            options=(_DATA_DIR,),
            examples=(("chatui sessions restore monad", ""),),
        ),
    ),
)
MODELS = Command(
    "models",
    "List models with context window and price",
    options=(
        Option(("--provider",), "only those of this provider; may be given several times", "NAME", is_repeatable=True),
        Option(("--refresh",), "ask the providers again, also where a list of the last day is there"),
        _JSON,
        _CONFIG,
    ),
    examples=(
        ("chatui models --provider deepseek", ""),
        ("chatui models --json | jq -r '.models[].name'", "names only"),
    ),
)
DOCTOR = Command(
    "doctor",
    "Tell what chatui found: settings, keys, providers, terminal; exit code 0 when a model can be used",
    options=(_JSON, *_PLACES),
    examples=(("chatui doctor", "checks every key, in five seconds at most"),),
)
CONFIG = Command(
    "config",
    "Make, find, edit and check the config file",
    "ACTION",
    choices=("init", "path", "edit", "check"),
    options=(_CONFIG,),
    examples=(
        ("chatui config init", "write a commented config file, if there is none"),
        ("chatui config path", "print where it is"),
        ("chatui config edit", "open it in $VISUAL or $EDITOR, then check it"),
        ("chatui config check", "tell what is wrong with it; exit code 2 if anything is"),
    ),
)
THEMES = Command(
    "themes",
    "List the themes",
    examples=(("chatui themes", "their names, dark or light"), ("chatui --theme paper", "start with one")),
)
COMPLETION = Command(
    "completion",
    "Print a completion script for a shell, or the names that it offers: models, sessions",
    "SHELL",
    choices=("bash", "zsh", "fish", "models", "sessions"),
    examples=(
        ("chatui completion bash > ~/.local/share/bash-completion/completions/chatui", ""),
        ("chatui completion zsh > ~/.zfunc/_chatui", "with ~/.zfunc in $fpath"),
        ("chatui completion fish > ~/.config/fish/completions/chatui.fish", ""),
        ("chatui completion models", "the models that can be named without asking anybody"),
    ),
)
HELP = Command(
    "help",
    "Show a page about a topic, or the list of topics",
    "TOPIC",
    most=2,
    examples=(
        ("chatui help", "the topics"),
        ("chatui help ask", "all about a command"),
        ("chatui help exit-codes", "what scripts have to know"),
    ),
    completes=Completes.TOPICS,
)
COMMANDS = (ASK, BATCH, COMPARE, SESSIONS, MODELS, COSTS, DOCTOR, CONFIG, THEMES, COMPLETION, HELP)
"""All commands, in the order of the help."""

SCREEN = Command(
    "",
    "Chat with any OpenAI-compatible model in the terminal",
    "PROMPT",
    most=None,
    options=(
        _MODEL,
        Option(("--system",), "system prompt of a new session", "TEXT"),
        Option(("--theme",), 'a theme; "chatui themes" lists them', "NAME", completes=Completes.THEMES),
        _CONTINUE,
        Option(
            ("-r", "--resume"),
            "go on with that session; without a value: choose from the list",
            "ID or TITLE",
            is_value_optional=True,
            group="session",
            completes=Completes.SESSIONS,
        ),
        _SESSION,
        _CONTINUE_REPLY,
        *_PLACES,
        _RECORD,
        _PLAY,
    ),
    examples=(
        ("chatui", "start; without a key it talks to the built-in demo"),
        ('chatui "What is a monad?"', "start and ask at once"),
        ('git diff | chatui "Review this"', "what is piped in goes along with the first prompt"),
        ("chatui -m deepseek/deepseek-flash", "start with this model"),
        ("chatui -c", "go on with the last session"),
        ("chatui -c --continue-reply", "and with its last reply, if that was cut"),
        ("chatui -r monad", "go on with the session of that title or id"),
        ("chatui -- config", "a prompt that begins with the name of a command"),
        ("chatui help", "pages about asking in scripts, providers, files and more"),
    ),
    children=COMMANDS,
)
"""`chatui` itself."""

_VALUED = frozenset(
    name
    for command in (SCREEN, *COMMANDS, *(child for each in COMMANDS for child in each.children))
    for option in command.options
    if option.metavar
    for name in option.names
)


def find_command(argv: Sequence[str], commands: Sequence[Command] = COMMANDS) -> tuple[Command, list[str]] | None:
    """Find the command that the first word names, and all the other words; `None` where it names none.

    Options may stand before it. After `--` nothing is a command.
    """
    place = find_word(argv)
    if place is None:
        return None
    found = next((command for command in commands if command.own_name == argv[place]), None)
    return None if found is None else (found, [*argv[:place], *argv[place + 1 :]])


def find_word(argv: Sequence[str]) -> int | None:
    """Find the first word that is neither an option nor the value of one; `None` where there is none before `--`."""
    place = 0
    while place < len(argv) and argv[place] != "--":
        if not argv[place].startswith("-") or argv[place] == "-":
            return place
        place += 2 if argv[place] in _VALUED else 1
    return None
