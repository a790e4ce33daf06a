"""The objects of every floor, put together."""

from __future__ import annotations

from pathlib import Path

from chatui.storage.own_form import _block_pattern
from tests.ui.chat_stage import make_chat_app


def test_after_the_warm_up_the_first_session_opens_as_fast_as_others(tmp_path: Path) -> None:
    services, _ = make_chat_app(tmp_path)._make()
    _block_pattern.cache_clear()
    services.warm_up()
    assert _block_pattern.cache_info().currsize == 1
