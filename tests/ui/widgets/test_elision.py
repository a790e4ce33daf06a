from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from chatui.ui.widgets.elision import cut_end, cut_start, elide_end, elide_middle, fit_segments

FAMILY = "👩\u200d👩\u200d👧"
PIECES = [*"ab c…日本é", "e\u0301", FAMILY, "☎\ufe0f", "🏳\ufe0f\u200d🌈", "\u200d", "\ufe0f", "\u0301"]
TEXTS = st.lists(st.sampled_from(PIECES) | st.characters(exclude_categories=["Cs"]), max_size=60).map("".join)
WIDTHS = st.integers(-1, 80)


@given(TEXTS, WIDTHS)
@settings(max_examples=100)
def test_elided_text_is_never_wider_than_asked(text: str, width: int) -> None:
    for elide in (elide_end, elide_middle, cut_start, cut_end):
        assert cell_len(elide(text, width)) <= max(0, width)


@given(TEXTS)
@settings(max_examples=100)
def test_text_that_fits_is_left_alone(text: str) -> None:
    width = cell_len(text)
    if width:
        assert elide_end(text, width) == text
        assert elide_middle(text, width) == text


@given(st.lists(st.tuples(TEXTS, st.integers(0, 3)), max_size=6), WIDTHS)
@settings(max_examples=100)
def test_joined_segments_are_never_wider_than_asked(segments: list[tuple[str, int]], width: int) -> None:
    assert cell_len(fit_segments(segments, width, " · ")) <= max(0, width)


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("Explain SSE", 20, "Explain SSE"),
        ("Explain SSE", 8, "Explain…"),
        ("日本語", 6, "日本語"),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日…"),
        (f"a{FAMILY}b", 3, "a…"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
    ],
)
def test_the_end_is_elided(text: str, width: int, expected: str) -> None:
    assert elide_end(text, width) == expected


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("deepseek/deepseek-reasoner", 13, "deepse…asoner"),
        ("日本語日本語", 7, "日…本語"),
        (f"{FAMILY}abcdef{FAMILY}", 6, f"{FAMILY}a…{FAMILY}"),
        ("abc", 2, "a…"),
        ("abc", 1, "…"),
    ],
)
def test_the_middle_is_elided(text: str, width: int, expected: str) -> None:
    assert elide_middle(text, width) == expected


def test_segments_of_least_priority_go_first_and_the_last_of_equal_ones() -> None:
    segments = [("streaming", 9), ("84 tok/s", 5), ("cost", 1), ("context", 5)]
    assert fit_segments(segments, 80, " · ") == "streaming · 84 tok/s · cost · context"
    assert fit_segments(segments, 33, " · ") == "streaming · 84 tok/s · context"
    assert fit_segments(segments, 25, " · ") == "streaming · 84 tok/s"
    assert fit_segments(segments, 19, " · ") == "streaming"
    assert fit_segments(segments, 6, " · ") == "strea…"
    assert fit_segments([("", 9), ("ready", 1)], 80, " · ") == "ready"


def test_a_megabyte_of_title_is_cut_from_its_ends_only() -> None:
    assert elide_middle("a" * 500_000 + "b" * 500_000, 7) == "aaa…bbb"
