"""The user's own keys: those that can be taken, and a sentence for each that cannot."""

from __future__ import annotations

import pytest

from chatui.ui.commands.table import COMMANDS, find_command
from chatui.ui.keymap import check_keymap, key_of, make_bindings


def test_a_command_is_bound_to_the_users_key_or_else_to_its_own() -> None:
    bound = {binding.action: binding.key for binding in make_bindings(COMMANDS, {"session.rename": "f9"})}
    assert bound["command('session.rename')"] == "f9"
    assert bound["command('session.list')"] == "ctrl+o"
    assert "command('session.system')" not in bound


def test_what_a_key_means_in_a_mode_comes_first() -> None:
    actions = [binding.action for binding in make_bindings(COMMANDS, {}) if binding.key == "escape"]
    assert actions[-1] == "command('reply.stop')"
    assert len(actions) > 1


def test_no_two_commands_that_work_at_any_time_share_a_default_key() -> None:
    defaults = {command.name: command.keys for command in COMMANDS if command.keys}
    assert check_keymap(defaults, COMMANDS) == (defaults, [])
    assert check_keymap({}, COMMANDS) == ({}, [])


@pytest.mark.parametrize(
    ("key", "taken"),
    [
        ("f9", "f9"),
        ("Ctrl+F9", "ctrl+f9"),
        ("alt+m", "alt+m"),
        ("ctrl+shift+f1", "ctrl+shift+f1"),
        ("f9, F10", "f9,f10"),
        ("question_mark", "question_mark"),
        ("?", "question_mark"),
        ("É", "É"),
    ],
)
def test_a_good_key_is_taken_by_the_name_it_has_inside(key: str, taken: str) -> None:
    assert check_keymap({"session.rename": key}, COMMANDS) == ({"session.rename": taken}, [])


def test_a_command_that_is_not_there_is_told() -> None:
    keys, (problem,) = check_keymap({"session.lst": "f9", "session.list": "f10"}, COMMANDS)
    assert keys == {"session.list": "f10"}
    assert "“session.lst”, which is no command" in problem


@pytest.mark.parametrize("key", ["ctl+x", "controll", "ctrl+", "f99", "ctrl+t+x", "ctrl x"])
def test_a_key_that_is_none_is_told_and_the_default_stays(key: str) -> None:
    keys, (problem,) = check_keymap({"model.pick": key}, COMMANDS)
    assert keys == {}
    assert f"“{key}”" in problem
    assert "model.pick" in problem


def test_a_key_that_a_command_has_by_default_goes_to_the_one_that_the_user_gives_it_to_and_that_is_told() -> None:
    keys, (problem,) = check_keymap({"session.list": "ctrl+t"}, COMMANDS)
    assert keys == {"session.list": "ctrl+t", "model.pick": ""}
    assert problem == (
        "[keys] in config.toml: ctrl+t is for session.list, so model.pick has no key now; give it another."
    )
    bound = [binding.action for binding in make_bindings(COMMANDS, keys) if binding.key == "ctrl+t"]
    assert bound == ["command('session.list')"]
    assert key_of(find_command("model.pick"), keys) == ""


def test_a_command_that_loses_one_of_its_keys_keeps_the_others() -> None:
    keys, (problem,) = check_keymap({"view.end": "alt+up"}, COMMANDS)
    assert keys == {"view.end": "alt+up", "block.previous": "k"}
    assert "block.previous keeps k alone" in problem


def test_a_key_that_the_user_gives_to_two_commands_is_told() -> None:
    keys, (problem,) = check_keymap({"session.list": "f9", "model.pick": "f9"}, COMMANDS)
    assert keys == {"session.list": "f9", "model.pick": "f9"}
    assert "f9 belongs to session.list and model.pick" in problem


def test_a_key_that_another_command_of_the_same_mode_has_is_taken_from_that() -> None:
    keys, (problem,) = check_keymap({"block.edit": "y"}, COMMANDS)
    assert keys == {"block.edit": "y", "block.copy": ""}
    assert "y is for block.edit, so block.copy has no key now" in problem
    assert check_keymap({"block.edit": "n"}, COMMANDS)[1] == [], "n means the next match in another mode"


def test_two_commands_may_change_their_keys() -> None:
    swapped = {"session.list": "ctrl+t", "model.pick": "ctrl+o"}
    assert check_keymap(swapped, COMMANDS) == (swapped, [])


def test_a_key_is_written_as_people_do_the_users_own_first() -> None:
    assert key_of(find_command("model.pick"), {}) == "Ctrl+T"
    assert key_of(find_command("model.pick"), {"model.pick": "f9,alt+m"}) == "F9, Alt+M"
    assert key_of(find_command("session.rename"), {}) == ""
