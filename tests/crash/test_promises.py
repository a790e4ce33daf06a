"""Every line of the promises about saving and resuming has tests, and here is which."""

from __future__ import annotations

import ast
from functools import cache

import pytest

from tests.readme import ROOT

PROMISES = {
    "p1: a save is a temp file, fsync, rename, fsync of the folder": [
        "storage/test_atomic.py::test_files_are_0600_and_folders_0700_from_creation_on",
        "storage/test_atomic.py::test_whichever_operation_fails_a_whole_file_is_there_and_no_temp",
        "storage/test_checkpoint.py::test_the_file_is_private_and_each_append_is_one_write",
        "crash/test_every_operation.py::test_the_harness_sees_a_broken_promise",
    ],
    "p2: the prompt before the request, the words within a second, death at any moment": [
        "engine/test_live_session.py::test_the_model_is_on_disk_before_the_provider_is_asked",
        "engine/test_recorder.py::test_what_streams_is_on_disk_within_the_interval",
        "crash/test_random_kills.py::test_random_kills_lose_nothing",
        "crash/test_random_kills.py::test_the_harness_sees_that_checkpoints_come_too_seldom",
        "crash/test_every_operation.py::test_death_at_an_operation_loses_nothing",
        "crash/test_every_system_call.py::test_death_in_a_system_call_loses_nothing",
        "crash/test_slow_disk.py::test_keys_are_answered_while_the_disk_takes_its_time",
    ],
    "p3: after a crash it opens at once, is marked, and goes on": [
        "crash/test_random_kills.py::test_a_killed_reply_is_there_at_the_next_start_and_goes_on",
        "storage/test_adoption.py::test_a_reply_that_is_not_in_the_session_is_adopted",
        "storage/test_adoption.py::test_temps_of_a_killed_save_are_removed_on_opening",
        "storage/test_long_sessions.py::test_a_reply_that_a_crash_cut_is_adopted_in_time",
        "storage/test_lock.py::test_it_dies_with_its_owner",
    ],
    "p3: what failed before a reply came is told after a crash too": [
        "engine/test_live_equals_reloaded.py::test_live_state_equals_what_a_kill_leaves",
        "engine/test_kept_retries.py::test_a_retry_is_on_disk_at_once_and_needs_no_timer",
        "storage/test_checkpoint.py::test_a_retry_is_there_as_a_whole_or_not_at_all_at_every_byte",
        "crash/test_every_operation.py::test_death_at_an_operation_loses_nothing",
    ],
    "p3: a reply goes on with no word twice and none missing, in each provider's way": [
        "engine/test_continuation_ways.py::test_the_joined_text_is_exact",
        "engine/test_continuation_ways.py::test_a_reply_that_is_cut_then_comes_to_its_limit_then_ends_is_exact",
        "engine/test_continuation_ways.py::test_a_model_of_another_provider_goes_on_in_its_own_way",
        "engine/test_seam.py::test_a_model_that_begins_as_it_was_asked_to_is_joined_exactly_wherever_it_was_cut",
        "engine/test_seam.py::test_a_server_that_goes_on_exactly_loses_nothing_wherever_it_was_cut",
        "engine/test_seam.py::test_text_that_repeats_itself_is_no_repetition_of_the_server",
        "engine/test_continuation.py::test_parts_add_up",
        "engine/test_continuation.py::test_a_continuation_can_be_stopped_and_continued",
        "ui/test_continue.py::test_a_cut_reply_goes_on",
        "ui/test_continue.py::test_a_stopped_reply_goes_on",
        "ui/test_continue.py::test_the_command_line_goes_on_at_once",
        "cli/test_ask_continues.py::test_the_rest_is_printed_and_the_whole_is_kept",
    ],
    "p4: TOML at every moment, a round trip changes nothing, a newer format is not written": [
        "storage/test_checkpoint.py::test_a_torn_last_block_is_cut_at_every_byte",
        "storage/test_message_block.py::test_every_message_comes_back_as_it_was",
        "storage/test_message_block.py::test_unknown_keys_and_tables_of_the_header_survive",
        "engine/test_live_equals_reloaded.py::test_live_state_equals_reloaded_state",
        "cli/test_odd_sessions.py::test_a_newer_one_is_read_and_never_written",
    ],
    "p5: what is damaged or odd is told, kept, and in nobody's way": [
        "cli/test_odd_sessions.py::test_each_is_listed_with_its_reason_and_none_is_touched",
        "cli/test_odd_sessions.py::test_one_that_is_named_is_refused_with_its_reason",
        "cli/test_odd_sessions.py::test_doctor_names_them",
        "ui/test_odd_sessions.py::test_each_is_told_when_it_is_chosen_and_the_good_one_opens",
        "ui/test_odd_sessions.py::test_one_that_is_asked_for_by_name_is_refused_with_its_reason",
        "storage/test_session_file_hazards.py::test_a_version_that_someone_else_wrote_is_kept_aside",
    ],
    "p6: a full, faulty or read-only disk": [
        "crash/test_sick_disks.py::test_a_disk_that_fills_up_is_told_and_forgotten_when_there_is_room",
        "crash/test_sick_disks.py::test_a_disk_that_cannot_sync_is_told_and_nothing_that_was_saved_is_damaged",
        "crash/test_sick_disks.py::test_a_folder_that_turns_read_only_is_told_and_saved_to_when_it_may_be_written",
        "ui/test_unsaved.py::test_quitting_asks_first_and_says_what_is_lost",
        "ui/test_unsaved.py::test_a_session_that_is_left_is_saved_later",
        "engine/test_recorder.py::test_whatever_the_disk_refuses_nothing_is_lost",
        "engine/test_recorder_retries.py::test_text_is_saved_as_soon_as_the_disk_is_well",
        "engine/test_recorder_retries.py::test_a_late_save_leaves_the_checkpoint_of_the_reply_that_streams_by_then",
        "engine/test_small_disk.py"
        "::test_at_whichever_page_the_disk_is_full_nothing_is_damaged_and_all_is_saved_when_there_is_room",
    ],
    "p7: two at one session": [
        "crash/test_two_instances.py::test_the_second_follows_the_first_and_takes_over_when_it_dies",
        "engine/test_recorder.py::test_two_that_write_one_session_lose_nothing",
        "engine/test_session_watch.py::test_a_reader_sees_the_reply_grow_and_then_the_session_change",
        "engine/test_session_watch.py::test_a_reader_takes_over_when_the_writer_is_gone",
        "engine/test_session_watch.py::test_a_copy_has_what_had_come_of_the_reply_that_streams",
        "engine/test_session_watch.py::test_what_is_damaged_outside_is_told_once_and_kept_with_ours",
        "ui/test_continue.py::test_a_file_that_an_editor_changed_is_shown_anew",
    ],
    "p8: long sessions open and are saved in time, and little is written while a reply streams": [
        "storage/test_long_sessions.py::test_everything_is_read_in_time",
        "storage/test_long_sessions.py::test_saving_one_more_encodes_nothing_else",
        "engine/test_long_writes.py::test_little_is_written_while_it_streams_and_a_save_encodes_one_message",
        "engine/test_long_session.py::test_a_long_session_opens_at_its_end_and_grows_upward",
    ],
    "p9: clocks that jump, ids that do not collide": [
        "engine/test_clock_jumps.py::test_messages_stay_in_the_order_in_which_they_came",
        "storage/test_latest_session.py::test_the_latest_is_right_again_after_the_clock_was_wrong",
        "engine/test_clock_jumps.py::test_two_that_begin_in_the_same_second_with_the_same_luck_are_two",
    ],
    "undo: the trash gives back, and no verb loses a branch": [
        "ui/test_pick_session.py::test_what_was_deleted_comes_back_from_the_trash",
        "cli/test_sessions_command.py::test_deleted_sessions_lie_in_the_trash_and_can_be_taken_back",
        "engine/test_session_watch.py::test_the_trash_gives_back_until_it_is_emptied",
        "engine/test_branches_survive.py::test_no_verb_loses_a_branch",
    ],
    "x8: names stay inside": [
        "storage/test_session_names.py::test_two_names_never_map_to_one_id",
        "cli/test_names_stay_inside.py::test_nothing_outside_is_touched_by_any_verb",
    ],
}


@cache
def _tests_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / "tests" / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


@pytest.mark.parametrize("promise", PROMISES)
def test_each_promise_has_its_tests(promise: str) -> None:
    for test in PROMISES[promise]:
        path, _, name = test.partition("::")
        assert name in _tests_in(path), test
