"""Makes every picture of chatui: `python screenshots/make.py`, or with names to make only those."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pictures import Picture, find_converter, write_index, write_picture


@dataclass(frozen=True, slots=True)
class Shot:
    """How a picture comes about."""

    caption: str
    """What it shows, in one sentence."""
    take: Callable[[], Awaitable[str]]
    """Runs the app to the moment and returns `App.export_screenshot()`."""


SHOTS: Mapping[str, Shot] = MappingProxyType({})
"""By the name of the file; README.md shows `chat-dark`."""


async def make(names: list[str]) -> int:
    """Make the pictures of these names, or all and the page that shows them; return the exit code."""
    if unknown := [name for name in names if name not in SHOTS]:
        print(f"no such picture: {', '.join(unknown)}; there are {', '.join(SHOTS)}", file=sys.stderr)
        return 2
    converter = find_converter()
    pictures: list[Picture] = []
    for name in names or SHOTS:
        picture = Picture(name, SHOTS[name].caption, await SHOTS[name].take())
        print(write_picture(picture, converter))
        pictures.append(picture)
    if not names:
        print(write_index(pictures))
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(make(sys.argv[1:])))
