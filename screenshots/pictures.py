"""From the SVG that Textual exports to PNG files, and the page that shows them."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.cells import cell_len

FOLDER = Path(__file__).parent

_CELL = 12.2
"""Width of a cell in Rich's SVG, in its pixels."""
_FONT_SIZE = "19.825px"
"""The size at which Fira Code advances by one cell (1200 of 1950 units)."""
_TEXT = re.compile(r'<text class="([^"]*)" x="([\d.]+)" y="([\d.]+)" textLength="[\d.]+"([^>]*)>([^<]*)</text>')


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of the app."""

    name: str
    """Of the file, without `.png`."""
    caption: str
    """What it shows, in one sentence."""
    svg: str
    """As `App.export_screenshot()` gives it."""


def find_converter() -> str:
    """Return the path of rsvg-convert. Raises SystemExit with what to install, when it or the font is missing."""
    converter = shutil.which("rsvg-convert")
    fonts = shutil.which("fc-list")
    has_font = fonts is not None and "Fira Code" in _output(fonts, ":", "family")
    if converter is None or not has_font:
        raise SystemExit("pictures need rsvg-convert and Fira Code (Debian: librsvg2-bin fontconfig fonts-firacode)")
    return converter


def write_picture(picture: Picture, converter: str, folder: Path = FOLDER) -> Path:
    """Write `NAME.png` into a folder, at 1.5 pixels to one of the SVG, and return its path."""
    path = folder / f"{picture.name}.png"
    drawn = subprocess.run(
        [converter, "--zoom", "1.5", "--output", str(path)],
        input=place_characters(picture.svg).encode(),
        capture_output=True,
        check=False,
    )
    if drawn.returncode:
        raise SystemExit(f"{picture.name}: {drawn.stderr.decode(errors='replace').strip()}")
    return path


def write_index(pictures: Sequence[Picture]) -> Path:
    """Write the page with all pictures and their captions."""
    path = FOLDER / "README.md"
    head = "# Pictures\n\nMade by `python screenshots/make.py` from a cassette, so that they show what the code does.\n"
    parts = [f"\n## {picture.caption}\n\n![{picture.caption}]({picture.name}.png)\n" for picture in pictures]
    path.write_text(head + "".join(parts), encoding="utf-8")
    return path


def place_characters(svg: str) -> str:
    """Give each character a place of its own.

    rsvg-convert ignores `textLength`, so that wide characters shift what follows them, and it draws the ligatures of
    Fira Code, which no terminal shows unasked.
    """
    return _TEXT.sub(_place_run, svg.replace("font-size: 20px", f"font-size: {_FONT_SIZE}"))


def _place_run(run: re.Match[str]) -> str:
    style, left, top, rest, content = run.groups()
    placed: list[str] = []
    column = 0
    for cluster in _clusters(html.unescape(content)):
        if not cluster.isspace():
            x = float(left) + column * _CELL
            text = html.escape(cluster, quote=False)
            placed.append(f'<text class="{style}" x="{x:g}" y="{top}"{rest}>{text}</text>')
        column += cell_len(cluster)
    return "".join(placed)


def _clusters(text: str) -> list[str]:
    """Characters, each with the marks of no width that follow it; a drawn line is one, so that it has no seams."""
    clusters: list[str] = []
    for character in text:
        is_line = "\u2500" <= character <= "\u259f" and clusters and clusters[-1][0] == character
        if clusters and (is_line or cell_len(character) == 0):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def _output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout
