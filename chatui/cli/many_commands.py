"""The rows of the commands that ask many times: batch, compare, costs."""

from __future__ import annotations

from chatui.cli.option import Command, Completes, Option
from chatui.cli.quantities import read_amount, read_tokens
from chatui.cli.values import read_count, read_param, read_path, read_retries

MAX_CONCURRENCY = 100
"""As many connections as the transport keeps open to one provider."""

_CONFIG = Option(("--config",), "read this config file", "FILE", read_path, completes=Completes.FILES)
_DATA_DIR = Option(("--data-dir",), "keep sessions in this folder", "DIR", read_path, completes=Completes.FOLDERS)
_PLAY = Option(("--play",), "answer from a cassette, without any network", "FILE", read_path, completes=Completes.FILES)
_RETRIES = Option(("--max-retries",), "retries after the first attempt of a prompt, 0 to 10", "N", read_retries)
FILES = Option(
    ("-f", "--file"),
    "add a file to the prompt: text up to 32 MB, or a PNG, JPEG, GIF or WebP image up to 20 MB; may be given several "
    "times",
    "FILE",
    read_path,
    is_repeatable=True,
    completes=Completes.FILES,
)
_SYSTEM = Option(("--system",), "system prompt", "TEXT")


def _make_param(*names: str) -> Option:
    help_text = "a sampling parameter, such as temperature=0.2; may be given several times"
    return Option(names, help_text, "KEY=VALUE", read_param, is_repeatable=True)


BATCH = Command(
    "batch",
    "Ask many prompts, several at a time: a file of prompts in, one JSON object a line out",
    "FILE",
    most=1,
    options=(
        Option(
            ("-o", "--output"),
            "write the results to this file; what is in it already is not asked again",
            "FILE",
            read_path,
            completes=Completes.FILES,
        ),
        Option(("-m", "--model"), '"provider/model" for prompts that name none', "NAME", completes=Completes.MODELS),
        _SYSTEM,
        Option(("--template",), 'make prompts from fields: "Translate {text}"; a line is {line}', "TEXT"),
        Option(
            ("--format",),
            "lines, jsonl, csv, tsv or toml; else the file's ending tells",
            "FORMAT",
            choices=("lines", "jsonl", "csv", "tsv", "toml"),
        ),
        Option(("--concurrency",), f"requests at a time, 1 to {MAX_CONCURRENCY}; 5 if not given", "N", read_count),
        Option(("--unordered",), "write results as they finish, not in the order of the prompts"),
        Option(("--resume",), "insist that the output is there, to go on with it"),
        Option(("--max-cost",), "stop before the replies cost more than this, in USD", "USD", read_amount),
        Option(("--max-failures",), "stop after so many failed prompts", "N", read_count),
        _RETRIES,
        # -o is where the results go, as with other programs that write files.
        _make_param("-p", "--param"),
        Option(("--json",), "print the summary as one JSON object"),
        _CONFIG,
        _PLAY,
    ),
    examples=(
        ("chatui batch prompts.txt -o answers.jsonl", "one prompt a line"),
        ("chatui batch prompts.jsonl -o answers.jsonl", "run it again and it does only what is missing"),
        ('chatui batch words.csv --template "Translate {word}"', "a prompt from each row"),
        ("chatui batch - --concurrency 20 < prompts.jsonl", "prompts from a pipe, results on standard output"),
    ),
    completes=Completes.FILES,
)
COMPARE = Command(
    "compare",
    "Ask several models the same at once: answers side by side, then a table of time, speed, tokens and cost",
    "PROMPT",
    most=None,
    options=(
        Option(
            ("-m", "--model"),
            '"provider/model"; given twice or more',
            "NAME",
            is_repeatable=True,
            completes=Completes.MODELS,
        ),
        _SYSTEM,
        FILES,
        Option(("--save",), "keep the answers as one session, in which they are siblings"),
        Option(("--json",), "print one JSON object with all the answers"),
        _RETRIES,
        _make_param("-o", "--param"),
        _CONFIG,
        _DATA_DIR,
        _PLAY,
    ),
    examples=(
        ('chatui compare "Why is the sky blue?" -m deepseek/deepseek-flash -m openai/gpt-5-mini', ""),
        ('git diff | chatui compare "Review this" -m A -m B --save', "what is piped in comes after the prompt"),
        ('chatui compare "Hi" -m A -m B --json | jq ".replies[].timing"', "with all figures"),
    ),
)
COSTS = Command(
    "costs",
    "Tell what sessions cost, and what the same tokens would cost with other models",
    options=(
        Option(
            ("--what-if",),
            "compare with the other models of the catalog; SESSION, a results file, or all",
            "SESSION",
            is_value_optional=True,
            completes=Completes.SESSIONS,
        ),
        Option(("--monthly",), "project to so many tokens a month, such as 10M", "TOKENS", read_tokens),
        Option(("--json",), "print JSON"),
        _CONFIG,
        _DATA_DIR,
    ),
    examples=(
        ("chatui costs", "what was spent, by model"),
        ("chatui costs --what-if monad", "what that session would cost elsewhere"),
        ("chatui costs --what-if answers.jsonl", "the same for the results of a batch"),
        ("chatui costs --what-if --monthly 10M", "ten million tokens a month, in the proportions of all sessions"),
    ),
)
