"""Names of models."""

from __future__ import annotations

import pytest

from chatui.conversation.model_info import ModelInfo, split_model_name


@pytest.mark.parametrize(
    ("name", "provider", "model"),
    [
        ("demo/guide", "demo", "guide"),
        ("openrouter/z-ai/glm-5", "openrouter", "z-ai/glm-5"),
        ("guide", "", "guide"),
        ("demo/", "demo", ""),
        ("/guide", "", "guide"),
        ("", "", ""),
    ],
)
def test_a_name_is_split_at_the_first_slash(name: str, provider: str, model: str) -> None:
    assert split_model_name(name) == (provider, model)


def test_the_full_name_splits_into_what_it_was_made_of() -> None:
    info = ModelInfo("openrouter", "z-ai/glm-5")
    assert info.name == "openrouter/z-ai/glm-5"
    assert split_model_name(info.name) == (info.provider, info.id)
