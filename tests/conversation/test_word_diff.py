"""Two texts differ by words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chatui.conversation.word_diff import Side, Stretch, diff_words


def test_a_changed_word_stands_out() -> None:
    assert diff_words("The sky is blue.", "The sky is grey.") == [
        Stretch(Side.BOTH, "The sky is "),
        Stretch(Side.REMOVED, "blue"),
        Stretch(Side.INSERTED, "grey"),
        Stretch(Side.BOTH, "."),
    ]


def test_changes_with_only_a_blank_between_them_are_one() -> None:
    assert diff_words("a big dog", "a small cat") == [
        Stretch(Side.BOTH, "a "),
        Stretch(Side.REMOVED, "big dog"),
        Stretch(Side.INSERTED, "small cat"),
    ]


def test_a_word_that_both_happen_to_have_goes_with_the_change() -> None:
    first = "Nobody knows " + "why " * 30 + "only " + "the sky " * 30
    second = "It is blue " + "because " * 30 + "only " + "light falls " * 30
    assert [each.side for each in diff_words(first, second)] == [Side.REMOVED, Side.INSERTED, Side.BOTH]
    # Where little differs, it is what the reader holds on to.
    sides = [each.side for each in diff_words("a quick fox ran", "a slow fox sat")]
    assert sides.count(Side.BOTH) == 2


def test_equal_texts_are_one_stretch() -> None:
    assert diff_words("same", "same") == [Stretch(Side.BOTH, "same")]
    assert diff_words("", "") == []


@given(st.text("ab \n.", max_size=30), st.text("ab \n.", max_size=30))
def test_both_texts_can_be_read_from_it(first: str, second: str) -> None:
    stretches = diff_words(first, second)
    assert "".join(each.text for each in stretches if each.side is not Side.INSERTED) == first
    assert "".join(each.text for each in stretches if each.side is not Side.REMOVED) == second
