"""Reading the config: what is taken, from where, and what is told."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatui.config.config import Config, ModelSettings, PriceSettings, ProviderSettings
from chatui.config.reading import load_config

Write = Callable[[str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a config that only its owner can read."""

    def write(content: str | bytes) -> Path:
        path = tmp_path / "config.toml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        path.chmod(0o600)
        return path

    return write


def read(path: Path | None, environ: dict[str, str] | None = None, **flags: str) -> Config:
    return load_config(path, environ or {}, flags)


def told(config: Config) -> list[str]:
    """The problems without the file's folder."""
    return [str(problem).rsplit("/config.toml:", 1)[-1] for problem in config.problems]


def test_no_file_means_defaults(tmp_path: Path) -> None:
    assert read(None) == Config()
    assert read(tmp_path / "none.toml") == Config()


def test_a_whole_file_is_taken(write: Write) -> None:
    path = write("""
        model = "work/big-1"
        theme = "paper"
        system = ""
        favorites = ["work/big-1", "openrouter/meta/llama"]
        [providers.work]
        base_url = "https://llm.example.com/v1"
        api_key_env = "WORK_KEY"
        headers = { X-Team = "a" }
        idle_timeout = 60
        max_retries = 0
        models.'big-1'.context_window = 128000
        models.'big-1'.price = { input = 1, output = 2.5 }
        [params]
        temperature = 0.7
        stop = ["a", "b"]
        logit_bias = { "1" = -1 }
        [keys]
        "session.list" = "ctrl+o"
        session.new = "f9"
    """)
    config = read(path)
    assert told(config) == []
    assert (config.model, config.theme, config.system) == ("work/big-1", "paper", "")
    assert config.favorites == ("work/big-1", "openrouter/meta/llama")
    assert config.providers == {
        "work": ProviderSettings(
            "work",
            base_url="https://llm.example.com/v1",
            api_key_env="WORK_KEY",
            headers={"X-Team": "a"},
            idle_timeout=60.0,
            max_retries=0,
            models={"big-1": ModelSettings(context_window=128000, price=PriceSettings(1.0, 2.5))},
        )
    }
    assert config.params == {"temperature": 0.7, "stop": ["a", "b"], "logit_bias": {"1": -1}}
    assert config.keys == {"session.list": "ctrl+o", "session.new": "f9"}
    assert config.sources == {
        "model": str(path),
        "theme": str(path),
        "system": str(path),
        "favorites": str(path),
        "providers.work": str(path),
        "params.temperature": str(path),
        "params.stop": str(path),
        "params.logit_bias": str(path),
        'keys."session.list"': str(path),
        'keys."session.new"': str(path),
    }


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
        ("[providers.w]\nbase_url = 'llm:80'", "2: providers.w.base_url: expected an address that begins with http"),
        ("[providers.w]\nbase_url = 'http://'", "2: providers.w.base_url: expected an address that begins with http"),
        ("[providers.w]\nbase_url = 'http://a:b/'", "2: providers.w.base_url: this is no address"),
        ("[providers.w]\nbase_url = 'http://u:p@x/'", "2: providers.w.base_url: an address with a user or password"),
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
        ("[params]\nseed = nan", "2: params.seed: expected a number, text, true or false"),
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
        "[providers.w]\napi_key = ['sk-secret']\nbase_url = 'http://u:sk-secret@x'\nheaders = { a = 'sk-secret\u00fc' }"
    )
    config = read(path)
    assert len(config.problems) == 3
    assert "sk-secret" not in " ".join(told(config))
    assert "sk-secret" not in repr(read(write("[providers.w]\napi_key = 'sk-secret'")))


def test_a_wrong_address_stays_so_that_nothing_goes_elsewhere(write: Write) -> None:
    config = read(write("[providers.openai]\nbase_url = 'inside.example.com'\napi_key_env = 'INSIDE_KEY'"))
    assert config.providers["openai"].base_url == "inside.example.com"
    assert read(None, {"CHATUI_BASE_URL": "inside"}).providers["env"].base_url == "inside"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a = 1\nb = [", "2: is not valid TOML, so defaults stand: Invalid value"),
        (b"model = \n", "1: is not valid TOML, so defaults stand: Invalid value"),
        (b"model = 'a/b'\nmodel = 'a/b'\n", "2: is not valid TOML, so defaults stand: Cannot overwrite a value"),
        (b"a = 1\n\n# \xff\n", "3: is not UTF-8 text, so defaults stand"),
        (b"a = " + b"[" * 5000, " is nested too deeply, so defaults stand"),
        (b"a = " + b"9" * 5000, " is not valid TOML, so defaults stand: Exceeds the limit"),
        (b"#" * 1_000_001, " is larger than a megabyte, so it is not a config of chatui"),
    ],
)
def test_a_damaged_file_is_told_and_defaults_stand(write: Write, content: bytes, message: str) -> None:
    config = read(write(content))
    assert len(config.problems) == 1
    assert told(config)[0].startswith(message)
    assert config.model == ""


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "config.toml")
    for path in (tmp_path / "config.toml", tmp_path, tmp_path / "config.toml" / "below", Path("nul\0")):
        (problem,) = read(path).problems
        assert problem.source == str(path)
        assert problem.message.startswith("cannot be read, so defaults stand: ")


def test_a_file_from_windows_is_read(write: Write) -> None:
    config = read(write(b"\xef\xbb\xbfmodel = 'a/b'\r\nsystem = '''a\r\nb'''\r\ntheme = 1\r\n"))
    assert (config.model, config.system) == ("a/b", "a\nb")
    assert told(config) == ["4: theme: expected text in quotes, found a whole number"]


@pytest.mark.parametrize("line", ["api_key = 'k'", "headers = { Authorization = 'Bearer k' }"])
def test_a_key_that_others_can_read_is_told(write: Write, line: str) -> None:
    path = write(f"[providers.w]\n{line}\n")
    assert told(read(path)) == []
    path.chmod(0o640)
    (problem,) = read(path).problems
    assert (problem.line, problem.key) == (2, f"providers.w.{line.split(' ')[0]}")
    assert problem.message == f"others can read this file and it holds a key: run chmod 600 {path}"


def test_a_file_without_a_key_may_be_read_by_others(write: Write) -> None:
    path = write("[providers.w]\nheaders = { X-Team = 'a' }\n[providers.v]\napi_key_env = 'K'")
    path.chmod(0o644)
    assert read(path).problems == ()


def test_a_flag_goes_before_the_environment_and_that_before_the_file(write: Write) -> None:
    path = write("model = 'file/m'\ntheme = 'file'\nsystem = 'file'")
    config = read(path, {"CHATUI_MODEL": "env/m", "CHATUI_THEME": "env"}, model="flag/m")
    assert (config.model, config.theme, config.system) == ("flag/m", "env", "file")
    assert config.sources == {"model": "flag", "theme": "CHATUI_THEME", "system": str(path)}


def test_every_top_level_setting_can_come_from_the_environment() -> None:
    environ = {
        "CHATUI_MODEL": "a/b",
        "CHATUI_THEME": "paper",
        "CHATUI_SYSTEM": "Be brief, = and so on.",
        "CHATUI_FAVORITES": " a/b, c/d ,",
        "CHATUI_PARAMS": "temperature = 0.2, top_p = 1",
        "CHATUI_KEYS": "session.list = 'f7'",
    }
    config = read(None, environ)
    assert (config.model, config.theme, config.system) == ("a/b", "paper", "Be brief, = and so on.")
    assert config.favorites == ("a/b", "c/d")
    assert config.params == {"temperature": 0.2, "top_p": 1}
    assert config.keys == {"session.list": "f7"}
    assert config.sources["params.top_p"] == "CHATUI_PARAMS"
    assert config.problems == ()


def test_tables_of_file_and_environment_are_joined(write: Write) -> None:
    config = read(write("[params]\ntemperature = 0.7\nseed = 1"), {"CHATUI_PARAMS": "seed = 2"})
    assert config.params == {"temperature": 0.7, "seed": 2}


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({"CHATUI_MODEL": "gpt"}, 'CHATUI_MODEL: model: expected "provider/model"'),
        ({"CHATUI_PARAMS": "temperature"}, "CHATUI_PARAMS: params: expected settings as in TOML, with commas"),
        ({"CHATUI_SYSTEM": "\udcff"}, "CHATUI_SYSTEM: system: is not UTF-8 text"),
        ({"CHATUI_BASE_URL": "llm"}, "CHATUI_BASE_URL: expected an address that begins with http"),
        ({"CHATUI_API_KEY": "k"}, "CHATUI_API_KEY: is not used: set CHATUI_BASE_URL too"),
    ],
)
def test_a_wrong_variable_is_told_by_its_name(environ: dict[str, str], message: str) -> None:
    (problem,) = read(None, environ).problems
    assert str(problem).startswith(message)


def test_a_wrong_flag_is_told_by_its_name_and_the_next_source_stands() -> None:
    config = read(None, {"CHATUI_MODEL": "a/b"}, model="gpt", colour="red")
    assert config.model == "a/b"
    assert config.sources == {"model": "CHATUI_MODEL"}
    assert [problem.source for problem in config.problems] == ["--model", "--colour"]


def test_an_empty_variable_counts_as_not_given(write: Write) -> None:
    config = read(write("model = 'a/b'"), {"CHATUI_MODEL": "", "CHATUI_BASE_URL": "", "CHATUI_FAVORITES": ""})
    assert config.model == "a/b"
    assert config.problems == ()


def test_an_address_in_the_environment_defines_a_provider() -> None:
    environ = {"CHATUI_BASE_URL": " http://127.0.0.1:8080/v1 ", "CHATUI_API_KEY": "sk-1", "CHATUI_MODEL": "big-1"}
    config = read(None, environ)
    assert config.providers == {
        "env": ProviderSettings("env", base_url="http://127.0.0.1:8080/v1", api_key_env="CHATUI_API_KEY")
    }
    assert config.model == "env/big-1"
    assert config.sources["providers.env"] == "CHATUI_BASE_URL"
    assert read(None, environ, model="small-1").model == "env/small-1"


def test_a_local_address_needs_no_key() -> None:
    assert read(None, {"CHATUI_BASE_URL": "http://127.0.0.1:8080"}).providers["env"].api_key_env == ""


def test_the_file_s_key_does_not_go_to_the_environment_s_address(write: Write) -> None:
    path = write(
        "[providers.env]\nbase_url = 'https://a.example'\napi_key = 'k'\nheaders.x-api-key = 'k'\nmax_retries = 0"
    )
    provider = read(path, {"CHATUI_BASE_URL": "https://b.example"}).providers["env"]
    assert provider == ProviderSettings("env", base_url="https://b.example", max_retries=0)


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


@given(st.binary(max_size=60))
def test_no_bytes_make_it_raise(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(content)
    assert load_config(path, {}, {}).providers == {}
