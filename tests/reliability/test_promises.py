"""The map of the promises about streams, retries, keys and secrets: which tests fail when one is broken.

Tests of `tests/reliability` and `tests/process` bear the number of their promise in their names, odd streams in their
`rule`, and need no entry; those of other floors are listed here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.reliability.odd_streams import load_streams

_TESTS = Path(__file__).parents[1]

LINES: Mapping[str, str] = {
    "s1": "the body is an event stream, and how it is cut does not matter",
    "s2": "CR LF, LF and CR alone end a line",
    "s3": "always UTF-8; bad bytes become U+FFFD; one mark in front is dropped",
    "s4": "comments, unknown fields and empty data mean nothing and end nothing",
    "s5": "complete after a finish reason or [DONE] only; else interrupted, text kept",
    "s6": "an error inside of a good answer fails the reply, in whatever shape",
    "s7": "what cannot be read is told, whatever JSON type sits where",
    "s8": "choice 0, reasoning once, the last usage, the finish reason verbatim",
    "s9": "JSON, HTML and nothing in place of events are told, never an empty success",
    "s10": "text is kept exactly; no half of a surrogate pair reaches a file",
    "s11": "cost is linear, keys are echoed and Esc stops meanwhile",
    "s12": "memory is bounded",
    "r1": "what is tried again, and what is not",
    "r2": "the waits, and Retry-After in all its forms",
    "r3": "how often, on screen, and Esc ends it; what each attempt came to is kept",
    "r4": "after the first content nothing is tried again by itself",
    "r5": "a time for the connection, for the first byte, for silence, and for text",
    "r6": "a batch: so many at once, a wait holds all, one fails alone, the rest is kept",
    "k1": "the key check is honest and takes no more than five seconds",
    "k2": "odd lists of models, and long ones",
    "k3": "pasted keys are trimmed, what cannot be one is refused",
    "k4": "an address in any form",
    "x1": "nothing from outside is a control",
    "x2": "nothing from outside is markup",
    "x3": "links open by a click only, and only to the web",
    "x4": "the key is nowhere",
    "x5": "files are private",
    "x6": "redirects are not followed",
    "x7": "TLS is verified; a key over plain http is warned of",
    "x8": "names lead nowhere else",
    "x9": "error bodies are cut, HTML is its title",
    "x10": "a crash shows no values and gives the terminal back",
}

_ELSEWHERE: Mapping[str, tuple[str, ...]] = {
    "s2": ("providers/test_sse.py::test_the_data_of_a_stream",),
    "s10": ("providers/test_scalars.py", "storage/test_toml_text.py"),
    "r2": ("engine/test_clock_jumps.py::test_messages_stay_in_the_order_in_which_they_came",),
    "r4": (
        "engine/test_seam.py",
        "engine/test_continuation.py",
        "ui/test_continue.py",
    ),
    "r6": (
        "cli/test_batch_process.py::test_the_server_never_sees_more_at_once",
        "cli/test_batch_process.py::test_a_retry_after_holds_all",
        "cli/test_batch_process.py::test_a_failed_prompt_fails_alone_and_is_done_anew",
        "engine/test_batch.py::test_a_prompt_takes_at_most_one_request_and_its_retries",
        "engine/test_batch.py::test_cancelling_delivers_no_half_reply",
    ),
    "k1": ("cli/test_doctor.py::test_a_key_that_is_refused_ends_with_1",),
    "k3": ("providers/test_keys.py::test_what_cannot_be_a_key_is_refused_with_a_reason",),
    "k4": ("providers/test_address.py",),
    "x1": (
        "ui/test_hostile_text.py",
        "ui/transcript/test_widget_looks.py::test_control_characters_never_reach_a_strip",
        "conversation/test_visible.py::test_it_does_not_matter_how_a_stream_is_cut",
        "cli/test_sessions_command.py::test_a_terminal_gets_no_control",
    ),
    "x2": (
        "ui/test_hostile_text.py",
        "ui/transcript/test_widget_looks.py::test_markup_is_shown_as_it_stands",
    ),
    "x3": (
        "ui/transcript/test_mouse.py::test_a_click_opens_a_web_link_and_nothing_else",
        "ui/transcript/test_mouse.py::test_a_drag_that_ends_on_a_link_opens_nothing",
    ),
    "x4": (
        "providers/test_redactor.py",
        "ui/test_app.py::test_a_fault_of_our_own_is_one_line_and_a_private_log_without_values",
    ),
    "x8": (
        "storage/test_session_names.py::test_a_dangerous_name_is_refused_with_a_reason",
        "storage/test_session_names.py::test_two_names_never_map_to_one_id",
        "storage/test_shelf.py::test_no_verb_takes_a_path_for_an_id",
        "storage/test_exchange.py::test_an_id_that_could_lead_elsewhere_is_replaced",
    ),
    "x10": (
        "ui/test_app.py::test_a_fault_of_our_own_is_one_line_and_a_private_log_without_values",
        "process/test_crash.py::test_a_fault_of_our_own_is_one_line_with_the_terminal_given_back_and_the_rest_in_the_log",
    ),
}


def _tests_of(rule: str) -> list[str]:
    named = [
        f"{path.relative_to(_TESTS)}::{name}"
        for folder in ("reliability", "process")
        for path in sorted((_TESTS / folder).glob("test_*.py"))
        for name in re.findall(rf"def (test_{rule}_\w+)", path.read_text(encoding="utf-8"))
    ]
    streams = [f"stream: {odd.name}" for odd in load_streams() if odd.rule.lower() == rule]
    return [*named, *streams, *_ELSEWHERE.get(rule, ())]


@pytest.mark.parametrize("rule", LINES)
def test_each_promise_has_a_test(rule: str) -> None:
    assert _tests_of(rule), LINES[rule]


@pytest.mark.parametrize("test", sorted({test for tests in _ELSEWHERE.values() for test in tests}))
def test_each_test_of_the_map_is_there(test: str) -> None:
    path, _, name = test.partition("::")
    assert f"def {name or 'test_'}" in (_TESTS / path).read_text(encoding="utf-8")


def test_no_test_bears_the_number_of_no_promise() -> None:
    numbers = {
        found[1]
        for folder in ("reliability", "process")
        for path in (_TESTS / folder).glob("test_*.py")
        for found in re.finditer(r"def test_([srkx]\d+)_", path.read_text(encoding="utf-8"))
    }
    assert numbers | {odd.rule.lower() for odd in load_streams()} <= LINES.keys()
