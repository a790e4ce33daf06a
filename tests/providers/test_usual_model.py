"""Which model is meant where none is named."""

from __future__ import annotations

import pytest

from chatui.config.config import Config
from chatui.providers.registry import build_rows, choose_usual_model


@pytest.mark.parametrize(
    ("model", "environ", "recent", "expected"),
    [
        ("lab/one", {}, ["openai/x"], "lab/one"),
        ("", {}, ["openai/x", "demo/slow"], "openai/x"),
        ("", {}, ["demo/slow"], "demo/slow"),
        ("", {}, ["gone/x"], ""),
        ("", {"OPENAI_API_KEY": "k"}, ["gone/x"], "openai/gpt-6-luna"),
        ("", {"CHATUI_BASE_URL": "http://127.0.0.1:1"}, ["openai/x"], "env/"),
        ("", {}, [], ""),
    ],
)
def test_the_set_one_goes_before_the_one_chosen_last_and_that_before_what_is_at_hand(
    model: str, environ: dict[str, str], recent: list[str], expected: str
) -> None:
    config = Config(model=model)
    assert choose_usual_model(config, environ, build_rows(config, environ), recent) == expected
