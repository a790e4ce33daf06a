"""Editing an earlier prompt, asking again from any place, and flipping through the branches that come of it."""

from __future__ import annotations

from pathlib import Path

from tests.ui.chat_stage import Chat, chat
from tests.ui.reading_stage import block_of, press
from tests.ui.saved_sessions import save_session

OLD = "20261101-120000-aaaa"


async def answer(c: Chat, text: str) -> None:
    """Have the held model answer what was just sent."""
    c.held.say(text)
    c.held.end()
    await c.sees(text)
    await c.rests()


async def test_e_on_a_prompt_edits_it_and_enter_makes_a_branch_beside_the_old_one(tmp_path: Path) -> None:
    save_session(tmp_path, OLD, "First?", "One.", "Second?", "Two.")
    async with chat(tmp_path, "--session", OLD) as c:
        await c.type("my draft")
        await press(c, "ctrl+up", "ctrl+up")
        assert block_of(c).source == "First?"
        await c.sees("e edit", "r ask again")
        await press(c, "e")
        await c.sees("Editing a prompt", "Enter makes a branch", "the old stays", "Esc leaves")
        assert c.desk.prompt.full_text == "First?"
        assert c.app.focused is c.desk.prompt
        await c.type(" Please.")
        await press(c, "enter")
        await answer(c, "Polite one.")
        await c.sees("First? Please.", "‹2/2›")
        await c.misses("Editing a prompt")
        await c.misses("Second?")
        assert c.desk.prompt.full_text == "my draft"
        assert [turn.text for turn in c.held.requests[0].turns] == ["First? Please."]
        await press(c, "alt+left")
        await c.sees("Second?", "Two.", "‹1/2›")
        await c.misses("Polite one.")
        assert len(c.saved["messages"]) == 6
    async with chat(tmp_path, "--session", OLD) as c:
        await c.sees("Second?", "Two.", "‹1/2›")
        await press(c, "alt+right")
        await c.sees("First? Please.", "Polite one.", "‹2/2›")


async def test_escape_leaves_the_editing_and_gives_the_draft_back(tmp_path: Path) -> None:
    save_session(tmp_path, OLD, "First?", "One.")
    async with chat(tmp_path, "--session", OLD) as c:
        await c.type("my draft")
        await press(c, "ctrl+up", "e")
        await press(c, "escape")
        assert c.desk.prompt.full_text == "my draft"
        await c.misses("Editing a prompt")
        await press(c, "ctrl+up", "e")
        await c.type(" And more")
        await press(c, "escape")
        await c.until(lambda: any("Your changes are kept" in notice for notice in c.notices))
        assert c.desk.prompt.full_text == "my draft"
        await press(c, "ctrl+up", "e")
        assert c.desk.prompt.full_text == "First? And more"
        assert not c.held.requests


async def test_e_on_a_reply_edits_the_prompt_that_it_answers(tmp_path: Path) -> None:
    save_session(tmp_path, OLD, "First?", "One.", "Second?", "Two.")
    async with chat(tmp_path, "--session", OLD) as c:
        await press(c, "alt+up", "e")
        assert c.desk.prompt.full_text == "Second?"


async def test_slash_edit_edits_the_last_prompt_and_an_unchanged_one_is_not_sent(tmp_path: Path) -> None:
    save_session(tmp_path, OLD, "First?", "One.", "Second?", "Two.")
    async with chat(tmp_path, "--session", OLD) as c:
        await c.enter("/edit")
        assert c.desk.prompt.full_text == "Second?"
        await press(c, "enter")
        await c.until(lambda: any("Nothing is changed yet" in notice for notice in c.notices))
        await c.sees("Editing a prompt")
        assert c.desk.prompt.full_text == "Second?"
        assert not c.held.requests


async def test_while_a_reply_streams_an_edited_prompt_stays_in_the_box(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.enter("First?")
        c.held.say("alpha")
        await c.sees("alpha")
        await c.enter("Waits")
        await c.sees("queued")
        await press(c, "ctrl+up", "e")
        await c.type(" More")
        await press(c, "enter")
        await c.until(lambda: any("A reply still streams" in notice for notice in c.notices))
        assert c.desk.prompt.full_text == "First? More"
        assert c.desk.live.queue.prompts == ("Waits",)
        c.held.end()
        await c.sees("Waits")
        await answer(c, "beta")
        await press(c, "enter")
        await answer(c, "gamma")
        assert [turn.text for turn in c.held.requests[-1].turns] == ["First? More"]


async def test_a_session_that_can_only_be_read_says_so_and_flips_all_the_same(tmp_path: Path) -> None:
    save_session(tmp_path, OLD, "First?", "One.")
    async with chat(tmp_path, "-c") as first:
        await press(first, "ctrl+up", "e")
        await first.type(" Yes?")
        await press(first, "enter")
        await answer(first, "Two.")
        async with chat(tmp_path, "-c") as second:
            await second.sees("Two.")
            await press(second, "ctrl+up", "e")
            await second.until(lambda: any("/fork makes a copy" in notice for notice in second.notices))
            assert second.desk.editing.message is None
            before = list(second.notices)
            await press(second, "alt+left")
            await second.sees("One.")
            assert second.notices == before


async def test_brackets_flip_what_is_under_the_cursor_and_the_cursor_stays_there(tmp_path: Path) -> None:
    save_session(tmp_path, OLD, "First?", "One.", "Second?", "Two.")
    async with chat(tmp_path, "--session", OLD) as c:
        await press(c, "ctrl+up", "ctrl+up", "e")
        await c.type(" Again?")
        await press(c, "enter")
        await answer(c, "Three.")
        await press(c, "ctrl+up", "left_square_bracket")
        await c.sees("Two.", "‹1/2›")
        assert block_of(c).source == "First?"
        assert c.desk.transcript.cursor_row == 0
        await press(c, "right_square_bracket")
        await c.sees("Three.", "‹2/2›")
        assert block_of(c).source == "First? Again?"
        await press(c, "alt+down", "right_square_bracket")
        await c.until(lambda: any("no other version here" in notice for notice in c.notices))


async def test_r_asks_again_from_the_prompt_under_the_cursor(tmp_path: Path) -> None:
    save_session(tmp_path, OLD, "First?", "One.", "Second?", "Two.")
    async with chat(tmp_path, "--session", OLD) as c:
        await press(c, "ctrl+up", "ctrl+up", "r")
        await answer(c, "One, again.")
        assert [turn.text for turn in c.held.requests[0].turns] == ["First?"]
        await c.misses("Second?")
        await press(c, "alt+left")
        await c.sees("Second?", "Two.", "‹1/2›")


async def test_marks_come_when_the_older_part_with_the_other_version_is_read(tmp_path: Path) -> None:
    texts = [f"{'Q' if n % 2 else 'A'}{n} " + "word " * 400 for n in range(1, 101)]
    save_session(tmp_path, OLD, *texts)
    async with chat(tmp_path, "--session", OLD) as c:
        await c.until(lambda: len(c.desk.conversation) == 100)
        live = c.desk.live
        c.held.say("New branch.")
        c.held.end()
        c.desk.conversation.activate(None)
        c.desk.show_branch()
        c.desk.send("Instead", instead_of="m1")
        await c.sees("New branch.")
        await c.rests()
        assert live.conversation.siblings("m1") == ["m1", "m101"]
    async with chat(tmp_path, "--session", OLD) as c:
        await c.sees("Instead", "New branch.", "‹2/2›")


async def test_a_long_pasted_prompt_is_edited_at_its_edges_and_goes_out_whole(tmp_path: Path) -> None:
    log = "\n".join(f"line {number}" for number in range(2000))
    prompt = f"What is wrong here?\n{log}\nAnswer in a word."
    save_session(tmp_path, OLD, prompt, "Nothing.", title="Log")
    async with chat(tmp_path, "--session", OLD) as c:
        await c.enter("/edit")
        assert c.desk.prompt.full_text == prompt
        assert c.desk.prompt.text.startswith("What is wrong here?\n")
        assert c.desk.prompt.text.endswith("\nAnswer in a word.")
        assert "[pasted" in c.desk.prompt.text
        await c.type(" Now.")
        await press(c, "enter")
        await answer(c, "All of it.")
        assert c.held.requests[0].turns[0].text == f"{prompt} Now."
