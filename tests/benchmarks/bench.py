"""What all rows share: how often, for how long, where, and a way to run one measurement in a process of its own."""

from __future__ import annotations

import itertools
import json
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.benchmarks.terminal import Terminal, make_environment

PATIENCE = 90.0
"""Seconds after which a measurement of another app counts as too slow to finish."""


@dataclass
class Bench:
    """One run of the benchmarks."""

    folder: Path
    is_quick: bool = False
    say: Callable[[str], None] = lambda text: None
    """Told what is being measured."""
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    @property
    def repeats(self) -> int:
        """How often each thing is measured."""
        return 1 if self.is_quick else 3

    def home(self) -> Path:
        """A new, empty home."""
        home = self.folder / f"home{next(self._numbers)}"
        home.mkdir()
        return home

    def run(self, kind: str, job: str, home: Path | None = None, patience: float = 300.0, **parameters: Any) -> Any:
        """Run a job on an app in a terminal of its own; `None` when it did not finish in time.

        The bytes that the terminal got are added as `bytes`. Raises RuntimeError when the job failed.
        """
        home = home or self.home()
        result = home / f"result{next(self._numbers)}.json"
        self.say(f"{kind} {job} {parameters.get('payload', '')}")
        arguments = ["-m", "tests.benchmarks.child", kind, job, json.dumps(parameters), str(result)]
        with Terminal.python(make_environment(home), *arguments) as terminal:
            if not terminal.wait(patience):
                return None
            if not result.exists():
                error = result.with_suffix(".error")
                reason = error.read_text(encoding="utf-8") if error.exists() else "it ended without a result"
                raise RuntimeError(f"{kind} {job} {parameters}: {reason}")
            measured = json.loads(result.read_text(encoding="utf-8"))
            return measured | {"bytes": terminal.bytes_out}

    def gather(self, kinds: tuple[str, ...], job: str, **parameters: Any) -> dict[str, list[Any]]:
        """Run a job on each app in turn, as often as is due: all of them see the same machine."""
        found: dict[str, list[Any]] = {kind: [] for kind in kinds}
        for _ in range(self.repeats):
            for kind in kinds:
                found[kind].append(self.run(kind, job, **parameters))
        return found


def median_of(runs: list[dict[str, Any]], *path: str | int) -> float:
    """The median over runs of the value at a path."""
    values = []
    for run in runs:
        value: Any = run
        for key in path:
            value = value[key]
        values.append(float(value))
    return statistics.median(values)
