"""Cassettes: what is encoded decodes to the same, and what is wrong is named by file, key and expectation."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatui.conversation.events import Alive, Ended, ReasoningDelta, ReplyEvent, TextDelta, UsageReported
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.usage import Price, Usage
from chatui.providers.cassette import (
    CUT,
    Cassette,
    Reply,
    TimedEvent,
    decode_cassette,
    encode_cassette,
)
from chatui.providers.cassette_table import CassetteError

counts = st.integers(min_value=0, max_value=10**9)
amounts = st.floats(min_value=0, max_value=1e6, allow_nan=False)
scalars = st.text(st.characters(exclude_categories=["Cs"]))
failures = st.builds(
    Failure,
    kind=st.sampled_from(FailureKind),
    message=scalars,
    status=st.none() | st.integers(min_value=100, max_value=599),
    advice=scalars,
    retry_after=st.none() | amounts,
    may_retry=st.none() | st.booleans(),
)
contents = st.one_of(
    st.builds(TextDelta, scalars),
    st.builds(ReasoningDelta, scalars),
    st.builds(UsageReported, st.builds(Usage, counts, counts, counts, counts, st.booleans()), st.none() | amounts),
    st.just(Alive()),
)
ends = st.one_of(
    st.builds(Ended, st.none() | scalars, st.none() | failures),
    st.builds(Ended, st.none() | scalars, failures, interrupted=st.just(True)),
)
times = st.integers(min_value=0, max_value=10**7).map(lambda number: round(number / 10_000, 4))


@st.composite
def replies(draw: st.DrawFn) -> Reply:
    events: list[ReplyEvent] = [*draw(st.lists(contents, max_size=6)), *draw(st.lists(ends, max_size=1))]
    moments = sorted(draw(st.lists(times, min_size=len(events), max_size=len(events))))
    return Reply(tuple(TimedEvent(at, event) for at, event in zip(moments, events, strict=True)))


cassettes = st.builds(
    Cassette,
    model=scalars,
    replies=st.lists(replies(), min_size=1, max_size=3).map(tuple),
    context_window=st.none() | counts,
    price=st.none() | st.builds(Price, amounts, amounts, st.none() | amounts),
)


@settings(max_examples=100, deadline=None)
@given(cassettes)
def test_a_cassette_decodes_to_what_was_encoded(cassette: Cassette) -> None:
    assert decode_cassette(encode_cassette(cassette), "a.toml") == cassette


def test_an_encoded_cassette_reads_well() -> None:
    events = (
        TimedEvent(0.31000049, TextDelta("Hel\rlo\n")),
        TimedEvent(0.4, UsageReported(Usage(12, 3), cost=0.5)),
        TimedEvent(0.4, Ended("stop")),
    )
    cassette = Cassette("glm-5", (Reply(events),), 128_000, Price(0.28, 0.42))
    assert encode_cassette(cassette).decode() == (
        'format = 1\nmodel = "glm-5"\ncontext_window = 128000\n\n'
        "[price]\ninput = 0.28\noutput = 0.42\n\n"
        "[[replies]]\n"
        "events = [\n"
        '    { at = 0.31, text = "Hel\\rlo\\n" },\n'
        "    { at = 0.4, usage = { input = 12, output = 3 }, cost = 0.5 },\n"
        '    { at = 0.4, finish_reason = "stop" },\n'
        "]\n"
    )


def test_a_lone_surrogate_never_reaches_the_file() -> None:
    data = encode_cassette(Cassette("m", (Reply((TimedEvent(0, TextDelta("a\ud800b")),)),)))
    assert decode_cassette(data, "a.toml").replies[0].events[0].event == TextDelta("a\ufffdb")


def test_a_cassette_can_be_written_by_hand() -> None:
    cassette = decode_cassette(
        b"""
        format = 1
        model = "glm-5"
        price = { input = 1, output = 2, cached = 0.1 }
        [[replies]]
        [[replies.events]]
        reasoning = "Hm."
        [[replies.events]]
        at = 2
        alive = true
        [[replies.events]]
        usage = { input = 1 }
        [[replies.events]]
        cut = true
        [[replies]]
        [[replies.events]]
        error = { kind = "rate_limit", message = "Too fast", status = 429, retry_after = 2 }
        [[replies]]
        events = [{ done = true }]
        """,
        "hand.toml",
    )
    assert cassette == Cassette(
        "glm-5",
        (
            Reply(
                (
                    TimedEvent(0.0, ReasoningDelta("Hm.")),
                    TimedEvent(2.0, Alive()),
                    TimedEvent(2.0, UsageReported(Usage(input=1))),
                    TimedEvent(2.0, Ended(failure=CUT, interrupted=True)),
                )
            ),
            Reply((TimedEvent(0.0, Ended(failure=Failure(FailureKind.RATE_LIMIT, "Too fast", 429, retry_after=2.0))),)),
            Reply((TimedEvent(0.0, Ended()),)),
        ),
        price=Price(1.0, 2.0, 0.1),
    )


def test_a_cut_that_names_its_error_keeps_it() -> None:
    data = b'format = 1\nmodel = "m"\nreplies = [{events = [{cut = true, error = {kind = "timeout", message = "t"}}]}]'
    assert decode_cassette(data, "a.toml").replies[0].events[0].event == Ended(
        failure=Failure(FailureKind.TIMEOUT, "t"), interrupted=True
    )


def with_events(events: str) -> str:
    return f'format = 1\nmodel = "m"\nreplies = [{{ events = [{events}] }}]'


@pytest.mark.parametrize(
    ("text", "key", "expectation"),
    [
        ("format =", "", "expected TOML: "),
        ("a = " + "[" * 100_000, "", "expected TOML: "),
        ('model = "m"\nreplies = []', "format", "is missing; expected a whole number, 0 or more"),
        ("format = 2", "format", "expected 1, the only format that this chatui reads, not 2"),
        ("format = true", "format", "expected a whole number, 0 or more"),
        ("format = 1\nreplies = []", "model", "is missing; expected a string"),
        ("format = 1\nmodel = 3", "model", "expected a string"),
        ('format = 1\nmodel = "m"', "replies", "is missing; expected an array of tables"),
        ('format = 1\nmodel = "m"\nreplies = []', "replies", "expected at least one reply"),
        ('format = 1\nmodel = "m"\nreplies = [1]', "replies", "expected an array of tables"),
        ('format = 1\nmodel = "m"\ntext = ""\nreplies = []', "text", "is not a key that belongs here"),
        ('format = 1\nmodel = "m"\ncontext_window = -1', "context_window", "expected a whole number, 0 or more"),
        ('format = 1\nmodel = "m"\nprice = 3', "price", "expected a table"),
        ('format = 1\nmodel = "m"\nprice = {input = 1}', "price.output", "is missing; expected a number, 0 or more"),
        ('format = 1\nmodel = "m"\n[price]\ninput = 1\noutput = 1\nx = 1', "price.x", "is not a key that belongs here"),
        ('format = 1\nmodel = "m"\nreplies = [{}]', "replies[0].events", "is missing; expected an array of tables"),
        (
            'format = 1\nmodel = "m"\nreplies = [{ events = [], x = 1 }]',
            "replies[0].x",
            "is not a key that belongs here",
        ),
        (with_events("{}"), "replies[0].events[0]", "or an end (finish_reason, error, cut, done), not nothing"),
        (with_events('{text = "", alive = true}'), "replies[0].events[0]", "not text and alive"),
        (with_events('{text = "", cut = true}'), "replies[0].events[0]", "not text and an end"),
        (with_events('{text = "", txt = ""}'), "replies[0].events[0].txt", "is not a key that belongs here"),
        (with_events("{done = true, cut = true}"), "replies[0].events[0].cut", "is not a key that belongs here"),
        (with_events("{alive = false}"), "replies[0].events[0].alive", "expected true"),
        (with_events('{cut = "yes"}'), "replies[0].events[0].cut", "expected true"),
        (with_events("{usage = {input = 1.5}}"), "replies[0].events[0].usage.input", "expected a whole number, 0 or"),
        (with_events("{usage = {estimated = 1}}"), "replies[0].events[0].usage.estimated", "expected true or false"),
        (with_events("{usage = {in = 1}}"), "replies[0].events[0].usage.in", "is not a key that belongs here"),
        (with_events("{usage = 1}"), "replies[0].events[0].usage", "expected a table"),
        (with_events('{at = "1", text = ""}'), "replies[0].events[0].at", "expected a number, 0 or more"),
        (with_events('{at = nan, text = ""}'), "replies[0].events[0].at", "expected a number, 0 or more"),
        (with_events('{at = true, text = ""}'), "replies[0].events[0].at", "expected a number, 0 or more"),
        (with_events('{at = -0.1, text = ""}'), "replies[0].events[0].at", "expected a number, 0 or more"),
        (with_events(f'{{at = 1{"0" * 400}, text = ""}}'), "replies[0].events[0].at", "expected a number, 0 or more"),
        (
            with_events('{at = 2.5, text = ""}, {at = 2, text = ""}'),
            "replies[0].events[1].at",
            "expected at least 2.5, the time of the event before",
        ),
        (
            with_events('{done = true}, {text = ""}'),
            "replies[0].events[1]",
            "expected nothing after the end of the reply",
        ),
        (
            with_events('{error = {kind = "odd", message = ""}}'),
            "replies[0].events[0].error.kind",
            "expected one of authentication, funds, rate_limit",
        ),
        (
            with_events('{error = {kind = "funds", message = "", code = 1}}'),
            "replies[0].events[0].error.code",
            "is not a key that belongs here",
        ),
    ],
)
def test_an_error_names_the_file_the_key_and_what_is_expected(text: str, key: str, expectation: str) -> None:
    with pytest.raises(CassetteError) as caught:
        decode_cassette(text.encode(), "demo.toml")
    assert caught.value.source == "demo.toml"
    assert caught.value.key == key
    assert str(caught.value).startswith(f"demo.toml: {key}: " if key else "demo.toml: ")
    assert expectation in str(caught.value)
    assert str(caught.value).endswith(".")


def test_bytes_that_are_not_utf_8_are_told() -> None:
    with pytest.raises(CassetteError, match=r"^demo\.toml: expected UTF-8, but byte 5 is not\.$"):
        decode_cassette(b"a = '\xff'", "demo.toml")


@settings(max_examples=50, deadline=None)
@given(cassettes)
def test_a_cassette_is_valid_toml(cassette: Cassette) -> None:
    assert tomllib.loads(encode_cassette(cassette).decode())["format"] == 1
