from __future__ import annotations

from chatui.ui.widgets.history_walk import HistoryWalk


def make_walk(*entries: str) -> HistoryWalk:
    walk = HistoryWalk()
    walk.set_entries(entries)
    return walk


def test_walking_back_and_forward_restores_the_draft() -> None:
    walk = make_walk("one", "two")
    assert walk.go_back("draft") == "two"
    assert walk.go_back("two") == "one"
    assert walk.go_back("one") is None
    assert walk.go_forward("one") == "two"
    assert walk.go_forward("two") == "draft"
    assert walk.go_forward("draft") is None
    assert not walk.is_walking


def test_edits_on_the_way_are_kept() -> None:
    walk = make_walk("one", "two")
    walk.go_back("draft")
    assert walk.go_back("two, changed") == "one"
    assert walk.go_forward("one") == "two, changed"
    assert walk.go_forward("two, changed again") == "draft"
    assert walk.go_back("draft") == "two, changed again"


def test_sending_drops_edits_and_draft() -> None:
    walk = make_walk("one")
    walk.go_back("draft")
    walk.end()
    assert not walk.is_walking
    assert walk.go_back("") == "one"
    assert walk.go_forward("one, changed") == ""


def test_entries_that_come_during_a_walk_count_from_the_next_one_on() -> None:
    walk = make_walk("one")
    walk.go_back("draft")
    walk.set_entries(["one", "two"])
    assert walk.go_forward("one") == "draft"
    walk.end()
    assert walk.go_back("") == "two"


def test_entries_set_at_the_draft_count_at_once() -> None:
    walk = make_walk("one")
    walk.go_back("draft")
    walk.set_entries(["one", "two"])
    walk.go_forward("one")
    walk.set_entries(["three"])
    walk.end()
    assert walk.go_back("") == "three"


def test_without_entries_there_is_nowhere_to_go() -> None:
    walk = HistoryWalk()
    assert walk.go_back("draft") is None
    assert walk.go_forward("draft") is None
