"""Names for code that becomes a file, and the editor that is found."""

from __future__ import annotations

import pytest

from chatui.ui.code_files import find_editor, name_file


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("python", "code-1.py"),
        ("py", "code-1.py"),
        ("rust", "code-1.rs"),
        ("c++", "code-1.cpp"),
        ("sh", "code-1.sh"),
        ("yaml", "code-1.yaml"),
        ("", "code-1.txt"),
        ("no-such-language", "code-1.txt"),
        ("../../etc/passwd", "code-1.txt"),
    ],
)
def test_a_file_is_named_after_its_language(language: str, name: str) -> None:
    assert name_file(language, 1) == name


def test_the_visual_editor_comes_before_the_other_one() -> None:
    assert find_editor({"VISUAL": "code --wait", "EDITOR": "ed"}) == ["code", "--wait"]
    assert find_editor({"VISUAL": " ", "EDITOR": "'my editor' -x"}) == ["my editor", "-x"]
    assert find_editor({"EDITOR": "it's"}) == ["it's"]


def test_without_a_choice_it_is_vi_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    assert find_editor({}) == ["vi"]
    monkeypatch.setattr("shutil.which", lambda name: None)
    assert find_editor({}) is None
