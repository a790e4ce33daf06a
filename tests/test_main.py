"""From the command line to the screen: what each argument does."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from chatui.__main__ import run
from chatui.storage.errors import StorageError
from chatui.ui.app import ChatApp
from tests.ui.chat_stage import chat, make_chat_app
from tests.ui.held import HeldProvider
from tests.ui.saved_sessions import save_session

MARCH = "20260301-120000-aaaa"
MAY = "20260501-120000-bbbb"


@pytest.fixture
def two_sessions(tmp_path: Path) -> Path:
    """A home with a session of March about monads and one of May about soup."""
    save_session(tmp_path, MARCH, "What is a monad?", "A monoid in the category of endofunctors.", title="Monads")
    save_session(tmp_path, MAY, "How do I cook soup?", "With water.", title="Soup")
    return tmp_path


async def test_a_prompt_on_the_command_line_is_sent_at_once(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one", "What is", "a monad?") as c:
        await c.until(lambda: c.held.requests)
        assert c.held.requests[0].turns[-1].text == "What is a monad?"
        await c.sees("What is a monad?")


async def test_piped_text_waits_in_the_prompt(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one", piped="a diff\nof two lines") as c:
        await c.sees("❯ a diff", "of two lines")
        assert not c.held.requests


async def test_piped_text_goes_along_with_a_prompt(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one", "Review this", piped="a diff") as c:
        await c.until(lambda: c.held.requests)
        assert c.held.requests[0].turns[-1].text == "Review this\n\na diff"


async def test_continue_opens_the_session_written_last(two_sessions: Path) -> None:
    async with chat(two_sessions, "-c") as c:
        await c.sees("Soup", "With water.")
        await c.ask_held("And salt?", "A little.")
        assert [m["text"] for m in c.saved["messages"]][-2:] == ["And salt?", "A little."]
        assert len(c.session_files) == 2


async def test_continue_without_any_session_says_so_and_starts_one(tmp_path: Path) -> None:
    async with chat(tmp_path, "-c") as c:
        await c.sees("There is no saved session yet")


async def test_resume_finds_a_session_by_its_title(two_sessions: Path) -> None:
    async with chat(two_sessions, "-r", "monad") as c:
        await c.sees("Monads", "A monoid in the category")


async def test_resume_without_a_value_opens_the_list(two_sessions: Path) -> None:
    async with chat(two_sessions, "-r") as c:
        await c.sees("Sessions", "Monads", "Soup")
        await c.type_into_dialog("monad")
        await c.press("enter")
        await c.sees("A monoid in the category")


async def test_a_named_session_is_made_and_found_again(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one", "--session", "notes") as c:
        await c.ask_held("Remember milk", "Noted.")
        assert (tmp_path / "data" / "sessions" / "notes.toml").exists()
    async with chat(tmp_path, "--session", "notes") as c:
        await c.sees("Remember milk", "Noted.")


async def test_the_model_flag_wins_over_the_model_of_a_session(two_sessions: Path) -> None:
    async with chat(two_sessions, "-c", "-m", "held/two") as c:
        await c.sees("model: held/one → held/two", "Message held/two")
        await c.ask_held("And salt?", "A little.")
        assert c.held.requests[0].model == "two"


async def test_the_system_flag_sets_the_system_prompt_of_a_new_session(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one", "--system", "Be terse.") as c:
        await c.ask_held("Hello", "Hi.")
        assert c.held.requests[0].system == "Be terse."
        assert c.saved["system"] == "Be terse."


async def test_the_theme_flag_holds_for_this_run_and_is_not_remembered(tmp_path: Path) -> None:
    async with chat(tmp_path, "--theme", "paper") as c:
        assert c.app.theme == "paper"
    assert not (tmp_path / "state" / "state.toml").exists()


async def test_the_data_folder_can_be_elsewhere(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one", "--data-dir", str(tmp_path / "else")) as c:
        await c.ask_held("Hello", "Hi.")
    assert list((tmp_path / "else" / "sessions").glob("*.toml"))
    assert not (tmp_path / "data").exists()


async def test_the_model_chosen_last_answers_next_time(tmp_path: Path) -> None:
    held = HeldProvider(name="demo")
    async with chat(tmp_path) as c:
        await c.enter("/model demo/slow")
        await c.sees("demo/slow")
        await c.until(lambda: (tmp_path / "state" / "state.toml").exists())
    async with chat(tmp_path, held=held) as c:
        await c.sees("Message demo/slow")


async def test_a_played_cassette_answers_under_its_own_model_with_its_price(tmp_path: Path) -> None:
    cassette = tmp_path / "reply.toml"
    cassette.write_text(
        'format = 1\nmodel = "glm-5"\ncontext_window = 2000\nprice = { input = 1.0, output = 2.0 }\n'
        '[[replies]]\nevents = [{ text = "From the tape" }, { usage = { input = 500000, output = 100 } }, '
        '{ finish_reason = "stop" }]\n'
    )
    async with chat(tmp_path, "--play", str(cassette)) as c:
        await c.sees("scripted/glm-5")
        await c.ask("Play")
        await c.sees("From the tape", "$0.50", "2k")
        assert c.saved["messages"][1]["model"] == "scripted/glm-5"


async def test_a_stream_is_recorded_and_can_be_played(tmp_path: Path) -> None:
    first, second = tmp_path / "first.toml", tmp_path / "second.toml"
    first.write_text(
        'format = 1\nmodel = "glm-5"\n[[replies]]\nevents = [{ text = "Said once" }, { finish_reason = "stop" }]\n'
    )
    async with chat(tmp_path, "--play", str(first), "--record", str(second)) as c:
        await c.ask("Speak")
    async with chat(tmp_path, "--play", str(second)) as c:
        await c.ask("Again")
        assert c.saved["messages"][1]["text"] == "Said once"


async def test_a_recording_that_cannot_be_written_is_told_once_when_the_screen_is_gone(tmp_path: Path) -> None:
    tape = tmp_path / "a-folder"
    tape.mkdir()
    async with chat(tmp_path, "--record", str(tape)) as c:
        for _ in range(2):
            await c.ask("/demo error 401")
        assert len(c.app.last_words) == 1
        assert str(tape) in c.app.last_words[0]


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (("-r", "no such title"), "No session fits"),
        (("--config", "/nowhere/config.toml"), "There is no config file"),
        (("--session", "../escape/\x00"), "session"),
        (("--play", "/nowhere/tape.toml"), "cannot be read"),
    ],
    ids=["unknown session", "missing config", "bad session name", "missing cassette"],
)
def test_what_cannot_be_opened_is_told_before_there_is_a_screen(
    tmp_path: Path, argv: tuple[str, ...], told: str
) -> None:
    with pytest.raises(StorageError, match=told):
        make_chat_app(tmp_path, *argv)


def test_the_themes_are_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["themes"], {"CHATUI_HOME": str(tmp_path)}) == 0
    assert "ink\tdark" in capsys.readouterr().out.splitlines()


def test_a_broken_theme_is_told_with_the_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    themes = tmp_path / "config" / "themes"
    themes.mkdir(parents=True)
    (themes / "bad.toml").write_text("name = 3")
    assert run(["themes"], {"CHATUI_HOME": str(tmp_path)}) == 2
    assert "bad.toml" in capsys.readouterr().err


def test_config_commands_need_no_screen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["config", "path"], {"CHATUI_HOME": str(tmp_path)}) == 0
    assert capsys.readouterr().out == f"{tmp_path}/config/config.toml\n"


def test_without_a_terminal_there_is_no_screen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([], {"CHATUI_HOME": str(tmp_path)}) == 2
    assert capsys.readouterr().err.startswith("chatui: this is a screen for a terminal")


def test_without_a_terminal_to_read_keys_from_there_is_no_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def take() -> str:
        raise OSError(6, "No such device or address", "/dev/tty")

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr("chatui.screen.take_piped_input", take)
    assert run([], {"CHATUI_HOME": str(tmp_path)}) == 2
    assert "no terminal to read keys from" in capsys.readouterr().err


def test_ctrl_c_before_there_is_a_screen_ends_with_130(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def take() -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr("chatui.screen.take_piped_input", take)
    assert run([], {"CHATUI_HOME": str(tmp_path)}) == 130


def test_what_cannot_be_opened_is_one_line_and_exit_code_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr("chatui.screen.take_piped_input", lambda: "")
    assert run(["-r", "nothing\x1b[31m"], {"CHATUI_HOME": str(tmp_path)}) == 2
    told = capsys.readouterr().err
    assert told.startswith("chatui: No session fits")
    assert "\x1b" not in told
    assert told.count("\n") == 1


@pytest.mark.parametrize(("code", "words"), [(None, []), (143, []), (1, ["It broke."])])
def test_the_exit_code_is_the_screens_and_last_words_follow_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    code: int | None,
    words: list[str],
) -> None:
    def run_app(app: ChatApp) -> None:
        app._return_code = code
        app._front.last_words.extend(words)

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr("chatui.screen.take_piped_input", lambda: "")
    monkeypatch.setattr(ChatApp, "run", run_app)
    assert run([], {"CHATUI_HOME": str(tmp_path)}) == (code or 0)
    assert capsys.readouterr().err.splitlines() == words
