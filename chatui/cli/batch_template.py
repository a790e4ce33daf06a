"""The template of a batch: a prompt with `{names}` where fields of the input go."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from chatui.cli.workplace import WrongUse

_SLOT = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")


def check_template(template: str) -> None:
    """Raise WrongUse for a brace without the other one."""
    brace = re.search("[{}]", _SLOT.sub("", template))
    if brace is not None:
        other = {"{": "}", "}": "{"}[brace[0]]
        raise WrongUse(f"The template has a {brace[0]} without a {other}. Write {brace[0] * 2} for the sign itself.")


def list_slots(template: str) -> list[str]:
    """The names of the fields that a template wants, in order."""
    return [found[1].strip() for found in _SLOT.finditer(template) if found[1] is not None]


def fill_template(template: str, fields: Mapping[str, object]) -> str:
    """Put fields in the place of their `{names}`; `{{` and `}}` stand for braces.

    Raises ValueError for a name that is no field.
    """

    def fill(found: re.Match[str]) -> str:
        if found[1] is None:
            return found[0][0]
        name = found[1].strip()
        if name not in fields:
            raise ValueError(f"the template names {{{name}}}, and it has no such field")
        value = fields[name]
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)

    return _SLOT.sub(fill, template)
