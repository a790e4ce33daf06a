"""Makes every picture of chatui: `python screenshots/make.py`, or with names to make only those."""

from __future__ import annotations

import asyncio
import sys

from pictures import Picture, find_converter, write_index, write_picture
from shots import SHOTS


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
