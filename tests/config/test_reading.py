"""Reading the config: what is taken, from where, and what is told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatui.config.config import Config, ModelSettings, PriceSettings, ProviderSettings
from chatui.config.reading import load_config
from tests.config.conftest import Write, read, told


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


def test_a_wrong_address_stays_so_that_nothing_goes_elsewhere(write: Write) -> None:
    config = read(write("[providers.openai]\nbase_url = 'htp://inside.example.com'\napi_key_env = 'INSIDE_KEY'"))
    assert config.providers["openai"].base_url == "htp://inside.example.com"
    assert read(None, {"CHATUI_BASE_URL": "htp://in"}).providers["env"].base_url == "htp://in"


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
    assert config.passed_over == {"model": ("CHATUI_MODEL", str(path)), "theme": (str(path),)}


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
        ({"CHATUI_BASE_URL": "htp://llm"}, "CHATUI_BASE_URL: expected an address that begins with http"),
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


@pytest.mark.parametrize("address", ["localhost:11434", "[::1]:8080/v1", "llm.example.com/v1", "https://u:p@llm/"])
def test_an_address_may_leave_out_what_is_plain(address: str) -> None:
    assert read(None, {"CHATUI_BASE_URL": address}).problems == ()


def test_the_file_s_key_does_not_go_to_the_environment_s_address(write: Write) -> None:
    path = write(
        "[providers.env]\nbase_url = 'https://a.example'\napi_key = 'k'\nheaders.x-api-key = 'k'\nmax_retries = 0"
    )
    provider = read(path, {"CHATUI_BASE_URL": "https://b.example"}).providers["env"]
    assert provider == ProviderSettings("env", base_url="https://b.example", max_retries=0)


@given(st.binary(max_size=60))
def test_no_bytes_make_it_raise(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(content)
    assert load_config(path, {}, {}).providers == {}
