import pytest

from chatui.ui.markdown.definitions import References
from chatui.ui.markdown.inline import parse_inline
from chatui.ui.markdown.line import Ink, Run
from chatui.ui.markdown.open_text import find_cut, heal

PLAIN = Ink()


def runs(text: str, references: dict[str, str] | None = None) -> list[Run]:
    known = References()
    for label, target in (references or {}).items():
        known.define(label, target)
    return parse_inline(text, PLAIN, known)


def shown(text: str) -> str:
    return "".join(run.text for run in runs(text))


def test_plain_text_is_one_run() -> None:
    assert runs("just words") == [Run("just words", PLAIN)]
    assert runs("") == []


def test_emphasis_nests() -> None:
    assert runs("**a *b***~~c~~") == [
        Run("a ", Ink(bold=True)),
        Run("b", Ink(bold=True, italic=True)),
        Run("c", Ink(strike=True)),
    ]


def test_code_is_kept_as_it_is() -> None:
    assert runs("`a *b* <c>`") == [Run("a *b* <c>", Ink("code.inline"))]


def test_a_soft_break_is_a_space_and_a_hard_break_a_new_row() -> None:
    assert shown("a\nb  \nc\\\nd") == "a b\nc\nd"


def test_html_is_shown() -> None:
    assert shown("List<String> <b>x</b> <!-- y -->") == "List<String> <b>x</b> <!-- y -->"


@pytest.mark.parametrize("text", ["$a_b * c_d * e$", "$$x\\\\y_1_2$$", "\\(a*b*c\\)", "\\[\\frac{a}{b}\\]"])
def test_mathematics_stays_as_written(text: str) -> None:
    assert shown(text) == text


def test_prices_are_no_mathematics() -> None:
    assert shown("$5 and *not* $10") == "$5 and not $10"


def test_a_link_shows_its_host() -> None:
    assert runs("[docs](https://python.org/3/x)") == [
        Run("docs", Ink("link", link="https://python.org/3/x")),
        Run(" (python.org)", Ink("dim")),
    ]


def test_a_link_that_lies_shows_the_true_host() -> None:
    assert shown("[https://bank.example](https://user@evil.example/bank.example)").endswith(" (evil.example)")


def test_a_link_that_says_its_target_does_not_repeat_it() -> None:
    assert shown("<https://a.example/x> [a.example](https://a.example/x)") == "https://a.example/x a.example"


def test_a_target_that_is_no_address_is_shown_whole() -> None:
    assert shown("[x](javascript:alert) [y](notes/a.md)") == "[x](javascript:alert) y (notes/a.md)"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("see https://a.example/x_y_z.", "https://a.example/x_y_z"),
        ("(https://a.example/b_(c))", "https://a.example/b_(c)"),
        ("见https://a.example/x。好", "https://a.example/x"),
        ('"https://a.example/"', "https://a.example/"),
        ("https://a.example/_x_/*y*z", "https://a.example/_x_/*y*z"),
        ("[https://a.example/x] y", "https://a.example/x"),
    ],
)
def test_a_bare_address_is_a_link(text: str, address: str) -> None:
    assert [run.text for run in runs(text) if run.ink.link] == [address]
    assert shown(text) == text


def test_emphasis_around_an_address_stays_emphasis() -> None:
    assert runs("*https://a.example/x_*") == [
        Run("https://a.example/x", Ink("link", italic=True, link="https://a.example/x")),
        Run("_", Ink(italic=True)),
    ]


def test_an_address_in_the_words_of_a_link_is_not_another_one() -> None:
    assert [run.ink.link for run in runs("[https://a.example/_x](https://b.example) *y*") if run.ink.link] == [
        "https://b.example"
    ]


@pytest.mark.parametrize("text", ["lodash@4.17.21", "@name", "a@b", "xwww.a.b", "www. no", "http://"])
def test_what_only_looks_like_an_address_is_text(text: str) -> None:
    assert [run for run in runs(text) if run.ink.link] == []


def test_an_image_is_its_words_and_its_address() -> None:
    assert shown("![a *cat*](cat.png)") == "image: a cat (cat.png)"


def test_a_reference_resolves_to_what_is_known() -> None:
    known = {"one": "https://a.example"}
    assert runs("[text][one]", known)[0] == Run("text", Ink("link", link="https://a.example"))
    assert shown("[text][two]") == "[text][two]"


def test_controls_are_visible_even_as_entities() -> None:
    assert shown("a\x1b[0m &#8238; &#10; &#9; \u202e") == "a␛[0m <202E>     <202E>"


@pytest.mark.parametrize(
    ("text", "healed"),
    [
        ("some **bold wor", "some **bold wor**"),
        ("some **bold*", "some **bold**"),
        ("some **", "some "),
        ("a `cod", "a `cod`"),
        ("a ~~b *c", "a ~~b *c*~~"),
        ("see [the docs](https://a.exa", "see [the docs](https://a.exa)"),
        ("**done** and", "**done** and"),
        ("snake_case and 2 * 3", "snake_case and 2 * 3"),
        ("2*3 is six", "2*3 is six"),
        ("**bold **", "**bold**"),
    ],
)
def test_what_is_open_at_the_end_is_closed_for_show(text: str, healed: str) -> None:
    assert heal(text) == healed


def test_an_asterisk_that_stays_open_is_an_asterisk() -> None:
    text = "a *footnote" + " word" * 100
    assert heal(text) == text


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("one two three", " three"),
        ("one **two three** four", " four"),
        ("one **two three", " **two three"),
        ("one `two three", " `two three"),
        ("one [two three](x y", " [two three](x y"),
        ("one $$a b", " $$a b"),
        ("中文字", "字"),
    ],
)
def test_a_paragraph_is_cut_where_nothing_is_open(text: str, rest: str) -> None:
    at = find_cut(text, 1000)
    assert text[at:] == rest


def test_what_stays_open_too_long_is_cut_all_the_same() -> None:
    assert find_cut("*never closed " + "x " * 500, 100) > 0
    assert find_cut("[" + "x" * 500, 100) == 50
    assert find_cut("*short", 100) == 0
