"""Which providers there are, and the model to begin with."""

from __future__ import annotations

import pytest

from chatui.config.config import Config, ModelSettings, ProviderSettings
from chatui.conversation.failure import FailureKind
from chatui.conversation.usage import Price
from chatui.providers.local import FoundServer
from chatui.providers.registry import build_found, build_rows, choose_default_model, qualify_model
from tests.providers.work import GOOD, fail, stream, text_of
from tests.sse_server import SSEServer

WORK = ProviderSettings("work", base_url="https://llm.example.com/v1")
BASE = "http://127.0.0.1:1/v1"


def configured(*settings: ProviderSettings, model: str = "", source: str = "") -> Config:
    sources = {"model": source} if source else {}
    return Config(model=model, providers={each.name: each for each in settings}, sources=sources)


def offered(config: Config, environ: dict[str, str]) -> list[str]:
    return [name for name, row in build_rows(config, environ).items() if row.is_offered]


def test_every_known_provider_can_be_named() -> None:
    names = list(build_rows(Config(), {}))
    assert names[:2] == ["deepseek", "openai"]
    assert {"ollama", "lmstudio", "llamacpp", "vllm", "mistral"} <= set(names)
    assert "env" not in names


@pytest.mark.parametrize(
    ("environ", "names"),
    [
        ({}, []),
        ({"DEEPSEEK_API_KEY": "k"}, ["deepseek"]),
        ({"GOOGLE_API_KEY": "k", "XAI_API_KEY": " "}, ["gemini"]),
        ({"MISTRAL_API_KEY": "k", "OPENAI_API_KEY": "k"}, ["openai", "mistral"]),
        ({"OPENAI_BASE_URL": BASE}, ["openai"]),
        ({"CHATUI_BASE_URL": BASE}, ["env"]),
        ({"CHATUI_API_KEY": "k"}, []),
        ({"OLLAMA_HOST": "0.0.0.0"}, []),
        ({"OLLAMA_HOST": "box.example"}, ["ollama"]),
    ],
)
def test_those_are_offered_that_the_environment_has_a_key_or_an_address_for(
    environ: dict[str, str], names: list[str]
) -> None:
    assert offered(Config(), environ) == names


def test_those_of_the_config_are_offered_first() -> None:
    config = configured(WORK, ProviderSettings("lmstudio"))
    assert offered(config, {"DEEPSEEK_API_KEY": "k", "CHATUI_BASE_URL": BASE}) == [
        "env",
        "work",
        "lmstudio",
        "deepseek",
    ]


def test_labels_are_for_people() -> None:
    rows = build_rows(configured(WORK), {"CHATUI_BASE_URL": BASE})
    assert [rows[name].label for name in ("env", "work", "deepseek")] == [
        "env (127.0.0.1)",
        "work (llm.example.com)",
        "DeepSeek",
    ]


async def test_the_environment_alone_describes_a_provider(server: SSEServer) -> None:
    server.add(GOOD)
    # The variable wins over the file, as CHATUI_* always does.
    config = configured(ProviderSettings("env", base_url="https://nowhere.example"))
    provider = build_rows(config, {"CHATUI_BASE_URL": server.base_url, "CHATUI_API_KEY": "k"})["env"].provider
    assert text_of(await stream(provider)) == "Hello"
    assert server.requests[0].headers["authorization"] == "Bearer k"
    await provider.aclose()


async def test_a_broken_or_missing_address_is_told_with_its_setting() -> None:
    rows = build_rows(configured(ProviderSettings("work")), {"CHATUI_BASE_URL": "ftp://x", "OLLAMA_HOST": "http://"})
    for name, words in (
        ("work", "There is no base_url in [providers.work]."),
        ("env", "CHATUI_BASE_URL is no address: it starts with ftp://"),
        ("ollama", "OLLAMA_HOST is no address: it names no host."),
    ):
        failure = await fail(rows[name].provider)
        assert failure.kind is FailureKind.CONFIGURATION
        assert failure.message.startswith(words)


async def test_a_known_provider_moved_elsewhere_is_asked_there_without_its_own_conditions(server: SSEServer) -> None:
    server.add(GOOD, GOOD)
    for config, environ in (
        (configured(ProviderSettings("deepseek", base_url=server.base_url)), {}),
        (configured(ProviderSettings("deepseek", base_url=server.base_url)), {"OPENAI_BASE_URL": BASE}),
    ):
        provider = build_rows(config, environ)["deepseek"].provider
        assert text_of(await stream(provider)) == "Hello"
        assert (provider.quirks.default_model, provider.quirks.needs_key) == ("", False)
        await provider.aclose()
    same_host = configured(ProviderSettings("deepseek", base_url="https://api.deepseek.com/beta"))
    assert build_rows(same_host, {})["deepseek"].provider.quirks.default_model == "deepseek-flash"


async def _key_sent(server: SSEServer, settings: ProviderSettings, environ: dict[str, str]) -> str:
    server.add(GOOD)
    provider = build_rows(configured(settings), environ)[settings.name].provider
    assert text_of(await stream(provider)) == "Hello"
    await provider.aclose()
    return server.requests[-1].headers.get("authorization", "").removeprefix("Bearer ")


async def test_an_address_in_the_environment_goes_before_the_file_whose_key_stays_at_its_own(server: SSEServer) -> None:
    elsewhere = ProviderSettings("openai", base_url="https://llm.example.com", api_key="k-file", headers={"x-a": "b"})
    moved = {"OPENAI_BASE_URL": server.base_url}
    assert await _key_sent(server, elsewhere, moved) == ""
    assert "x-a" not in server.requests[-1].headers
    assert await _key_sent(server, elsewhere, moved | {"OPENAI_API_KEY": "k-env"}) == "k-env"
    here = ProviderSettings("openai", base_url=f"{server.base_url}/other", api_key="k-file")
    assert await _key_sent(server, here, moved) == "k-file"
    broken = ProviderSettings("openai", base_url="htp://x", api_key="k-file")
    assert await _key_sent(server, broken, moved) == ""
    row = build_rows(configured(here), moved)["openai"].provider
    assert (row.url_setting, row.url_passed_over) == ("OPENAI_BASE_URL", ("base_url in [providers.openai]",))


async def test_a_provider_that_the_file_has_moved_takes_the_files_key_first(server: SSEServer) -> None:
    environ = {"OPENAI_API_KEY": "k-env"}
    settings = ProviderSettings("openai", base_url=server.base_url, api_key="k-file")
    assert await _key_sent(server, settings, environ) == "k-file"


def test_a_local_provider_is_free_only_on_this_machine() -> None:
    here = build_rows(Config(), {})["ollama"].provider
    there = build_rows(Config(), {"OLLAMA_HOST": "https://ollama.example"})["ollama"].provider
    assert here.describe("qwen3").price == Price(0, 0)
    assert there.describe("qwen3").price is None


@pytest.mark.parametrize(
    ("config", "environ", "model"),
    [
        (Config(), {}, ""),
        (Config(), {"DEEPSEEK_API_KEY": "k", "OPENAI_API_KEY": "k"}, "deepseek/deepseek-flash"),
        (Config(), {"TOGETHER_API_KEY": "k"}, "together/"),
        (Config(), {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": BASE}, "openai/"),
        (Config(), {"CHATUI_BASE_URL": BASE}, "env/"),
        (Config(), {"CHATUI_BASE_URL": BASE, "CHATUI_MODEL": "m"}, "env/m"),
        (Config(), {"CHATUI_BASE_URL": BASE, "CHATUI_MODEL": "deepseek/m"}, "env/deepseek/m"),
        (Config(), {"CHATUI_BASE_URL": BASE, "CHATUI_MODEL": "env/m"}, "env/m"),
        (Config(), {"CHATUI_MODEL": "groq/m"}, "groq/m"),
        (configured(model="m", source="CHATUI_MODEL"), {"CHATUI_BASE_URL": BASE}, "env/m"),
        (configured(model="groq/m", source="flag"), {"CHATUI_BASE_URL": BASE}, "groq/m"),
        (configured(model="m", source="flag"), {"CHATUI_BASE_URL": BASE}, "env/m"),
        (configured(model="deepseek-flash", source="flag"), {}, "deepseek/deepseek-flash"),
        (configured(model="nobody-knows", source="flag"), {}, "nobody-knows"),
        (configured(WORK), {"DEEPSEEK_API_KEY": "k"}, "work/"),
        (configured(ProviderSettings("work", base_url=BASE, models={"big": ModelSettings()})), {}, "work/big"),
        (configured(ProviderSettings("deepseek", api_key="k")), {}, "deepseek/deepseek-flash"),
    ],
)
def test_the_model_to_begin_with(config: Config, environ: dict[str, str], model: str) -> None:
    assert choose_default_model(config, environ) == model


def test_a_model_named_without_provider_is_left_as_it_is_where_nothing_is_sure() -> None:
    assert qualify_model("x/y", ["a"]) == "x/y"


async def test_a_found_server_becomes_a_provider(server: SSEServer) -> None:
    server.add(GOOD, GOOD)
    for name in ("llamacpp", "other"):
        found = FoundServer(name, name, server.base_url)
        provider = build_found(found, Config(), {})
        assert provider.name == name
        assert text_of(await stream(provider)) == "Hello"
        assert provider.describe("m").price == Price(0, 0)
        await provider.aclose()
