"""Lists of models, in every shape."""

from __future__ import annotations

import json

import pytest

from chatui.conversation.usage import Price
from chatui.providers.model_list import read_model_list


def read(payload: object) -> list[str] | None:
    models = read_model_list(json.dumps(payload).encode(), "p")
    return None if models is None else [model.id for model in models]


@pytest.mark.parametrize(
    ("payload", "ids"),
    [
        ({"data": [{"id": "a"}, {"id": "b"}]}, ["a", "b"]),
        ({"models": [{"model": "a"}, {"name": "b"}]}, ["a", "b"]),
        ([{"id": "a"}, "b"], ["a", "b"]),
        ({"data": []}, []),
        ({"data": [{"id": "a"}, {"id": "a"}]}, ["a"]),
        (
            {
                "data": [
                    None,
                    5,
                    {},
                    {"id": 5},
                    {"id": ""},
                    {"id": "x" * 201},
                    {"id": "\x1b[1m"},
                    {"id": " a"},
                    {"id": "a"},
                ]
            },
            ["a"],
        ),
        ({"data": "x"}, None),
        ({"data": {"id": "a"}}, None),
        ({}, None),
        ("x", None),
        (None, None),
    ],
)
def test_the_ids_of_a_list(payload: object, ids: list[str] | None) -> None:
    assert read(payload) == ids


@pytest.mark.parametrize("body", [b"", b"<html>", b"{", b"\xff", b"[" * 100_000, b"9" * 5000])
def test_what_is_no_json_is_no_list(body: bytes) -> None:
    assert read_model_list(body, "p") is None


@pytest.mark.parametrize(
    ("entry", "window", "output"),
    [
        ({"context_length": 8}, 8, None),
        ({"context_window": 8}, 8, None),
        ({"max_model_len": 8}, 8, None),
        ({"max_context_length": 8}, 8, None),
        ({"context_length": 8, "top_provider": {"context_length": 6, "max_completion_tokens": 4}}, 8, 4),
        ({"context_length": None, "top_provider": {"context_length": 6}}, 6, None),
        ({"max_completion_tokens": 4}, None, 4),
        ({"context_length": "8", "top_provider": None}, None, None),
        ({"context_length": -1}, None, None),
    ],
)
def test_windows(entry: dict[str, object], window: int | None, output: int | None) -> None:
    (model,) = read_model_list(json.dumps([{"id": "a"} | entry]).encode(), "p") or []
    assert (model.context_window, model.max_output) == (window, output)


@pytest.mark.parametrize(
    ("pricing", "price"),
    [
        ({"prompt": "0.0000025", "completion": "0.00001"}, Price(2.5, 10)),
        ({"prompt": "0", "completion": "0", "input_cache_read": "0"}, Price(0, 0, 0)),
        ({"prompt": "0.000001", "completion": "0.000002", "input_cache_read": "0.0000005"}, Price(1, 2, 0.5)),
        ({"input": 0.2, "output": 0.6}, Price(0.2, 0.6)),
        ({"prompt": "-1", "completion": "-1"}, None),
        ({"prompt": "nan", "completion": "x"}, None),
        ({"prompt": "0.1"}, None),
        ("free", None),
        (None, None),
    ],
)
def test_prices(pricing: object, price: Price | None) -> None:
    (model,) = read_model_list(json.dumps([{"id": "a", "pricing": pricing}]).encode(), "p") or []
    if price is None:
        assert model.price is None
        assert model.price_as_of == ""
    else:
        assert model.price is not None
        assert (model.price.input, model.price.output, model.price.cached) == pytest.approx(
            (price.input, price.output, price.cached)
        )
        assert model.price_as_of == "the provider's list"


def test_a_prefix_of_the_list_is_taken_off() -> None:
    (model,) = read_model_list(b'[{"id":"models/gemini-3"}]', "gemini", "models/") or []
    assert model.id == "gemini-3"


@pytest.mark.parametrize(
    ("entry", "takes"),
    [
        ({"architecture": {"input_modalities": ["text", "image"]}}, True),
        ({"architecture": {"input_modalities": ["text"]}}, False),
        ({"architecture": "decoder"}, None),
        ({"capabilities": {"vision": True}}, True),
        ({"capabilities": {"vision": "yes"}}, None),
        ({"capabilities": ["vision"]}, None),
        ({}, None),
    ],
)
def test_whether_images_are_taken(entry: dict[str, object], takes: bool | None) -> None:
    (model,) = read_model_list(json.dumps([{"id": "a"} | entry]).encode(), "p") or []
    assert model.takes_images is takes
