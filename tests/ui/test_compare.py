"""Comparing models in the app: columns, a key to choose, answers to flip through, and what differs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from chatui.conversation.failure import Failure, FailureKind
from chatui.ui.screens.compare import CompareScreen, Lane
from tests.ui.chat_stage import Chat, chat
from tests.ui.gated import GatedProvider


@pytest.fixture
def gated() -> GatedProvider:
    return GatedProvider()


async def begin(
    app: Chat, gated: GatedProvider, command: str = "/compare gated/a gated/b Why is the sky blue?"
) -> None:
    app.desk.services.roster.offer(gated)
    await app.enter(command)
    await app.until(lambda: isinstance(app.app.screen, CompareScreen) and len(gated.models) > 1)


def lanes(app: Chat) -> Sequence[Lane]:
    return list(app.app.screen.query(Lane))


async def test_the_replies_stream_side_by_side(home: Path, gated: GatedProvider) -> None:
    async with chat(home) as app:
        await begin(app, gated)
        gated.say("a", "Rayleigh **scattering**.")
        gated.say("b", "Because it is.")
        await app.sees(
            "Why is the sky blue?", "Rayleigh scattering.", "Because it is.", " 1 ", " 2 ", "1–2 go on with it"
        )
        row = next(line for line in app.text.splitlines() if "Rayleigh" in line)
        assert "Because it is." in row
        gated.end("a", "b")
        await app.sees("stop ·", "Esc leave")


@pytest.mark.parametrize("size", [(80, 30), (120, 30), (200, 40)])
async def test_each_column_names_its_model_and_breaks_its_figures_between_two_of_them(
    home: Path, gated: GatedProvider, size: tuple[int, int]
) -> None:
    async with chat(home, size=size) as app:
        await begin(app, gated, "/compare gated/a gated/b gated/c Hello")
        for name in "abc":
            gated.say(name, "word " * 400)
        gated.end("a", "b", "c")
        await app.sees(" 1  gated/a", " 2  gated/b", " 3  gated/c", "stop", "Esc leave")
        for line in app.text.splitlines():
            for cell in line.split("▏"):
                assert not cell.strip().endswith(" ·")
                assert not cell.strip().startswith("·")


@pytest.mark.parametrize(("size", "is_stacked"), [((80, 30), True), ((120, 30), False), ((200, 50), False)])
async def test_three_columns_stand_below_one_another_where_it_is_narrow(
    home: Path, gated: GatedProvider, size: tuple[int, int], *, is_stacked: bool
) -> None:
    async with chat(home, size=size) as app:
        await begin(app, gated, "/compare gated/a gated/b gated/c Hello")
        tops = {lane.region.y for lane in lanes(app)}
        assert (len(tops) == 3) is is_stacked
        assert all(lane.region.width >= 28 and lane.transcript.region.height >= 5 for lane in lanes(app))
        gated.end("a", "b", "c")
        await app.sees("Esc leave")


async def test_a_key_chooses_and_the_conversation_goes_on_with_it(home: Path, gated: GatedProvider) -> None:
    async with chat(home) as app:
        await begin(app, gated)
        gated.say("a", "First answer")
        gated.say("b", "Second answer")
        gated.end("a", "b")
        await app.sees("Esc leave")
        await app.press("2")
        await app.sees("Second answer", "‹2/2›", "Message gated/b")
        await app.misses("First answer")
        assert app.desk.live.model == "gated/b"
        assert app.saved["active"] == "m3"
        assert app.saved["model"] == "gated/b"
        assert {message["text"] for message in app.saved["messages"]} == {
            "Why is the sky blue?",
            "First answer",
            "Second answer",
        }


async def test_the_chosen_answer_stands_with_its_own_state_whatever_became_of_the_reply_before(
    home: Path, gated: GatedProvider
) -> None:
    async with chat(home, "-m", "held/one") as app:
        await app.enter("First")
        app.held.say("Half of an ans")
        await app.sees("Half of an ans")
        await app.press("escape")
        await app.sees("■ stopped")
        await app.rests()
        await begin(app, gated)
        gated.say("a", "One")
        gated.say("b", "Two")
        gated.end("a", "b")
        await app.sees("Esc leave")
        await app.press("1")
        await app.sees("○ ready", "‹1/2›")


async def test_choosing_early_stops_the_others_and_waits_for_the_chosen(home: Path, gated: GatedProvider) -> None:
    async with chat(home) as app:
        await begin(app, gated)
        gated.say("a", "Half of an ans")
        gated.say("b", "Still ")
        await app.sees("Half of an ans", "Still")
        await app.press("2")
        await app.sees("stopped")
        assert isinstance(app.app.screen, CompareScreen)
        gated.say("b", "coming")
        gated.end("b")
        await app.sees("Still coming", "‹2/2›")
        texts = {message["text"]: message["status"] for message in app.saved["messages"] if "status" in message}
        assert texts == {"Half of an ans": "cancelled", "Still coming": "complete"}


async def test_esc_stops_all_then_leaves_and_everything_is_kept(home: Path, gated: GatedProvider) -> None:
    async with chat(home) as app:
        await begin(app, gated)
        gated.say("a", "Half a")
        gated.say("b", "Half b")
        await app.sees("Half a", "Half b")
        await app.press("escape")
        await app.sees("Esc leave")
        await app.press("escape")
        await app.sees("Half a", "‹1/2›")
        assert len(app.saved["messages"]) == 3
        assert not app.desk.live.is_streaming
        await app.pilot.pause()


async def test_a_lane_that_fails_says_why_beside_the_others(home: Path, gated: GatedProvider) -> None:
    async with chat(home) as app:
        await begin(app, gated)
        gated.fail("a", Failure(FailureKind.AUTHENTICATION, "No such key.", status=401))
        gated.say("b", "Fine")
        gated.end("b")
        await app.sees("The key was refused (401)", "failed: authentication", "Fine")


async def test_answers_are_flipped_through(home: Path, gated: GatedProvider) -> None:
    async with chat(home) as app:
        await begin(app, gated, "/compare gated/a gated/b gated/c Hello")
        for number, model in enumerate("abc", start=1):
            gated.say(model, f"Answer {model}")
            await app.sees(f"Answer {model}")
            gated.end(model)
            await app.until(lambda number=number: app.text.count("stop ·") == number)  # type: ignore[misc]  # bound early
        await app.press("1")
        await app.sees("Answer a", "‹1/3›")
        await app.press("alt+right")
        await app.sees("Answer b", "‹2/3›")
        await app.press("alt+left")
        await app.press("alt+left")
        await app.sees("Answer c", "‹3/3›")
        assert app.saved["active"] == "m4"
        await app.enter("/next")
        await app.sees("Answer a")


async def test_with_one_answer_there_is_nothing_to_flip_or_to_tell_apart(home: Path) -> None:
    async with chat(home, "-m", "held/one") as app:
        await app.ask_held("Hello", "Hi there")
        await app.press("alt+right")
        await app.until(lambda: any("only one answer" in notice for notice in app.notices))
        await app.enter("/diff")
        await app.until(lambda: any("no other answer" in notice for notice in app.notices))


async def test_a_second_answer_says_so_as_soon_as_it_is_over(home: Path) -> None:
    async with chat(home, "-m", "held/one") as app:
        await app.ask_held("Hello", "Hi there")
        app.held.say("Good day")
        app.held.end()
        await app.press("f5")
        await app.sees("Good day", "‹2/2›")


async def test_the_diff_marks_words_by_sign(home: Path, gated: GatedProvider) -> None:
    async with chat(home) as app:
        await begin(app, gated)
        gated.say("a", "The sky is blue.")
        gated.say("b", "The sky is [bold]grey.")
        await app.sees("blue", "grey")
        gated.end("a")
        gated.end("b")
        await app.sees("Esc leave")
        await app.press("1")
        await app.sees("‹1/2›")
        await app.enter("/diff 2")
        await app.sees("Word by word", "[-blue-]", "{+[bold]grey+}", "% the same")
        await app.press("down", "pagedown", "escape")
        await app.misses("Word by word")
        await app.enter("/diff 7")
        await app.until(lambda: any("numbered 1 to 2" in notice for notice in app.notices))


async def test_models_are_marked_in_the_picker(home: Path, gated: GatedProvider) -> None:
    async with chat(home) as app:
        app.desk.services.roster.offer(gated)
        await app.type("Hello")
        await app.press("ctrl+a", "ctrl+t")
        if "Model of the next reply" not in app.text:
            await app.enter("/model")
        await app.sees("Model of the next reply", "mark to compare")
        await app.type_into_dialog("gated")
        await app.sees("gated", "4 of")
        await app.press("tab", "tab")
        await app.sees("2 marked")
        await app.press("enter")
        await app.sees("Ask them all")
        await app.press("escape")


async def test_compare_without_models_opens_the_picker(home: Path, gated: GatedProvider) -> None:
    async with chat(home, "-m", "held/one") as app:
        await app.ask_held("Hello", "Hi there")
        app.desk.services.roster.offer(gated)
        await app.press("f6")
        await app.sees("Models to compare", "gated")
        await app.type_into_dialog("gated")
        await app.sees("4 of")
        await app.press("tab", "tab", "tab", "enter")
        await app.until(lambda: len(lanes(app)) == 3 and len(gated.models) == 3)
        gated.end(*gated.models)
        await app.sees("Esc leave")


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/compare gated/a gated/b gated/c gated/d demo/guide Hi", "Name 2 to 4 different models"),
        ("/compare demo/guide Hi", "Name 2 to 4 different models"),
    ],
)
async def test_too_many_or_too_few_models_are_refused(
    home: Path, gated: GatedProvider, command: str, words: str
) -> None:
    async with chat(home) as app:
        app.desk.services.roster.offer(gated)
        await app.enter(command)
        await app.until(lambda: any(words in notice for notice in app.notices))
        assert not gated.models


async def test_while_a_reply_streams_nothing_is_compared(home: Path, gated: GatedProvider) -> None:
    async with chat(home, "-m", "held/one") as app:
        app.desk.services.roster.offer(gated)
        await app.enter("Hello")
        app.held.say("Still")
        await app.sees("Still")
        await app.enter("/compare gated/a gated/b Hi")
        await app.until(lambda: any("still streams" in notice for notice in app.notices))
        app.held.end()


async def test_quitting_in_the_middle_keeps_what_came(home: Path, gated: GatedProvider) -> None:
    async with chat(home) as app:
        await begin(app, gated)
        gated.say("a", "Half a")
        await app.sees("Half a")
        name = app.desk.live.header.id
        await app.app.leave(0)
    text = (home / "data" / "sessions" / f"{name}.toml").read_text()
    assert "Half a" in text
    assert [path.name for path in (home / "data" / "sessions").iterdir()] == [f"{name}.toml"]
