"""The look of the last screen: kept, and believed only as far as it is safe to write to a terminal."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chatui.storage.errors import StorageError
from chatui.storage.look import find_look_file, name_terminal, read_look, save_look
from chatui.storage.paths import find_places

KITTY = "xterm-kitty truecolor"
LOOK = {"ground": "38;2;1;2;3;48;2;4;5;6", "side": "30;90", "title": ""}


def test_what_is_saved_is_read_by_the_same_kind_of_terminal(tmp_path: Path) -> None:
    path = str(tmp_path / "cache" / "look")
    save_look(path, KITTY, LOOK)
    assert read_look(path, KITTY) == LOOK
    assert read_look(path, "linux") == {}


def test_a_look_that_is_the_same_is_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "look"
    save_look(str(path), KITTY, LOOK)
    before = path.stat().st_ino
    save_look(str(path), KITTY, LOOK)
    assert path.stat().st_ino == before
    save_look(str(path), KITTY, LOOK | {"side": ""})
    assert read_look(str(path), KITTY)["side"] == ""


@pytest.mark.parametrize("codes", ["1m\x1b]0;title\x07", "1 ", "٣", "\x1b[2J", "1;2x"])
def test_nothing_but_numbers_gets_to_the_terminal(tmp_path: Path, codes: str) -> None:
    path = tmp_path / "look"
    path.write_text(f"{KITTY}\nground {codes}\ntitle 1\n", encoding="utf-8")
    assert read_look(str(path), KITTY) == {"title": "1"}


def test_a_missing_an_empty_and_an_odd_file_are_no_look(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "noise").write_bytes(b"\xff\xfe\x00" * 3000)
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    for name in ("missing", "empty", "noise", "folder", "fifo", "link"):
        assert read_look(str(tmp_path / name), KITTY) == {}


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "cache").touch()
    with pytest.raises(StorageError):
        save_look(str(tmp_path / "cache" / "look"), KITTY, LOOK)


@pytest.mark.parametrize(
    "environ",
    [
        {"CHATUI_HOME": "/srv/chatui"},
        {"CHATUI_HOME": "~/own"},
        {"XDG_CACHE_HOME": "/var/cache/me"},
        {"XDG_CACHE_HOME": "not/absolute"},
        {},
    ],
    ids=str,
)
def test_it_lies_in_the_cache_folder_of_all_the_others(environ: dict[str, str]) -> None:
    home = Path("/home/me")
    assert Path(find_look_file(environ | {"HOME": str(home)})) == find_places(environ, home).cache / "look"


def test_a_terminal_is_known_by_what_its_colours_depend_on() -> None:
    assert name_terminal({"TERM": "xterm", "COLORTERM": "truecolor"}) == "xterm truecolor"
    assert name_terminal({}) == ""
