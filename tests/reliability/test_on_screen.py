"""What the user sees and can do while a stream is in trouble: countdowns, stalls, cards, notes."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

import pytest

from chatui.conversation.events import Alive, Ended, FieldRefused, Warned
from chatui.conversation.failure import Failure, FailureKind
from chatui.providers.base import RetrySettings
from tests.providers.work import KEY
from tests.sse_server import Script, SSEServer, deltas, finish, refusal
from tests.ui.chat_stage import Chat, chat
from tests.ui.held import HeldProvider

_LIMITED = Ended(failure=Failure(FailureKind.RATE_LIMIT, "Slow down.", 429, retry_after=8.0))


wide_chat = partial(chat, size=(140, 40))


def _patient() -> HeldProvider:
    held = HeldProvider()
    held.retry = RetrySettings(3, 30.0, 30.0)
    return held


@pytest.fixture
def quick_stalls(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reply stalls after a twentieth of a second."""
    monkeypatch.setattr("chatui.engine.stats.STALL_SECONDS", 0.05)


async def _ask(here: Chat, text: str, requests: int = 1) -> None:
    await here.enter(text)
    await here.until(lambda: len(here.held.requests) == requests)


async def test_r3_a_retry_is_counted_down_and_r_makes_it_now(home: Path) -> None:
    async with wide_chat(home, "-m", "held/one", held=_patient()) as here:
        await _ask(here, "hello")
        here.held.give(_LIMITED)
        await here.sees("429 rate limited · retry 1/3 in 9 s · r now · Esc stop · Ctrl+T other model")
        await here.sees("429 rate limited · retry 1/3 in 8 s · r now")
        await here.press("r")
        await here.until(lambda: len(here.held.requests) == 2)
        await here.misses("retry 1/3")
        here.held.say("There.")
        here.held.end()
        await here.sees("There.", "2 attempts")
        await here.enter("/stats")
        await here.sees("attempts 2", "Failed attempt: 429 rate limited · Slow down. · retry in 8.")
        assert here.desk.prompt.full_text == ""


async def test_r3_esc_ends_the_wait(home: Path) -> None:
    async with wide_chat(home, "-m", "held/one", held=_patient()) as here:
        await _ask(here, "hello")
        here.held.give(_LIMITED)
        await here.sees("retry 1/3")
        await here.press("escape")
        await here.sees("— stopped —")
        await here.misses("retry 1/3")
        assert len(here.held.requests) == 1


async def test_r_is_a_letter_like_others_where_nothing_is_waited_for(home: Path) -> None:
    async with wide_chat(home, "-m", "held/one", held=_patient()) as here:
        await here.type("rarely")
        assert here.desk.prompt.full_text == "rarely"
        await here.press("enter")
        await here.until(lambda: len(here.held.requests) == 1)
        await here.type("r")
        here.held.give(_LIMITED)
        await here.sees("retry 1/3")
        await here.type("arely")
        assert here.desk.prompt.full_text == "rarely"
        assert len(here.held.requests) == 1


@pytest.mark.usefixtures("quick_stalls")
async def test_r5_a_stall_is_told_and_r_asks_again(home: Path) -> None:
    async with wide_chat(home, "-m", "held/one") as here:
        await _ask(here, "hello")
        await here.sees(
            "no text for 0 s (server silent) · r try again · Ctrl+T other model · Esc stop · or keep waiting"
        )
        here.held.give(Alive())
        await here.sees("(server alive)")
        await here.press("r")
        await here.until(lambda: len(here.held.requests) == 2)
        assert here.held.closed == 1
        here.held.say("At last.")
        here.held.end()
        await here.sees("At last.", "2 attempts")
        await here.misses("no text for")


@pytest.mark.usefixtures("quick_stalls")
async def test_r5_asking_a_stalled_reply_again_keeps_its_text(home: Path) -> None:
    async with wide_chat(home, "-m", "held/one") as here:
        await _ask(here, "hello")
        here.held.say("The first half")
        await here.sees("The first half", "no text for")
        await here.press("f5")
        await here.until(lambda: len(here.held.requests) == 2)
        here.held.say("All of it.")
        here.held.end()
        await here.sees("All of it.")
        await here.until(lambda: not here.desk.runner.is_running)
        texts = [message["text"] for message in here.saved["messages"]]
        assert texts == ["hello", "The first half", "All of it."]
        assert here.saved["messages"][1]["parent"] == here.saved["messages"][2]["parent"]


@pytest.mark.usefixtures("quick_stalls")
async def test_r5_another_model_takes_over_a_stalled_reply(home: Path) -> None:
    async with wide_chat(home, "-m", "held/one") as here:
        await _ask(here, "hello")
        await here.sees("no text for")
        await here.enter("/model held/two")
        await here.until(lambda: [request.model for request in here.held.requests] == ["one", "two"])
        here.held.say("From two.")
        here.held.end()
        await here.sees("From two.")


async def test_there_is_no_timer_while_nothing_runs(home: Path) -> None:
    async with wide_chat(home, "-m", "held/one") as here:
        await _ask(here, "hello")
        here.held.end()
        await here.until(lambda: not here.desk.runner.is_running)
        screen = here.app.screen_stack[0]
        # Textual's own frame timer runs on until it has painted what the end of the reply changed.
        await here.until(
            lambda: not any(timer.name != "auto_refresh" and timer._active.is_set() for timer in screen._timers),
            "all timers at rest",
        )


async def test_a_failure_is_a_card_that_says_all(home: Path, server: SSEServer) -> None:
    server.add(refusal(401, f"Incorrect API key provided: {KEY}."))
    environ = {"CHATUI_BASE_URL": server.base_url, "CHATUI_API_KEY": KEY, "CHATUI_MODEL": "m"}
    async with wide_chat(home, environ=environ) as here:
        await here.ask("hello")
        await here.sees(
            "The key was refused (401)",
            "env (127.0.0.1) answered 401: Incorrect API key provided: [key].",
            "→ Check the key from CHATUI_API_KEY (…ghij).",
            "/key check the key · F5 ask again · Ctrl+T other model",
        )
        assert KEY not in here.text
        assert not any(KEY.encode() in path.read_bytes() for path in home.rglob("*") if path.is_file())


async def test_a_card_names_the_keys_that_the_user_chose(home: Path, server: SSEServer) -> None:
    server.add(refusal(500, "Oops."), refusal(429, "Slow.", retry_after="50"))
    environ = {"CHATUI_BASE_URL": server.base_url, "CHATUI_API_KEY": KEY, "CHATUI_MODEL": "m"}
    config = home / "config" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(
        '[keys]\n"reply.retry" = "f9"\n"model.pick" = "f10"\n"reply.stop" = "ctrl+x"\n"session.new" = "alt+n"\n'
        "[providers.env]\nmax_retries = 1\ninitial_backoff = 100.0\nmax_backoff = 100.0\n"
    )
    async with wide_chat(home, environ=environ) as here:
        await here.sees("F10 model", "F1 all keys")
        await here.ask("hello", settles=False)
        await here.sees("500 server error · retry 1/1 in", "r now · Ctrl+X stop · F10 other model")
        await here.press("r")
        await here.sees("Too many requests just now (429)", "F9 ask again · F10 other model")
        await here.misses("F5 ask")
        await here.misses("Ctrl+T other")


async def test_k1_the_key_is_checked_in_the_app(home: Path, server: SSEServer) -> None:
    models = Script([b'{"data":[{"id":"m"}]}'], headers={"content-type": "application/json"})
    server.add(models, refusal(402, "No money."), refusal(500, "Oops."))
    environ = {"CHATUI_BASE_URL": server.base_url, "CHATUI_API_KEY": KEY, "CHATUI_MODEL": "m"}
    async with wide_chat(home, environ=environ) as here:
        await here.enter("/key")
        await here.sees("env · key …ghij from CHATUI_API_KEY · valid · 1 model")
        await here.enter("/key")
        await here.sees("valid, no funds", "No money.")
        await here.enter("/key env")
        await here.sees("not checked", "This says nothing about the key")
        await here.enter("/key held")
        await here.sees("held needs no key")
        await here.enter("/key nobody")
        await here.sees("There is no provider “nobody”.")


async def test_k2_three_thousand_models_can_be_chosen_from(home: Path) -> None:
    held = HeldProvider([f"model-{number}" for number in range(3000)])
    async with wide_chat(home, "-m", "held/model-1", held=held) as here:
        began = time.process_time()
        await here.press("ctrl+t")
        await here.sees("model-7")
        await here.type_into_dialog("model-2999")
        await here.misses("model-7")
        await here.sees("model-2999")
        spent = time.process_time() - began
        await here.press("enter")
        await here.until(lambda: here.desk.live.model == "held/model-2999")
    assert spent < 1.0


async def test_what_was_left_out_or_is_unsafe_is_told_below_the_reply(home: Path) -> None:
    async with wide_chat(home, "-m", "held/one") as here:
        await _ask(here, "hello")
        here.held.give(FieldRefused("temperature", "It said no."), Warned("The key goes in the clear.", "Use https."))
        here.held.say("Fine.")
        here.held.end()
        await here.sees(
            "Fine.",
            "The server did not take temperature: it was left out, now and from here on.",
            "It said no.",
            "The key goes in the clear.",
            "Use https.",
        )
        assert here.state["refused_fields"] == {"held/one": {"temperature": ""}}


async def test_a_conversation_that_is_too_long_is_trimmed(home: Path, server: SSEServer) -> None:
    error = "This model's maximum context length is 100 tokens."
    good = Script([deltas("Yes."), finish()])
    server.add(good, refusal(400, error), good)
    environ = {"CHATUI_BASE_URL": server.base_url, "CHATUI_API_KEY": KEY, "CHATUI_MODEL": "m"}
    async with wide_chat(home, environ=environ) as here:
        await here.enter("/trim")
        await here.sees("There is nothing to leave out")
        await here.ask("one " * 60)
        await here.ask("two")
        await here.sees(
            "The conversation is too long for the model (400)",
            "It would fit without the 2 oldest messages (~69 tokens)",
            "/trim leave out the oldest · /edit change the prompt",
        )
        await here.enter("/trim")
        await here.sees("From the next request on, the 2 oldest messages (~69 tokens) are not sent.", "of 100 tokens")
        await here.press("f5")
        await here.until(lambda: len(server.requests) == 3)
        assert [message["content"] for message in server.requests[2].json["messages"]] == ["two"]
        await here.enter("/trim off")
        await here.sees("All messages are sent again")
        assert here.saved.get("sent_from") is None
