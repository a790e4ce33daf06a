"""Reading amounts of money and numbers of tokens."""

from __future__ import annotations

import math
import re
from argparse import ArgumentTypeError

_TOKENS = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)([kKmMgGbB]?)")
_FACTORS = {"": 1, "k": 1e3, "m": 1e6, "g": 1e9, "b": 1e9}


def read_amount(word: str) -> float:
    """Read an amount of USD above zero, with or without `$`."""
    try:
        amount = float(word.removeprefix("$"))
    except ValueError:
        amount = math.nan
    if not (0 < amount < math.inf):
        raise ArgumentTypeError(f"expected an amount in USD, such as 2.50, found {word!r}")
    return amount


def read_tokens(word: str) -> int:
    """Read a number of tokens: `500000`, `500k`, `10M`."""
    found = _TOKENS.fullmatch(word.replace("_", "").replace(",", ""))
    tokens = round(float(found[1]) * _FACTORS[found[2].lower()]) if found else 0
    if tokens < 1:
        raise ArgumentTypeError(f"expected a number of tokens, such as 10M, found {word!r}")
    return tokens
