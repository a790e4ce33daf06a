"""Where keys come from, and which are refused."""

from __future__ import annotations

import asyncio
import os
import shlex
import sys
from pathlib import Path

import pytest

from chatui.config.config import ProviderSettings
from chatui.conversation.failure import Failure, FailureKind
from chatui.providers.keys import FoundKey, check_key, find_key
from chatui.providers.quirks import Quirks

KEY = "sk-abcdefghijklmnop"
KNOWN = Quirks(
    "acme", "Acme", key_env=("ACME_KEY", "ACME_OLD_KEY"), key_page="https://acme.example/keys", needs_key=True
)
UNKNOWN = Quirks("work", "work")


def found(value: object) -> FoundKey:
    assert isinstance(value, FoundKey)
    return value


def refused(value: object) -> Failure:
    assert isinstance(value, Failure)
    assert value.kind is FailureKind.CONFIGURATION
    assert KEY not in value.message + value.advice
    return value


def print_command(text: str) -> str:
    return shlex.join([sys.executable, "-c", f"print({text!r})"])


@pytest.mark.parametrize("pasted", [KEY, f"  {KEY}\n", f"\u00a0{KEY}\r\n", f'"{KEY}"', f"' {KEY} '", f"Bearer {KEY}"])
def test_a_pasted_key_is_trimmed(pasted: str) -> None:
    assert check_key(pasted, "X") == FoundKey(KEY, "X")


@pytest.mark.parametrize(
    ("pasted", "reason"),
    [
        ("", "is empty"),
        ("  \n", "is empty"),
        ('""', "is empty"),
        ("sk-a\nsk-b", "line break"),
        ("sk-a\rsk-b", "line break"),
        ("sk-a\x00b", "control character"),
        ("sk-a\x1b[0m", "control character"),
        ("sk-a b", "space"),
        ("sk-ключ", "not ASCII"),
        ("sk-a\u200bb", "not ASCII"),
        ("YOUR_API_KEY", "placeholder"),
        ("your-key-here", "placeholder"),
        ("<your-key>", "placeholder"),
        ("sk-xxxxxxxx", "placeholder"),
        ("sk-xxxx-xxxx", "placeholder"),
        ("sk-...", "placeholder"),
        ("sk-your-key", "placeholder"),
        ("xxx", "placeholder"),
        ("changeme", "placeholder"),
        ("$OPENAI_API_KEY", "placeholder"),
        ("api_key", "placeholder"),
        ("sk-proj-xxxxxxxxxxxx", "placeholder"),
        ("sk-ant-...", "placeholder"),
        ("Bearer", "is empty"),
        ("Bearer  ", "is empty"),
        ("ACME_KEY=sk-abcdef", "begins with the name of a variable"),
        ("export ACME_KEY = sk-abcdef", "begins with the name of a variable"),
    ],
)
def test_what_cannot_be_a_key_is_refused_with_a_reason(pasted: str, reason: str) -> None:
    failure = refused(check_key(pasted, "ACME_KEY"))
    assert reason in failure.message
    assert "ACME_KEY" in failure.message


@pytest.mark.parametrize(
    "key", ["x", "ollama", "EMPTY", "none", "sk-no-key-required", "sk-test", "test-key", "AB_CD==", "a_b=c"]
)
def test_what_local_servers_take_for_a_key_is_a_key(key: str) -> None:
    assert check_key(key, "X") == FoundKey(key, "X")


def test_a_key_is_not_in_its_own_repr_and_shown_by_its_last_four() -> None:
    key = FoundKey(KEY, "ACME_KEY")
    assert KEY not in repr(key)
    assert key.masked == "…mnop"
    assert key.hint == " (…mnop)"
    assert FoundKey("short", "X").masked == "…"
    assert FoundKey("short", "X").hint == ""


async def test_the_providers_own_variables_are_looked_up_in_order() -> None:
    settings = ProviderSettings("acme")
    key = await find_key(settings, KNOWN, {"ACME_KEY": KEY, "ACME_OLD_KEY": "o"})
    assert key == FoundKey(KEY, "ACME_KEY", passed_over=("ACME_OLD_KEY",))
    assert await find_key(settings, KNOWN, {"ACME_KEY": " ", "ACME_OLD_KEY": KEY}) == FoundKey(KEY, "ACME_OLD_KEY")


async def test_a_missing_key_is_told_with_its_variable_and_its_page_only_where_one_is_needed() -> None:
    failure = refused(await find_key(ProviderSettings("acme"), KNOWN, {}))
    assert failure.message == "There is no key for Acme."
    assert failure.advice == "Set ACME_KEY; a key is made at https://acme.example/keys."
    assert await find_key(ProviderSettings("work"), UNKNOWN, {}) is None
    needy = Quirks("work", "work", needs_key=True)
    assert refused(await find_key(ProviderSettings("work"), needy, {})).advice == "Set api_key_env in [providers.work]."


IN_FILE = "api_key in [providers.acme]"


@pytest.mark.parametrize(
    ("settings", "environ", "source", "passed_over"),
    [
        (ProviderSettings("acme", api_key="f"), {"ACME_KEY": KEY}, "ACME_KEY", (IN_FILE,)),
        (ProviderSettings("acme", api_key=KEY), {"ACME_KEY": " "}, IN_FILE, ()),
        (
            ProviderSettings("acme", api_key_env="MINE", api_key="f"),
            {"MINE": KEY, "ACME_KEY": "k"},
            "MINE",
            (IN_FILE, "ACME_KEY"),
        ),
        (ProviderSettings("acme", api_key_env="MINE", api_key=KEY), {"ACME_KEY": "k"}, IN_FILE, ("ACME_KEY",)),
        (ProviderSettings("acme", api_key_env="ACME_OLD_KEY"), {"ACME_KEY": "k", "ACME_OLD_KEY": KEY}, "ACME_OLD_KEY",
         ("ACME_KEY",)),
        (ProviderSettings("acme", api_key_env="MINE"), {"ACME_KEY": KEY}, "ACME_KEY", ()),
    ],
)  # fmt: skip
async def test_the_providers_own_variables_go_before_the_config_but_not_before_one_that_it_names(
    settings: ProviderSettings, environ: dict[str, str], source: str, passed_over: tuple[str, ...]
) -> None:
    assert await find_key(settings, KNOWN, environ) == FoundKey(KEY, source, passed_over=passed_over)


async def test_where_the_config_has_moved_the_provider_its_own_variables_come_last() -> None:
    settings, environ = ProviderSettings("acme", api_key=KEY), {"ACME_KEY": "k"}
    key = await find_key(settings, KNOWN, environ, is_at_home=False)
    assert key == FoundKey(KEY, IN_FILE, passed_over=("ACME_KEY",))


async def test_what_cannot_be_a_key_is_told_with_the_page_where_one_is_made() -> None:
    failure = refused(await find_key(ProviderSettings("acme"), KNOWN, {"ACME_KEY": "YOUR_ACME_API_KEY"}))
    assert failure.message == "The key from ACME_KEY is a placeholder."
    assert failure.advice == "Put the real key there. A key is made at https://acme.example/keys."


async def test_an_unset_variable_of_the_config_is_named() -> None:
    failure = refused(await find_key(ProviderSettings("work", api_key_env="NOT_SET"), UNKNOWN, {}))
    assert failure.message == "NOT_SET is not set."


async def test_a_key_file_is_read_and_told_when_others_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text(f"{KEY}\n")
    path.chmod(0o600)
    settings = ProviderSettings("work", api_key_file=str(path))
    key = found(await find_key(settings, UNKNOWN, {}))
    assert (key.value, key.source, key.warning) == (KEY, "api_key_file in [providers.work]", "")
    path.chmod(0o644)
    assert "chmod 600" in found(await find_key(settings, UNKNOWN, {})).warning


async def test_a_key_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    for name, reason in (
        (tmp_path / "none", "No such file"),
        (tmp_path, "not a regular file"),
        (fifo, "not a regular file"),
        ("a\x00b", "null byte"),
        ("~no-such-user-here/key", "home directory"),
    ):
        failure = refused(await find_key(ProviderSettings("work", api_key_file=str(name)), UNKNOWN, {}))
        assert reason in failure.message
        assert "\x00" not in failure.message


async def test_a_command_prints_the_key() -> None:
    settings = ProviderSettings("work", api_key_cmd=print_command(KEY))
    assert await find_key(settings, UNKNOWN, os.environ) == FoundKey(KEY, "api_key_cmd in [providers.work]")


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("'", "is not a command: No closing quotation"),
        ("   ", "is empty"),
        ("/no/such/program", "cannot be run: No such file"),
        (shlex.join([sys.executable, "-c", "raise SystemExit('\\x1b[1mlocked\\n')"]), "failed (1): ␛[1mlocked"),
        (shlex.join([sys.executable, "-c", "raise SystemExit(3)"]), "failed (3)."),
        (print_command(""), "is empty"),
        (print_command("two\nlines"), "line break"),
    ],
)
async def test_a_command_that_gives_no_key_is_told(command: str, reason: str) -> None:
    failure = refused(await find_key(ProviderSettings("work", api_key_cmd=command), UNKNOWN, os.environ))
    assert reason in failure.message
    assert "api_key_cmd in [providers.work]" in failure.message


async def test_a_command_that_takes_too_long_is_ended() -> None:
    blocked = shlex.join([sys.executable, "-c", "import signal; signal.pause()"])
    settings = ProviderSettings("work", api_key_cmd=blocked)
    failure = refused(await find_key(settings, UNKNOWN, os.environ, command_seconds=0.2))
    assert "no key within 0.2 seconds" in failure.message


async def test_a_cancelled_look_up_ends_its_command(tmp_path: Path) -> None:
    started = tmp_path / "started"
    os.mkfifo(started)
    code = f"import os, signal; open({str(started)!r}, 'w').write(str(os.getpid())); signal.pause()"
    settings = ProviderSettings("work", api_key_cmd=shlex.join([sys.executable, "-c", code]))
    task = asyncio.create_task(find_key(settings, UNKNOWN, os.environ))
    process = int(await asyncio.to_thread(started.read_text))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
