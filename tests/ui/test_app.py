"""The app as a whole: its first start, what it tells about itself, themes, the palette, and leaving."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from chatui.providers.local import FoundServer
from chatui.ui.app import ChatApp
from tests.ui.chat_stage import chat, make_chat_app
from tests.ui.held import HeldProvider

NARROW = (80, 24)


def _configure(home: Path, text: str) -> Path:
    (home / "config").mkdir()
    file = home / "config" / "config.toml"
    file.write_text(text)
    return file


async def test_the_first_start_shows_the_welcome_and_the_demo_and_takes_a_prompt(tmp_path: Path) -> None:
    async with chat(tmp_path, size=(80, 24)) as c:
        await c.sees("the built-in demo answers", "It is not an AI", "Message demo/guide", "demo/guide", "ready")
        await c.rests()
        assert c.app.focused is c.desk.prompt
        assert not c.session_files


async def test_a_server_found_on_this_machine_is_told_in_the_welcome(
    tmp_path: Path, no_local_servers: list[FoundServer]
) -> None:
    no_local_servers.append(FoundServer("ollama", "Ollama", "http://127.0.0.1:11434/v1", ("qwen3", "gemma3")))
    async with chat(tmp_path) as c:
        await c.sees(
            "Ollama runs here with 2 models.", "Ctrl+T shows the models there are.", "the built-in demo answers"
        )
        await c.type("/demo code")
        await c.press("enter")
        await c.misses("Ollama runs here")


@pytest.mark.parametrize(
    ("server", "told"),
    [
        (FoundServer("vllm", "vLLM", "http://127.0.0.1:8000/v1", needs_key=True), "wants a key"),
        (FoundServer("llamacpp", "llama.cpp", "http://127.0.0.1:8080/v1", is_loading=True), "is loading its"),
        (FoundServer("lmstudio", "LM Studio", "http://127.0.0.1:1234/v1", ("one",)), "with 1 model."),
    ],
    ids=["needs a key", "is loading", "one model"],
)
async def test_what_a_found_server_lacks_is_told(
    tmp_path: Path, no_local_servers: list[FoundServer], server: FoundServer, told: str
) -> None:
    no_local_servers.append(server)
    async with chat(tmp_path) as c:
        await c.sees(told)


async def test_keys_are_taken_while_a_provider_is_asked_for_its_models(tmp_path: Path) -> None:
    held = HeldProvider(name="env")
    held.may_list.clear()
    async with chat(tmp_path, environ={"CHATUI_BASE_URL": "http://127.0.0.1:9"}, held=held) as c:
        await c.type("I can type")
        await c.sees("❯ I can type")
        held.may_list.set()
        await c.sees("env/one")


async def test_a_broken_config_is_told_with_file_key_and_line_and_the_app_works(tmp_path: Path) -> None:
    file = _configure(tmp_path, 'theme = "paper"\nfavorites = "demo/slow"\n')
    async with chat(tmp_path, "-m", "held/one", size=NARROW) as c:
        await c.reads(f"{file}:2: favorites:")
        assert c.app.theme == "paper"
        c.held.say("works")
        c.held.end()
        await c.ask("Does it?")
        await c.sees("works")


async def test_a_config_that_is_not_toml_is_told_with_its_line(tmp_path: Path) -> None:
    file = _configure(tmp_path, "theme = 'ink'\nmodel = = 3\n")
    async with chat(tmp_path, size=NARROW) as c:
        await c.reads(f"{file}:2")
        await c.sees("Message demo/guide")


async def test_no_escape_sequence_of_a_config_reaches_the_screen(tmp_path: Path) -> None:
    _configure(tmp_path, '[keys]\n"\\u001b[31mred" = "f9"\n')
    async with chat(tmp_path, "--theme", "\x1b[31mblue[/]", size=NARROW) as c:
        await c.reads("␛[31mred")
        await c.reads("␛[31mblue[/]")
        assert "\x1b" not in c.text


async def test_a_damaged_state_is_told_and_kept_aside(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "state.toml").write_text("theme = [")
    async with chat(tmp_path, size=NARROW) as c:
        await c.reads("state.damaged-1.toml")
        assert c.app.theme == "ink"


async def test_a_theme_that_is_not_there_is_told(tmp_path: Path) -> None:
    async with chat(tmp_path, "--theme", "nowhere", size=NARROW) as c:
        await c.reads("There is no theme “nowhere”")
        assert c.app.theme == "ink"


async def test_a_theme_of_ones_own_is_there_and_a_broken_one_is_told(tmp_path: Path) -> None:
    themes = tmp_path / "config" / "themes"
    themes.mkdir(parents=True)
    good = 'name = "mine"\ndark = true\n[colors]\nprimary = "#4f8cc9"\nforeground = "#eeeeee"\nbackground = "#111111"\n'
    (themes / "mine.toml").write_text(good)
    (themes / "bad.toml").write_text('name = "bad"\n')
    async with chat(tmp_path, "--theme", "mine", size=NARROW) as c:
        assert c.app.theme == "mine"
        await c.reads("bad.toml")


async def test_the_palette_runs_any_command(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        await c.press("ctrl+p")
        await c.until(lambda: len(c.app.screen_stack) == 2)
        await c.type_into_dialog("system prompt")
        await c.sees("/system")
        await c.press("enter")
        await c.sees("System prompt of this session")


async def test_ctrl_q_leaves_at_once_when_nothing_streams(tmp_path: Path) -> None:
    async with chat(tmp_path) as c:
        await c.press("ctrl+q")
        await c.until(lambda: not c.app.is_running)
        assert c.app.return_code == 0


@pytest.mark.parametrize("keys", [("ctrl+q",), ("ctrl+q", "ctrl+q", "ctrl+q")], ids=["once", "impatiently"])
async def test_leaving_while_a_reply_streams_asks_first_and_keeps_it(tmp_path: Path, keys: tuple[str, ...]) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.enter("Hello")
        c.held.say("half")
        await c.sees("half")
        await c.press(*keys)
        await c.sees("A reply is still streaming. What has come is kept.")
        await c.press("n")
        await c.until(lambda: len(c.app.screen_stack) == 1)
        assert c.desk.live.is_streaming
        await c.press(*keys)
        await c.sees("still streaming")
        await c.press("y")
        await c.until(lambda: not c.app.is_running)
        assert c.app.return_code == 0
        assert (c.saved["messages"][1]["text"], c.saved["messages"][1]["status"]) == ("half", "cancelled")


async def _run_into(app: ChatApp, fault: Callable[[], object]) -> None:
    async with app.run_test() as pilot:
        app.call_later(fault)
        await pilot.pause()


async def test_a_fault_of_our_own_is_one_line_and_a_private_log_without_values(tmp_path: Path) -> None:
    secret = "sk-very-secret"
    app = make_chat_app(tmp_path, "-m", "held/one")
    with pytest.raises(ZeroDivisionError):
        await _run_into(app, lambda: len(secret) / 0)
    log = tmp_path / "state" / "log"
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert "ZeroDivisionError" in log.read_text()
    assert secret not in log.read_text()
    assert app.return_code == 1
    told = f"chatui stopped because of a fault of its own. The conversation is saved. Details are in {log}."
    assert app.last_words == [told]


async def test_a_log_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    app = make_chat_app(tmp_path, "-m", "held/one")
    (tmp_path / "state" / "log").mkdir(parents=True)
    with pytest.raises(ZeroDivisionError):
        await _run_into(app, lambda: 1 / 0)
    assert f"{tmp_path}/state/log" in app.last_words[0]


async def test_leaving_before_all_is_loaded_is_an_ordinary_end(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        live = c.desk.live
        await c.app.leave(0)
        await c.desk.load_older(live)
        await c.until(lambda: not c.app.is_running)
        assert c.app.return_code == 0
