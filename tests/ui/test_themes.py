from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from textual.app import App
from textual.color import Color
from textual.theme import Theme

from chatui.ui.screens.confirm import Confirm
from chatui.ui.themes import DEFAULT_DARK, DEFAULT_LIGHT, find_theme_dirs, load_theme, load_themes

OWN = {theme.name: theme for theme in load_themes(find_theme_dirs(None))[0]}
GOOD = 'name = "mine"\ndark = true\n[colors]\nprimary = "#86aef5"\nforeground = "#dddddd"\nbackground = "#111111"\n'


def _luminance(color: Color) -> float:
    """Relative luminance, WCAG 2.2."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(theme: Theme, upper: str, lower: str) -> float:
    """Contrast ratio of two variables, WCAG 2.2."""
    variables = theme.to_color_system().generate()
    dark, light = sorted(_luminance(Color.parse(variables[name])) for name in (upper, lower))
    return (light + 0.05) / (dark + 0.05)


def test_our_own_themes_load_without_a_problem_dark_and_light() -> None:
    themes, problems = load_themes(find_theme_dirs(None))
    assert problems == []
    assert len(themes) >= 8
    assert OWN[DEFAULT_DARK].dark
    assert not OWN[DEFAULT_LIGHT].dark
    assert sum(not theme.dark for theme in themes) >= 3


@pytest.mark.parametrize("name", sorted(OWN))
def test_text_can_be_read_on_every_ground(name: str) -> None:
    for ground in ("background", "surface", "panel"):
        for text in ("foreground", "text-muted", "primary", "success", "warning", "error", "footer-key-foreground"):
            assert _contrast(OWN[name], text, ground) >= 4.5, f"{text} on {ground}"
    assert _contrast(OWN[name], "footer-description-foreground", "footer-background") >= 4.5


@pytest.mark.parametrize("name", sorted(OWN))
def test_borders_can_be_seen(name: str) -> None:
    for ground in ("background", "surface"):
        assert _contrast(OWN[name], "border", ground) >= 3, ground


def test_the_high_contrast_theme_keeps_seven_to_one() -> None:
    for text in ("foreground", "text-muted", "primary", "accent", "success", "warning", "error"):
        assert _contrast(OWN["signal"], text, "panel") >= 7, text


def test_no_two_themes_look_alike() -> None:
    def colors(theme: Theme) -> list[Color]:
        return [Color.parse(value or "") for value in (theme.background, theme.primary, theme.foreground)]

    for one, other in combinations(OWN.values(), 2):
        apart = sum(
            abs(x - y)
            for a, b in zip(colors(one), colors(other), strict=True)
            for x, y in zip(a.rgb, b.rgb, strict=True)
        )
        assert apart > 60, f"{one.name} and {other.name}"


@pytest.mark.parametrize("name", sorted(OWN))
async def test_textual_takes_the_theme_with_our_dialogs(name: str) -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        app.register_theme(OWN[name])
        app.theme = name
        await app.push_screen(Confirm("Quit?"))
        await pilot.pause()
        assert app.current_theme.name == name


def _load(folder: Path, text: str) -> tuple[Theme | None, list[str]]:
    file = folder / "mine.toml"
    file.write_text(text, encoding="utf-8")
    return load_theme(file)


def test_a_theme_of_the_user_takes_the_place_of_ours(tmp_path: Path) -> None:
    _load(tmp_path, GOOD.replace("mine", "ink"))
    themes, problems = load_themes(find_theme_dirs(tmp_path))
    assert problems == []
    assert next(theme for theme in themes if theme.name == "ink").background == "#111111"
    assert len(themes) == len(OWN)


def test_only_what_is_named_is_set_and_variables_are_kept(tmp_path: Path) -> None:
    text = GOOD + '[variables]\nborder = "#86aef5 40%"\nlink-style = "not underline"\n'
    theme, problems = _load(tmp_path, text)
    assert problems == []
    assert theme is not None
    assert theme.accent is None
    assert theme.variables == {"border": "#86aef5 40%", "link-style": "not underline"}


def test_an_unknown_key_is_told_and_passed_over(tmp_path: Path) -> None:
    theme, problems = _load(tmp_path, 'author = "me"\n' + GOOD + 'sparkle = "#ffffff"\n')
    assert theme is not None
    assert [problem.split(": ")[1] for problem in problems] == ["author", "colors.sparkle"]


@pytest.mark.parametrize(
    ("text", "key", "word"),
    [
        (GOOD.replace("#86aef5", "#86aef"), "colors.primary", "no colour"),
        (GOOD.replace('"#86aef5"', "7"), "colors.primary", "no colour"),
        (GOOD.replace("#86aef5", "#86aef580"), "colors.primary", "no colour"),
        (GOOD.replace("#86aef5", "ansi_red"), "colors.primary", "no colour"),
        (GOOD.replace("#86aef5", "auto"), "colors.primary", "no colour"),
        (GOOD.replace('primary = "#86aef5"', ""), "colors.primary", "missing"),
        (GOOD.replace("dark = true", ""), "dark", "missing"),
        (GOOD.replace("dark = true", 'dark = "yes"'), "dark", "neither"),
        (GOOD.replace('name = "mine"', ""), "name", "missing"),
        (GOOD.replace('"mine"', '"My Theme\\u001b"'), "name", "no name"),
        ('name = "mine"\ndark = true\n', "colors", "missing"),
        ('name = "mine"\ndark = true\ncolors = 3\n', "colors", "table"),
        (GOOD + '[variables]\nborder = "loud"\n', "variables.border", "not a colour"),
        (GOOD + '[variables]\nborder = "#ffffff 300%"\n', "variables.border", "not a colour"),
        (GOOD + "[variables]\nborder = 3\n", "variables.border", "not a colour"),
        (GOOD + '[variables]\nlink-style = "loud"\n', "variables.link-style", "text style"),
        (GOOD + '[variables]\n"b; x" = "#ffffff"\n', "variables.b; x", "no name"),
        ("name = ", "is not TOML", ""),
    ],
)
def test_a_wrong_theme_is_told_with_file_and_key_and_left_out(tmp_path: Path, text: str, key: str, word: str) -> None:
    theme, problems = _load(tmp_path, text)
    assert theme is None
    assert problems[-1].startswith(f"{tmp_path / 'mine.toml'}: {key}: ")
    assert word in problems[-1]
    assert "\x1b" not in problems[-1]


def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(b'name = "\xff"')
    (tmp_path / "gone.toml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "note.txt").write_text("not a theme", encoding="utf-8")
    themes, problems = load_themes([tmp_path, tmp_path / "missing"])
    assert themes == []
    assert [Path(problem.split(": ")[0]).name for problem in problems] == [
        "folder.toml",
        "gone.toml",
        "latin.toml",
        "missing",
    ]


def test_a_file_without_permission_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.toml").write_text(GOOD, encoding="utf-8")

    def refuse(*_args: object, **_kwargs: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", refuse)
    theme, problems = load_theme(tmp_path / "mine.toml")
    assert theme is None
    assert problems == [f"{tmp_path / 'mine.toml'}: cannot be read: Permission denied"]


def test_two_files_of_one_folder_with_one_name_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.toml").write_text(GOOD, encoding="utf-8")
    themes, problems = load_themes([tmp_path])
    assert len(themes) == 1
    assert problems == [f"{tmp_path / 'b.toml'}: name: a.toml has the name 'mine' already; not taken"]


def test_a_folder_that_is_not_there_is_not_looked_into(tmp_path: Path) -> None:
    assert find_theme_dirs(tmp_path / "none") == find_theme_dirs(None)
    assert find_theme_dirs(tmp_path) == [*find_theme_dirs(None), tmp_path]
