"""Damaged and odd files in the list of sessions: told, left as they are, and in nobody's way."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chatui.cli.arguments import parse_arguments
from chatui.screen import make_app
from chatui.storage.errors import StorageError
from tests.storage.odd_files import GOOD, READABLE, TOLD, make_odd_folder
from tests.ui.chat_stage import chat

SHOWN = ("doubled", "fifo", "huge", "newer", "outside", "truncated")
"""One of each way to be odd."""


async def test_each_is_told_when_it_is_chosen_and_the_good_one_opens(tmp_path: Path) -> None:
    odd = make_odd_folder(tmp_path)
    before = odd.look()
    async with chat(tmp_path, "-m", "held/one") as c:
        for kind in SHOWN:
            await c.press("ctrl+o")
            await c.sees("Sessions")
            await c.type_into_dialog(f"-{kind}")
            await c.press("enter")
            if kind in READABLE:
                await c.until(lambda kind=kind: c.desk.live.header.id == odd.id(kind), kind)  # type: ignore[misc]  # bound early on purpose
                await c.until(lambda: any("newer chatui" in notice for notice in c.notices))
            else:
                await c.until(lambda kind=kind: any(odd.id(kind) in notice for notice in c.notices), kind)  # type: ignore[misc]  # bound early on purpose
        await c.enter(f"/sessions {GOOD}")
        await c.until(lambda: c.desk.live.header.id == GOOD)
        await c.sees("Hello.")
    assert odd.look() == before


@pytest.mark.parametrize("kind", sorted(set(TOLD) - READABLE))
def test_one_that_is_asked_for_by_name_is_refused_with_its_reason(tmp_path: Path, kind: str) -> None:
    odd = make_odd_folder(tmp_path)
    before = odd.look()
    for option in ("--session", "-r"):
        with pytest.raises(StorageError, match=TOLD[kind]):
            make_app(parse_arguments([option, odd.id(kind)]), {**os.environ, "CHATUI_HOME": str(tmp_path)})
    assert odd.look() == before
