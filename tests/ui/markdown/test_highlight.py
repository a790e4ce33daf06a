import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatui.ui.markdown.code import read_language
from chatui.ui.markdown.highlight import Highlighter, LexerState
from chatui.ui.markdown.line import Ink, Run
from tests.ui.markdown.samples import SNIPPETS

LANGUAGES = ["python", "c", "js", "ts", "json", "yaml", "ruby", "bash", "html", "rust", "go", "sql", "diff", "console"]


def colour(language: str, text: str) -> list[list[tuple[str, str]]]:
    highlighter = Highlighter(language)
    state: LexerState | None = None
    rows: list[list[tuple[str, str]]] = []
    for line in text.split("\n"):
        runs, state = highlighter.highlight(line, state, is_whole=True)
        rows.append([(run.ink.role.removeprefix("code."), run.text) for run in runs])
    return rows


def roles(language: str, text: str) -> list[list[str]]:
    return [[role for role, piece in row if piece.strip()] for row in colour(language, text)]


def test_words_have_the_roles_of_their_language() -> None:
    assert colour("python", "def f(): return 1") == [
        [
            ("keyword", "def"),
            ("code", " "),
            ("function", "f"),
            ("code", "(): "),
            ("keyword", "return"),
            ("code", " "),
            ("number", "1"),
        ]
    ]


def test_a_string_goes_on_over_lines() -> None:
    assert roles("python", 'x = """one\ntwo\n"""') == [["code", "operator", "string"], ["string"], ["string"]]


def test_a_comment_goes_on_over_lines() -> None:
    assert roles("c", "/* one\ntwo\nend */ int x;") == [["comment"], ["comment"], ["comment", "type", "code"]]
    assert roles("html", "<!-- one\ntwo -->") == [["comment"], ["comment"]]


def test_a_comment_mark_in_a_string_opens_nothing() -> None:
    assert roles("js", "x = '/*';\ny")[1] == ["code"]


@pytest.mark.parametrize("language", ["", "nonsense", "text", "mermaid"])
def test_what_is_not_known_is_plain(language: str) -> None:
    assert colour(language, "def f(): return 1") == [[("code", "def f(): return 1")]]


def test_a_very_long_line_is_plain() -> None:
    assert len(colour("python", "x = 1; " * 200)[0]) == 1


def test_a_line_in_pieces_is_plain() -> None:
    runs, _ = Highlighter("python").highlight("def f", None, is_whole=False)
    assert runs == (Run("def f", Ink("code")),)


@pytest.mark.parametrize(
    ("info", "language"),
    [
        ("python", "python"),
        ("{.python}", "python"),
        ("js:a.js", "js"),
        ("py title=x", "py"),
        ("rust,ignore", "rust"),
        ("", ""),
    ],
)
def test_the_language_is_the_first_word_of_the_info_string(info: str, language: str) -> None:
    assert read_language(info) == language


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(LANGUAGES),
    st.lists(st.one_of(st.sampled_from(SNIPPETS), st.text("{}()[]<>'\"/*#-:|%&;=`$@\\ \nab1")), max_size=4),
)
def test_colours_never_change_the_text(language: str, parts: list[str]) -> None:
    text = "".join(parts).expandtabs(4).replace("\x1b", "").replace("\x00", "").replace("\x9b", "")
    rows = colour(language, text.replace("\u202e", "").replace("\u202c", ""))
    shown = "\n".join("".join(piece for _, piece in row) for row in rows)
    assert shown == text.replace("\u202e", "").replace("\u202c", "")
