"""Where things are kept."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from chatui.storage.errors import StorageError
from chatui.storage.paths import find_places, make_private_dir
from tests.storage.conftest import FailingDisk

HOME = Path("/home/ada")


def test_without_any_variable_the_xdg_defaults_hold() -> None:
    places = find_places({}, HOME)
    assert places.config_file == HOME / ".config/chatui/config.toml"
    assert places.sessions == HOME / ".local/share/chatui/sessions"
    assert places.trash == HOME / ".local/share/chatui/trash"
    assert places.state_file == HOME / ".local/state/chatui/state.toml"
    assert places.prompt_history == HOME / ".local/state/chatui/prompts"
    assert places.log == HOME / ".local/state/chatui/log"
    assert places.locks == HOME / ".local/state/chatui/locks"
    assert places.cache == HOME / ".cache/chatui"


def test_xdg_variables_hold_where_they_are_absolute() -> None:
    environ = {"XDG_CONFIG_HOME": "/c", "XDG_DATA_HOME": "relative", "XDG_STATE_HOME": "", "XDG_CACHE_HOME": "/k"}
    places = find_places(environ, HOME)
    assert places.config == Path("/c/chatui")
    assert places.data == HOME / ".local/share/chatui"
    assert places.state == HOME / ".local/state/chatui"
    assert places.cache == Path("/k/chatui")


def test_chatui_home_takes_all_four() -> None:
    places = find_places({"CHATUI_HOME": "~/chats", "XDG_DATA_HOME": "/d"}, HOME)
    folders = (places.config, places.data, places.state, places.cache)
    assert folders == tuple(HOME / "chats" / name for name in ("config", "data", "state", "cache"))


@pytest.mark.parametrize("environ", [{}, {"CHATUI_HOME": "/h"}])
def test_a_data_folder_that_is_named_moves_the_data_alone(environ: dict[str, str]) -> None:
    places = find_places(environ, HOME, Path("here"))
    assert places.data == Path.cwd() / "here"
    assert places.state == find_places(environ, HOME).state


@pytest.mark.usefixtures("open_umask")
def test_every_folder_that_is_made_is_private_and_the_others_stay(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(0o755)
    make_private_dir(tmp_path / "open" / "a" / "b")
    make_private_dir(tmp_path / "open" / "a" / "b")
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("open", "open/a", "open/a/b")]
    assert modes == [0o755, 0o700, 0o700]


def test_a_file_in_the_place_of_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(StorageError, match="is a file"):
        make_private_dir(tmp_path / "a")
    with pytest.raises(StorageError, match="Could not make the folder"):
        make_private_dir(tmp_path / "a" / "b")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, failing_disk: FailingDisk) -> None:
    failing_disk.fail_named = "make_dir"
    with pytest.raises(StorageError, match="Could not make the folder"):
        make_private_dir(tmp_path / "a")
