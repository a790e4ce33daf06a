"""Tables become settings; what cannot be taken is told with line and key."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatui.config.config import ProviderSettings
from chatui.config.reading import load_config
from tests.config.conftest import Write, read, told

PRICE = "[providers.w.models.m.price]\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("modle = 'a/b'", '1: modle: there is no such setting; did you mean "model"?'),
        ("temperature = 1", "1: temperature: this setting belongs in the [params] table"),
        ("base_url = ''", "1: base_url: this setting belongs in a [providers.NAME] table"),
        ("zzz = 1", "1: zzz: there is no such setting here; there are model, theme, system, favorites, "),
        ("\nmodel = 1", "2: model: expected text in quotes, found a whole number"),
        ("model = 'gpt'", '1: model: expected "provider/model", such as'),
        ("theme = true", "1: theme: expected text in quotes, found true or false"),
        ("favorites = 'a/b'", "1: favorites: expected a list of texts, found text"),
        ("favorites = [1.5]", "1: favorites: expected texts in the list, found a number with decimals"),
        ("favorites = ['a']", '1: favorites: "a": expected "provider/model"'),
        ("providers = []", "1: providers: expected a table, found a list"),
        ("[providers]\nw = 1979-05-27", "2: providers.w: expected a table, found a date or time"),
        ("[providers.'a/b']", '1: providers."a/b": a provider\'s name is made of'),
        (
            "[providers.w]\nbase_ulr = 'x'",
            '2: providers.w.base_ulr: there is no such setting; did you mean "base_url"?',
        ),
        ("[providers.w]\nbase_url = 1", "2: providers.w.base_url: expected text in quotes, found a whole number"),
        ("[providers.w]\nbase_url = 'ftp://a'", "2: providers.w.base_url: expected an address that begins with http"),
        ("[providers.w]\nbase_url = 'a b'", "2: providers.w.base_url: expected an address that begins with http"),
        ("[providers.w]\nbase_url = 'http://'", "2: providers.w.base_url: expected an address that begins with http"),
        ("[providers.w]\nbase_url = 'http://a:b/'", "2: providers.w.base_url: expected an address"),
        ("[providers.w]\napi_key = { a = 1 }", "2: providers.w.api_key: expected text in quotes, found a table"),
        (
            "[providers.w]\nmax_retries = 11",
            "2: providers.w.max_retries: expected a whole number from 0 to 10, found 11",
        ),
        (
            "[providers.w]\nmax_retries = 1.0",
            "2: providers.w.max_retries: expected a whole number, found a number with",
        ),
        ("[providers.w]\nmax_retries = true", "2: providers.w.max_retries: expected a whole number, found true or"),
        ("[providers.w]\nidle_timeout = 0", "2: providers.w.idle_timeout: expected seconds above 0 and up to 86,400"),
        ("[providers.w]\nidle_timeout = nan", "2: providers.w.idle_timeout: expected seconds above 0"),
        (
            "[providers.w]\nmax_backoff = inf",
            "2: providers.w.max_backoff: expected seconds from 0 to 86,400, found inf",
        ),
        ("[providers.w]\nidle_timeout = '9'", "2: providers.w.idle_timeout: expected a number, found text"),
        ("[providers.w]\nheaders = { 'a b' = 'c' }", '2: providers.w.headers."a b": a header\'s name has no spaces'),
        ("[providers.w]\nheaders = { a = 1 }", "2: providers.w.headers.a: expected the header's value in quotes"),
        ('[providers.w]\nheaders.a = "b\\n"', "2: providers.w.headers.a: a header's value is one line of ASCII"),
        ("[providers.w.models]\nm = 1", "2: providers.w.models.m: expected a table, found a whole number"),
        ("[providers.w.models.m]\nprice = 1", "2: providers.w.models.m.price: expected a table, found a whole number"),
        (PRICE + "input = 1", '1: providers.w.models.m.price: "output" is missing'),
        (PRICE + "input = -1\noutput = 1", "2: providers.w.models.m.price.input: expected USD per million tokens from"),
        ("[params]\nstream = false", "2: params.stream: chatui sets this by itself"),
        ("[params]\nmodel = 'a/b'", "2: params.model: this would be sent as a parameter; "),
        ("[params]\nlogit = nan", "2: params.logit: expected a number, text, true or false"),
        ("[params]\nstop = [{ a = 07:30:00 }]", "2: params.stop: expected a number, text, true or false"),
        ("[keys]\nsession.new = 1", "2: keys.session.new: expected a key in quotes"),
        ("[keys]\n'session.new' = ' '", '2: keys."session.new": expected a key in quotes'),
    ],
)
def test_what_cannot_be_taken_is_told_with_line_and_key(write: Write, text: str, message: str) -> None:
    problems = told(read(write(text)))
    assert len(problems) == 1
    assert problems[0].startswith(message)


def test_one_wrong_setting_does_not_cost_the_others(write: Write) -> None:
    config = read(
        write("model = 'a/b'\ntheme = 1\nfavorites = ['x', 'c/d']\n[providers.w]\nmax_retries = 99\nidle_timeout = 5")
    )
    assert (config.model, config.theme, config.favorites) == ("a/b", "", ("c/d",))
    assert config.providers["w"] == ProviderSettings("w", idle_timeout=5.0)
    assert len(config.problems) == 3


def test_a_secret_is_never_repeated(write: Write) -> None:
    path = write(
        "[providers.w]\napi_key = ['sk-secret']\nbase_url = 'ftp://u:sk-secret@x'\nheaders = { a = 'sk-secret\u00fc' }"
    )
    config = read(path)
    assert len(config.problems) == 3
    assert "sk-secret" not in " ".join(told(config))
    assert "sk-secret" not in repr(read(write("[providers.w]\napi_key = 'sk-secret'")))


TOML_VALUES = st.sampled_from(
    ["1", "-1", "nan", "1e400", "true", "'x'", "''", "[]", "['a/b', 1]", "{}", "{ a = 1 }", "1979-05-27"]
)
KEYS = st.sampled_from(
    ["model", "favorites", "providers", "providers.w", "providers.w.base_url", "providers.w.max_retries"]
)
MORE_KEYS = st.sampled_from(
    ["providers.w.models.m", "providers.w.models.m.price", "params", "params.x", "keys", "keys.a", "x"]
)


@given(st.lists(st.tuples(KEYS | MORE_KEYS, TOML_VALUES), max_size=4))
def test_no_file_makes_it_raise(tmp_path: Path, pairs: list[tuple[str, str]]) -> None:
    path = tmp_path / "config.toml"
    path.write_text("\n".join(f"{key} = {value}" for key, value in pairs))
    config = load_config(path, {}, {})
    assert all(problem.source == str(path) and problem.message for problem in config.problems)
