import pytest
from rich.style import Style
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from chatui.ui.markdown.line import Ink
from chatui.ui.markdown.palette import Palette, contrast, is_followed

COLOURED = [name for name in BUILTIN_THEMES if not name.startswith("ansi")]
READ = [
    "text",
    "dim",
    "heading1",
    "heading3",
    "quote",
    "html",
    "link",
    "math",
    "code.inline",
    "table.header",
    "reasoning",
    "prompt",
]
CODE = [
    "code",
    "code.label",
    "code.keyword",
    "code.string",
    "code.number",
    "code.comment",
    "code.type",
    "code.function",
]


def palette(name: str) -> Palette:
    theme = BUILTIN_THEMES[name]
    return Palette(theme.to_color_system().generate(), theme.dark)


def contrast_of(style: Style) -> float:
    assert style.color is not None
    assert style.bgcolor is not None
    return contrast(Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor))


@pytest.mark.parametrize("name", COLOURED)
def test_text_and_code_can_be_read_in_every_theme(name: str) -> None:
    colours = palette(name)
    weak = {role: contrast_of(colours.style(Ink(role))) for role in READ + CODE}
    # What is shown is rounded to whole steps of red, green and blue.
    assert not {role: value for role, value in weak.items() if value < 4.45}


@pytest.mark.parametrize("name", ["ansi-dark", "ansi-light"])
def test_a_theme_of_the_terminals_own_colours_is_left_as_it_is(name: str) -> None:
    colours = palette(name)
    assert colours.style(Ink("dim")).dim
    assert colours.style(Ink("code")).bgcolor == colours.style(Ink("text")).bgcolor


def test_a_theme_without_colours_has_defaults() -> None:
    assert contrast_of(Palette({}, dark=True).style(Ink("link"))) >= 4.5
    assert contrast_of(Palette({"primary": "no colour"}, dark=False).style(Ink("link"))) >= 4.5


def test_styles_are_made_once() -> None:
    colours = palette("nord")
    assert colours.style(Ink("code")) is colours.style(Ink("code"))


def test_what_is_struck_out_is_faint_as_well_and_can_be_read() -> None:
    colours = palette("nord")
    struck = colours.style(Ink(strike=True))
    assert struck.strike
    assert 4.45 <= contrast_of(struck) < contrast_of(colours.style(Ink()))
    assert colours.style(Ink("link", strike=True)).color == colours.style(Ink("link")).color


def test_weights_and_links_are_kept() -> None:
    style = palette("nord").style(Ink("link", bold=True, italic=True, strike=True, link="https://a.example"))
    assert (style.bold, style.italic, style.strike, style.underline) == (True, True, True, True)
    assert style.link == "https://a.example"


@pytest.mark.parametrize(
    ("target", "followed"),
    [
        ("https://a.example/x", True),
        ("HTTP://a.example", True),
        ("javascript:alert(1)", False),
        ("file:///etc/passwd", False),
        ("notes.md", False),
        ("https://a\x1b]8;;b", False),
        ("https://a b", False),
        ("", False),
    ],
)
def test_only_addresses_are_followed(target: str, followed: bool) -> None:
    assert is_followed(target) is followed
    assert palette("nord").style(Ink("link", link=target)).link == (target if followed else None)
