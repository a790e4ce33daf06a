"""The session on screen: opened, replaced, read-only, and long ones."""

from __future__ import annotations

from pathlib import Path

from chatui.storage.paths import find_places
from chatui.storage.shelf import Shelf
from tests.ui.chat_stage import chat
from tests.ui.saved_sessions import save_session

OLD = "20261101-120000-aaaa"


async def test_a_session_that_another_chatui_has_open_can_only_be_read(tmp_path: Path) -> None:
    save_session(tmp_path, OLD, "Hello", "Good day")
    async with chat(tmp_path, "-c") as first:
        await first.sees("Good day")
        async with chat(tmp_path, "-c") as second:
            await second.sees("Good day")
            await second.until(lambda: any("Another chatui" in notice for notice in second.notices))
            await second.enter("May I write?")
            await second.until(lambda: any("read-only" in notice for notice in second.notices))
            assert second.desk.prompt.text == "May I write?"
            assert not second.held.requests
            await second.press("f5")
            await second.until(lambda: any("nothing was asked" in notice for notice in second.notices))
            await second.press("ctrl+g")
            await second.until(lambda: any("not continued here" in notice for notice in second.notices))
            assert not second.held.requests
        assert len(first.saved["messages"]) == 2


async def test_a_session_of_a_newer_format_is_shown_and_never_written(tmp_path: Path) -> None:
    path = save_session(tmp_path, OLD, "Hello", "Good day")
    newer = path.read_text().replace("format = 1", "format = 99")
    path.write_text(newer)
    async with chat(tmp_path, "--session", OLD) as c:
        await c.sees("Good day")
        await c.until(lambda: any("newer chatui" in notice for notice in c.notices))
        await c.enter("More")
        await c.until(lambda: c.desk.prompt.text == "More")
    assert path.read_text() == newer


async def test_the_older_part_of_a_long_session_follows_and_a_prompt_sent_meanwhile_stands_once(tmp_path: Path) -> None:
    texts = [f"{'Q' if n % 2 else 'A'}{n} " + "word " * 400 for n in range(1, 201)]
    save_session(tmp_path, OLD, *texts)
    async with chat(tmp_path, "-c", "The last question", size=(80, 24)) as c:
        c.held.say("The last answer")
        c.held.end()
        await c.sees("The last answer")
        await c.until(lambda: len(c.desk.live.conversation.path()) == 202 and not c.desk.runner.is_running)
        assert len(c.held.requests[0].turns) == 201
        await c.until(lambda: len(c.desk.transcript.view.document) == 202)
        assert len(c.saved["messages"]) == 202
        await c.press("tab", "home")
        await c.sees("Q1 word")


async def test_damage_in_the_older_part_is_told_and_the_newer_part_is_shown(tmp_path: Path) -> None:
    path = save_session(tmp_path, OLD, *("word " * 400 + f"m{n}" for n in range(1, 201)))
    whole = path.read_bytes()
    place = whole.index(b"\nrole = ", len(whole) // 2)
    damaged = whole[:place] + b"\nrole = %%% " + whole[place + 8 :]
    path.write_bytes(damaged)
    async with chat(tmp_path, "--session", OLD) as c:
        await c.sees("word word")
        await c.until(lambda: any(OLD in notice for notice in c.notices))
        await c.enter("More")
        await c.until(lambda: c.desk.prompt.text == "More")
    assert path.read_bytes() == damaged


async def test_a_long_session_that_takes_the_place_of_another_is_read_whole(tmp_path: Path) -> None:
    save_session(tmp_path, OLD, *("word " * 400 + f"m{n}" for n in range(1, 201)))
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.desk.open_session(OLD)
        await c.sees("m200")
        await c.until(lambda: len(c.desk.transcript.view.document) == 200)


async def test_another_session_stops_the_reply_and_gives_the_waiting_prompts_back(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.enter("First")
        c.held.say("alpha")
        await c.sees("alpha")
        await c.enter("Second")
        await c.sees("queued")
        before = c.session_files[0]
        await c.press("ctrl+n")
        await c.misses("alpha")
        await c.sees("New session")
        assert c.desk.prompt.text == ""
        await c.until(lambda: any("had not sent waits in “First”" in notice for notice in c.notices))
        opened = Shelf(find_places({"CHATUI_HOME": str(tmp_path)}, tmp_path)).open_session(before.stem)
        assert [m.status for m in map(opened.session.conversation.message, ("m1", "m2"))] == ["complete", "cancelled"]
        assert len(c.held.requests) == 1
        await c.enter("/sessions first")
        await c.until(lambda: c.desk.prompt.text == "Second")


async def test_a_new_session_keeps_the_model_and_saves_nothing_before_its_first_prompt(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.enter("/model held/two")
        await c.sees("held/two")
        await c.press("ctrl+n")
        await c.sees("Ready to talk to held/two.")
        assert not c.session_files
        await c.enter("Hello")
        await c.until(lambda: c.held.requests)
        assert c.held.requests[0].model == "two"
        assert c.saved["model"] == "held/two"


async def test_the_welcome_names_the_model_that_was_chosen_meanwhile(tmp_path: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.sees("Ready to talk to held/one.")
        await c.enter("/model held/two")
        await c.sees("Ready to talk to held/two.", "Message held/two")
