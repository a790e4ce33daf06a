"""A TOML table of a cassette that checks what is taken from it, and names file and key when that is not as expected."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
D = TypeVar("D")


class CassetteError(ValueError):
    """A cassette cannot be used. Reads as one sentence that names the file, the key, and what is expected there."""

    def __init__(self, source: str, key: str, expectation: str) -> None:
        super().__init__(f"{source}: {key}: {expectation}." if key else f"{source}: {expectation}.")
        self.source = source
        self.key = key
        """In dotted form, counted from 0: `replies[0].events[3].at`; empty for the file as a whole."""


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """A kind of value: its name in errors, and what turns a TOML value into it, or into `None` where that cannot be."""

    name: str
    accept: Callable[[object], T | None]


def _accept_text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _accept_whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _accept_number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _accept_flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _accept_true(value: object) -> bool | None:
    return True if value is True else None


def _accept_table(value: object) -> Mapping[str, object] | None:
    return value if isinstance(value, dict) else None


def _accept_tables(value: object) -> list[Mapping[str, object]] | None:
    return value if isinstance(value, list) and all(isinstance(item, dict) for item in value) else None


TEXT = Kind("a string", _accept_text)
WHOLE = Kind("a whole number, 0 or more", _accept_whole)
NUMBER = Kind("a number, 0 or more", _accept_number)
FLAG = Kind("true or false", _accept_flag)
TRUE = Kind("true", _accept_true)
_TABLE = Kind("a table", _accept_table)
_TABLES = Kind("an array of tables", _accept_tables)


class Table:
    """A table and its place. Keys are taken one by one; `finish` refuses those that nobody took."""

    def __init__(self, values: Mapping[str, object], source: str, place: str = "") -> None:
        self._values = values
        self._left = list(values)
        self._source = source
        self._place = place

    def __contains__(self, key: object) -> bool:
        return key in self._values

    def take(self, key: str, kind: Kind[T]) -> T:
        """Return the value of a key that has to be there. Raises CassetteError."""
        if key not in self._values:
            raise self.error(key, f"is missing; expected {kind.name}")
        self._left.remove(key)
        taken = kind.accept(self._values[key])
        if taken is None:
            raise self.error(key, f"expected {kind.name}")
        return taken

    def take_or(self, key: str, kind: Kind[T], default: D) -> T | D:
        """Return the value of a key, or `default` where it is missing. Raises CassetteError for another kind."""
        return self.take(key, kind) if key in self._values else default

    def take_table(self, key: str) -> Table:
        """Return the table of a key that has to be there. Raises CassetteError."""
        return Table(self.take(key, _TABLE), self._source, self._name(key))

    def take_tables(self, key: str) -> list[Table]:
        """Return the array of tables of a key that has to be there. Raises CassetteError."""
        found = self.take(key, _TABLES)
        return [Table(values, self._source, f"{self._name(key)}[{index}]") for index, values in enumerate(found)]

    def finish(self) -> None:
        """Raise CassetteError if a key is left that nobody took: it is misspelt, or means more than is understood."""
        if self._left:
            raise self.error(self._left[0], "is not a key that belongs here")

    def error(self, key: str, expectation: str) -> CassetteError:
        """Make the error for a key of this table; an empty `key` means the table itself."""
        return CassetteError(self._source, self._name(key) if key else self._place, expectation)

    def _name(self, key: str) -> str:
        return f"{self._place}.{key}" if self._place else key
