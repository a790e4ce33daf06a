from __future__ import annotations

import pytest
from rich.cells import cell_len

from chatui.ui.widgets.header import HeaderLine, ReplyState
from tests.ui.widgets.hosting import Host, read_rows

TITLE = "Explain server-sent events to a colleague"
MODEL = "deepseek/deepseek-reasoner"


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (90, f"{TITLE}          ● streaming  {MODEL}"),
        (60, "Explain server-sen…  ● streaming  deepseek/deepseek-reasoner"),
        (50, "Explain server-se…  ● streaming  deepseek-reasoner"),
        (40, "Explain server-se…  ●  deepseek-reasoner"),
        (24, "Explain ser…  ●  dee…ner"),
        (20, "Explain server-s…  ●"),
    ],
)
async def test_the_row_gives_way_by_what_matters_least(width: int, expected: str) -> None:
    header = HeaderLine()
    async with Host(header).run_test(size=(width + 2, 3)):
        header.show(TITLE, MODEL, "streaming")
        row = read_rows(header)[0]
        assert cell_len(row) == width
        assert row == expected


@pytest.mark.parametrize(
    ("state", "mark"),
    [
        ("ready", "○ ready"),
        ("waiting", "◌ waiting"),
        ("streaming", "● streaming"),
        ("retrying", "↻ retrying"),
        ("thinking", "◐ thinking"),
        ("stopped", "■ stopped"),
        ("interrupted", "╳ interrupted"),
        ("failed", "✕ failed"),
    ],
)
async def test_the_state_is_a_sign_and_a_word(state: ReplyState, mark: str) -> None:
    header = HeaderLine()
    async with Host(header).run_test(size=(80, 3)):
        header.show("Title", "demo/guide", state)
        assert read_rows(header)[0].endswith(f"{mark}  demo/guide")


async def test_untrusted_titles_are_made_visible() -> None:
    header = HeaderLine()
    async with Host(header).run_test(size=(60, 3)):
        header.show("a\x1b[2Jb\n[red]c\u202e", "m\x07", "ready")
        row = read_rows(header)[0]
        assert row.startswith("a␛[2Jb [red]c<202E>")
        assert row.endswith("m␇")


async def test_without_a_model_only_the_state_is_on_the_right() -> None:
    header = HeaderLine()
    async with Host(header).run_test(size=(32, 3)):
        header.show("Title", "", "ready")
        assert read_rows(header) == ["Title                  ○ ready"]


async def test_a_title_that_was_cut_when_it_was_made_has_one_ellipsis() -> None:
    header = HeaderLine()
    async with Host(header).run_test(size=(40, 3)):
        header.show("How do server-sent events work? Show me a parser, and…", "demo/guide", "ready")
        assert read_rows(header)[0].count("…") == 1


async def test_the_same_again_draws_nothing() -> None:
    header = HeaderLine()
    async with Host(header).run_test(size=(40, 3)):
        header.show("Title", MODEL, "ready")
        strip = header.render_line(0)
        header.show("Title", MODEL, "ready")
        assert header.render_line(0) is strip
        header.show("Other", MODEL, "ready")
        assert header.render_line(0) is not strip


async def test_no_width_is_exceeded() -> None:
    header = HeaderLine()
    async with Host(header).run_test(size=(80, 1)):
        header.show("日本語のタイトル 👩\u200d👩\u200d👧", "プロバイダ/モデル-x", "failed")
        for width in range(1, 100):
            assert sum(segment.cell_length for segment in header.draw(width)) <= width


@pytest.mark.parametrize("size", [(1, 1), (2, 1), (3, 1), (200, 1)])
async def test_any_size_is_survived(size: tuple[int, int]) -> None:
    header = HeaderLine()
    async with Host(header).run_test(size=size):
        header.show(TITLE, MODEL, "ready")
        assert cell_len(header.render_line(0).text) == header.content_size.width
        assert header.render_line(1).text.strip() == ""
