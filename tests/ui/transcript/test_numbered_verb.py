"""A verb, then a number: `w 3`."""

from __future__ import annotations

from chatui.ui.transcript.numbered_verb import NumberedVerb


def _typed(most: int, digits: str, *, is_eager: bool = False) -> tuple[list[int], NumberedVerb]:
    done: list[int] = []
    verb = NumberedVerb()
    verb.wait(done.append, most, is_eager=is_eager)
    for digit in digits:
        verb.type(int(digit))
    return done, verb


def test_a_digit_that_can_be_nothing_longer_acts_at_once() -> None:
    assert _typed(4, "3")[0] == [3]
    assert _typed(12, "2")[0] == [2]


def test_a_digit_that_may_go_on_waits_for_the_next_one_or_enter() -> None:
    done, verb = _typed(12, "1")
    assert done == []
    assert verb.is_waiting
    verb.end(5)
    assert done == [1]
    assert _typed(12, "12")[0] == [12]
    assert _typed(25, "19")[0] == [19]


def test_enter_without_a_digit_takes_the_default() -> None:
    done, verb = _typed(4, "")
    verb.end(2)
    assert done == [2]
    assert not verb.is_waiting
    verb.end(2)
    assert done == [2]


def test_a_number_there_is_not_does_nothing() -> None:
    done, verb = _typed(4, "7")
    assert done == []
    assert not verb.is_waiting
    assert _typed(4, "0")[0] == []
    verb.wait(done.append, 4)
    verb.end(0)
    assert done == []


def test_an_eager_verb_acts_on_every_digit() -> None:
    done, verb = _typed(12, "123", is_eager=True)
    assert done == [1, 12, 3]
    assert not verb.is_waiting
    assert verb.type(9)
    verb.cancel()
    assert not verb.type(1)
