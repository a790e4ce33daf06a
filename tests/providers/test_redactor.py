"""Keys taken out of text."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatui.providers.redactor import Redactor

KEY = "sk-proj-AbC/dEf+GhIj0123456789~xyz"


def leaks(text: str, secret: str = KEY) -> bool:
    return any(secret[i : i + 14] in text for i in range(len(secret) - 13))


@pytest.mark.parametrize(
    "text",
    [
        KEY,
        f"no such key: {KEY}.",
        f"{KEY}{KEY}",
        f"{KEY} and {KEY[3:20]} and {KEY}",
        f"x{KEY[5:19]}y",
        f"Bearer%20{quote(KEY, safe='')}",
    ],
)
def test_no_14_characters_in_a_row_stay(text: str) -> None:
    redacted = Redactor([KEY]).redact(text)
    assert not leaks(redacted)
    assert not leaks(redacted, quote(KEY, safe=""))
    assert "[key]" in redacted


@pytest.mark.parametrize("before", ["", "a", "ab", "Bearer ", "user:"])
@pytest.mark.parametrize("encode", [b64encode, urlsafe_b64encode])
def test_base64_of_it_goes_wherever_it_stood(before: str, encode: object) -> None:
    assert callable(encode)
    code = encode((before + KEY).encode()).decode()
    redacted = Redactor([KEY]).redact(f"got {code}")
    assert "[key]" in redacted
    assert not leaks(redacted, code[len(before) * 2 :])


def test_13_characters_may_stay_and_so_may_all_other_text() -> None:
    text = f"100% of {KEY[:13]} is fine: {quote('ä ö')}"
    assert Redactor([KEY]).redact(text) == text


def test_words_that_local_servers_take_for_keys_are_no_secrets() -> None:
    assert Redactor(["ollama", ""]).redact("ollama is up") == "ollama is up"


def test_a_short_key_goes_whole() -> None:
    assert Redactor(["abcd12345"]).redact("key abcd12345!") == "key [key]!"


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="abAB01-", min_size=14, max_size=40), st.text(alphabet="abAB01- ", max_size=60), st.data())
def test_it_holds_for_any_key(key: str, text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text)))
    assert not leaks(Redactor([key]).redact(text[:place] + key + text[place:]), key)
