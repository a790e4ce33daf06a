"""Choosing the model of the next reply."""

from __future__ import annotations

from pathlib import Path

from tests.ui.chat_stage import chat
from tests.ui.held import HeldProvider
from tests.ui.saved_sessions import save_session


def _set_favorites(home: Path, *names: str) -> None:
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text(f"favorites = {list(names)!r}\n")


async def test_another_model_in_mid_conversation_is_said_saved_and_asked_next(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.ask_held("First", "alpha")
        await c.press("ctrl+t")
        await c.sees("Model of the next reply", "1k", "$1/$2")
        await c.type_into_dialog("two")
        await c.press("enter")
        await c.sees("model: held/one → held/two, from the next reply on", "Message held/two")
        assert c.saved["model"] == "held/two"
        await c.until(lambda: c.state["recent_models"] == ["held/two"])
        await c.ask_held("Second", "beta")
        await c.sees("→ two  held")
        assert [m.get("model") for m in c.saved["messages"]] == [None, "held/one", None, "held/two"]
        assert [turn.text for turn in c.held.requests[1].turns] == ["First", "alpha", "Second"]
        assert c.held.requests[1].model == "two"


async def test_a_switch_while_a_reply_streams_holds_from_the_next_one_on(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.enter("First")
        c.held.say("alpha ")
        await c.sees("alpha")
        await c.enter("/model held/two")
        await c.sees("Message held/two")
        c.held.say("omega")
        c.held.end()
        await c.sees("alpha omega", "ready")
        await c.rests()
        assert c.saved["messages"][1]["model"] == "held/one"
        assert c.saved["model"] == "held/two"
        await c.sees("model: held/one → held/two")
        assert c.text.index("alpha omega") < c.text.index("model: held/one → held/two")


async def test_choosing_back_takes_the_note_away(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.ask_held("First", "alpha")
        await c.enter("/model held/two")
        await c.sees("held/one → held/two")
        await c.enter("/model held/one")
        await c.misses("held/one → held/two")


async def test_models_come_as_their_providers_answer_and_silence_is_told(tmp_path: Path) -> None:
    held = HeldProvider(models=("slowcoach",))
    held.may_list.clear()
    async with chat(tmp_path, "-m", "held/one", environ={"DEEPSEEK_API_KEY": "\x07"}, held=held) as c:
        await c.press("ctrl+t")
        await c.sees("one", "guide", "deepseek:")
        assert "slowcoach" not in c.text
        held.may_list.set()
        await c.sees("slowcoach")


async def test_a_model_that_no_list_names_can_be_typed(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.press("ctrl+t")
        await c.sees("Model of the next reply")
        await c.type_into_dialog("held/brand-new")
        await c.sees("use it as it is")
        await c.press("enter")
        await c.sees("Message held/brand-new")


async def test_a_provider_that_is_not_there_is_told_with_what_to_do(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        for name, told in (("nobody/x", "There is no provider “nobody”"), ("bare", "does not name a model")):
            await c.enter(f"/model {name}")
            await c.until(lambda told=told: any(told in notice for notice in c.notices))  # type: ignore[misc]
        assert c.desk.live.model == "held/one"


async def test_f5_in_the_list_asks_the_last_prompt_again_with_the_model_there(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.press("ctrl+t")
        await c.sees("held/one")
        assert "F5 ask again" not in c.text, "there is nothing to ask again yet"
        await c.press("escape")
        await c.ask_held("Hello", "One.")
        await c.press("ctrl+t")
        await c.sees("F5 ask again", "two")
        await c.type_into_dialog("held/two")
        c.held.say("Two.")
        c.held.end()
        await c.press("f5")
        await c.sees("Two.", "‹2/2›", "Message held/two")
        await c.rests()
        assert [request.model for request in c.held.requests] == ["one", "two"]
        assert c.held.requests[1].turns == c.held.requests[0].turns


async def test_esc_leaves_the_model_as_it_was(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.press("ctrl+t")
        await c.sees("Model of the next reply")
        await c.press("down", "escape")
        await c.misses("Model of the next reply")
        assert c.desk.live.model == "held/one"


async def test_f2_goes_round_the_favourites(tmp_path: Path) -> None:
    _set_favorites(tmp_path, "held/one", "held/two", "demo/guide")
    async with chat(tmp_path, "-m", "held/two") as c:
        for name in ("demo/guide", "held/one", "held/two"):
            await c.press("f2")
            await c.sees(f"Message {name}")
        await c.press("ctrl+t")
        await c.sees("favourites", "★")


async def test_f2_without_favourites_says_how_to_get_some(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.press("f2")
        await c.until(lambda: any("No other favourite yet" in notice for notice in c.notices))


async def test_a_session_whose_next_model_differs_says_so_when_opened(tmp_path: Path) -> None:
    path = save_session(tmp_path, "20261101-120000-aaaa", "Hello", "Good day", model="held/one")
    path.write_text(path.read_text().replace('model = "held/one"\n', 'model = "held/two"\n', 1))
    async with chat(tmp_path, "-c") as c:
        await c.sees("model: held/one → held/two, from the next reply on")
