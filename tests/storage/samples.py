"""Messages and texts for the tests of storage, and the strategies that make more of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path

from hypothesis import strategies as st

from chatui.conversation.attachment import Attachment
from chatui.conversation.failure import Failure, FailureKind, Retry
from chatui.conversation.message import Message, Part, Role, Status
from chatui.conversation.session import SessionHeader
from chatui.conversation.usage import Timing, Usage
from chatui.storage.session_file import SessionFile

CREATED = datetime(2026, 11, 23, 10, 42, 33, tzinfo=UTC)

TRICKY = '"""\n[[messages]]\nid = "m9"\nrole = "user"\ntext = "no"\n\'\'\' # \\ \\u005b\t\x00\x7f\x85\u2028 é 漢 🙂 "'

texts = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="\"'\\\n\r\t[]=#{} mx\x00\x1f\x7fé\U0001f642", max_size=40),
    st.lists(
        st.sampled_from(
            ["[[messages]]", " [[ messages ]]", "[[delta]]", '"""', "'''", "text", "", "\\", "\r", 'id = "m1"']
        ),
        max_size=6,
    ).map("\n".join),
)
times = st.datetimes(timezones=st.just(UTC), min_value=datetime(1000, 1, 1))
counts = st.integers(0, 10**9)
seconds = st.floats(0, 1e9)
ids = st.one_of(st.integers(1, 999).map("m{}".format), texts.filter(bool))

usages = st.builds(Usage, counts, counts, counts, counts, st.booleans())
timings = st.builds(Timing, st.none() | seconds, seconds, st.none() | seconds)
failures = st.builds(
    Failure,
    st.sampled_from(FailureKind),
    texts,
    st.none() | st.integers(100, 599),
    texts,
    st.none() | seconds,
    st.none() | st.booleans(),
)
values = st.recursive(
    st.one_of(
        texts,
        st.integers(),
        st.booleans(),
        st.floats(allow_nan=False),
        times,
        st.just(date(2026, 11, 23)),
        st.just(time(10, 42)),
        st.just(datetime(2026, 11, 23, 10, 42)),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
extras = st.dictionaries(texts.map("x{}".format), values, max_size=3)
roles = st.sampled_from(Role)
statuses = st.sampled_from(Status)
retries = st.builds(Retry, st.sampled_from(FailureKind), texts, st.none() | st.integers(0, 999), seconds)
parts = st.builds(
    Part,
    start=counts,
    model=texts,
    created=times,
    status=statuses,
    finish_reason=st.none() | texts,
    usage=st.none() | usages,
    timing=st.none() | timings,
    cost=st.none() | seconds,
    attempts=st.integers(0, 99),
    retries=st.lists(retries, max_size=2).map(tuple),
    failure=st.none() | failures,
    is_approximate=st.booleans(),
)
attachments = st.builds(Attachment, texts, texts, counts, texts)
messages = st.builds(
    Message,
    id=ids,
    role=roles,
    text=texts,
    created=times,
    parent=st.none() | ids,
    status=statuses,
    model=st.none() | texts,
    finish_reason=st.none() | texts,
    reasoning=texts,
    usage=st.none() | usages,
    timing=st.none() | timings,
    cost=st.none() | seconds,
    attempts=st.integers(0, 99),
    retries=st.lists(retries, max_size=2).map(tuple),
    failure=st.none() | failures,
    parts=st.lists(parts, max_size=2).map(tuple),
    attachments=st.lists(attachments, max_size=2).map(tuple),
    extra=extras,
)
headers = st.builds(
    SessionHeader,
    id=texts,
    created=times,
    title=texts,
    model=texts,
    system=texts,
    tags=st.lists(texts, max_size=3).map(tuple),
    params=extras,
    extra=extras,
)

LONG_TEXT = "word \"quoted\" '''odd''' é\n" * 30

EAST = timezone(timedelta(hours=2))


def make_header(title: str = "Explain SSE") -> SessionHeader:
    return SessionHeader("20261123-104233-k3f9", CREATED, title=title, model="demo/guide")


def make_prompt(message_id: str = "m1", text: str = "What is SSE?", parent: str | None = None) -> Message:
    return Message(message_id, Role.USER, text, CREATED, parent)


def make_reply(message_id: str = "m2", text: str = "A stream.\nOf events.", parent: str | None = "m1") -> Message:
    return Message(
        message_id,
        Role.ASSISTANT,
        text,
        CREATED,
        parent,
        model="demo/guide",
        finish_reason="stop",
        reasoning="Think.",
        usage=Usage(12, 345),
        timing=Timing(0.31, 4.2),
        cost=0.000214,
    )


def make_dialogue(count: int, text: str = "word " * 30) -> list[Message]:
    """`count` messages in one branch, prompts and replies in turn."""
    return [
        (make_prompt if number % 2 else make_reply)(
            f"m{number}", f"{number}: {text}", f"m{number - 1}" if number > 1 else None
        )
        for number in range(1, count + 1)
    ]


def write_session(path: Path, dialogue: list[Message]) -> bytes:
    file = SessionFile.create(path, make_header())
    for message in dialogue:
        file.put(message)
        file.set_active(message.id)
    file.save()
    return path.read_bytes()


def read_messages(path: Path) -> list[Message]:
    with SessionFile.open(path) as file:
        return [stored.decode() for stored in [*file.load_rest(), *file.tail]]
