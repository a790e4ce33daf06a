"""The rows of the result, and the Markdown table that is made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Row:
    """One measure: ours, what it is compared with in the same run, and what is demanded of the ratio."""

    number: str
    measure: str
    ours: str
    baseline: str
    ratio: float
    budget: float
    rivals: dict[str, str] = field(default_factory=dict)
    """What others need for the same, by their names."""
    unit: str = "×"
    """Of ratio and budget; a budget may also be a plain figure."""

    @property
    def is_kept(self) -> bool:
        """True where the ratio is within the budget."""
        return self.ratio <= self.budget


def format_milliseconds(value: float) -> str:
    """Three significant digits and the unit."""
    if value >= 1000:
        return f"{value / 1000:.3g} s"
    return f"{value:.0f} ms" if value >= 100 else f"{value:.3g} ms"


def format_table(rows: Sequence[Row]) -> str:
    """The table as Markdown."""
    rivals = list(dict.fromkeys(name for row in rows for name in row.rivals))
    head = ["#", "Measure", "chatui", "Baseline", "Ratio", "Budget", "", *rivals]
    lines = [f"| {' | '.join(head)} |", f"|{'|'.join(['---'] * len(head))}|"]
    for row in rows:
        cells = [
            row.number,
            row.measure,
            row.ours,
            row.baseline,
            f"{row.ratio:.2f}{row.unit}",
            f"≤ {row.budget:g}{row.unit}",
            "✓" if row.is_kept else "✗",
            *(row.rivals.get(name, "") for name in rivals),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
