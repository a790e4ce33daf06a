"""What the check of a key came to, as a note in the transcript."""

from __future__ import annotations

from collections.abc import Mapping

from chatui.providers.key_check import KeyCheck, KeyState
from chatui.providers.keys import say_choice
from chatui.ui.transcript.note import Note, NoteKind

_KINDS: Mapping[KeyState, NoteKind] = {
    KeyState.REFUSED: "error",
    KeyState.MISSING: "error",
    KeyState.NO_FUNDS: "warning",
}


def make_key_note(check: KeyCheck) -> Note:
    """Say which key of which provider is in which state, how many models it opens, and what to do."""
    key = f"key {check.key.masked} from {check.key.source}" if check.key is not None else "key"
    said = f"{check.provider} · {key} · {check.state}"
    if count := len(check.models.models):
        said += f" · {count:,} model{'s' if count != 1 else ''}"
    lines = [check.address] if check.address else []
    if check.address_passed_over:
        lines.append(f"The address is from {say_choice(check.address_source, check.address_passed_over)}.")
    if check.key is not None and check.key.passed_over:
        lines.append(f"The key is from {check.key.choice}.")
    if check.failure is not None:
        lines += [check.failure.message, check.failure.advice]
    if check.state is KeyState.NOT_CHECKED:
        lines.append("This says nothing about the key; chatting may work all the same.")
    if check.key is not None and check.key.warning:
        lines.append(check.key.warning)
    return Note(said, _KINDS.get(check.state, "info"), "\n".join(line for line in lines if line))
