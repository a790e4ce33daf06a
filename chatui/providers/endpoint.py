"""An OpenAI-compatible endpoint: transport, event stream and protocol put together as a provider."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from chatui import __version__
from chatui.config.config import ProviderSettings
from chatui.conversation.continuation import Continuation
from chatui.conversation.events import PROVIDER_FIELDS, Ended, FieldRefused, ReplyEvent
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.model_info import ModelInfo
from chatui.conversation.request import Request
from chatui.conversation.usage import Price
from chatui.providers.address import BaseUrl
from chatui.providers.base import ModelList, RetrySettings
from chatui.providers.catalog import Catalog
from chatui.providers.dangers import find_dangers
from chatui.providers.errors import TransportFailure
from chatui.providers.keys import FoundKey, find_key
from chatui.providers.late_transport import LateTransport
from chatui.providers.model_list import read_model_list
from chatui.providers.quirks import Quirks, choose_continuation
from chatui.providers.redactor import Redactor
from chatui.providers.refusals import Asked, advise_images, explain_refusal
from chatui.providers.refused_field import find_refused_field
from chatui.providers.reply_reader import Patience, read_reply, with_advice
from chatui.providers.request_body import encode_body

if TYPE_CHECKING:
    from chatui.providers.transport import Answer

_LIST_SECONDS = 5.0
_MAX_LIST_BYTES = 32 * 1024 * 1024
_MAX_ERROR_BYTES = 64 * 1024
_ERROR_BODY_SECONDS = 5.0
_MOST_ADAPTATIONS = 4
"""So many fields are left out of one request at most; a server that wants fewer speaks another protocol."""
_WHOLE_REPLY = 5
"""So many times as long is waited where a reply comes whole, for until then nothing comes at all."""
_SECRET_WORDS = ("auth", "key", "token", "secret", "cookie")


class Endpoint:
    """One provider over HTTP. Making it costs nothing; the client is made for the first request, or by `warm_up`."""

    def __init__(
        self,
        settings: ProviderSettings,
        quirks: Quirks,
        environ: Mapping[str, str],
        *,
        url: BaseUrl | Failure,
        url_setting: str,
        catalog: Catalog,
        url_passed_over: tuple[str, ...] = (),
        is_at_home: bool = True,
    ) -> None:
        """`url` is the address, or why there is none; `url_setting` is where the user sets it.

        `url_passed_over` names the settings that this one goes before; `is_at_home` is false where the config has moved
        a known provider to another host.
        """
        self.quirks = quirks
        self._settings = settings
        self._environ = environ
        self._url = url
        self.url_setting = url_setting
        self.url_passed_over = url_passed_over
        self._is_at_home = is_at_home
        self._catalog = catalog
        self._learned: dict[str, ModelInfo] = {}
        self._refused: dict[str, dict[str, str]] = {}
        self._is_warned = False
        self._key: FoundKey | None = None
        self._transport = LateTransport(settings.connect_timeout)

    @property
    def name(self) -> str:
        """The name in `provider/model`."""
        return self._settings.name

    @property
    def retry(self) -> RetrySettings:
        """How the engine retries this provider."""
        settings = self._settings
        return RetrySettings(settings.max_retries, settings.initial_backoff, settings.max_backoff)

    @property
    def address(self) -> BaseUrl | Failure:
        """Where it is, or why that is not known."""
        return self._url

    async def find_key(self) -> FoundKey | Failure | None:
        """Find the key that is sent; `None` where none is needed, a failure where it is missing or cannot be one."""
        if self._key is None:
            found = await find_key(self._settings, self.quirks, self._environ, is_at_home=self._is_at_home)
            if not isinstance(found, FoundKey):
                return found
            self._key = found
        return self._key

    def warm_up(self) -> None:
        """Import httpx and make the client, so that the first request does not wait for it. Meant for a thread."""
        if isinstance(self._url, BaseUrl):
            with suppress(TransportFailure):  # The first request tells it.
                self._transport.find(self._url)

    async def stream(self, request: Request) -> AsyncGenerator[ReplyEvent, None]:
        """Make one attempt; see `Provider.stream`. An empty model stands for the first one that the server offers."""
        asked = await self._ask(request.model)
        if isinstance(asked, Failure):
            yield Ended(failure=asked)
            return
        if not request.model:
            offered = await self.list_models()
            if not offered.models:
                yield Ended(failure=offered.failure or self._no_model())
                return
            request = replace(request, model=offered.models[0].id)
            asked = replace(asked, model=request.model)
        async with aclosing(self._attempt(request, asked)) as events:
            async for event in events:
                yield event

    async def list_models(self) -> ModelList:
        """Ask `GET /models`; see `Provider.list_models`. What it says of windows and prices is remembered."""
        asked = await self._ask("")
        if isinstance(asked, Failure):
            return ModelList(failure=asked)
        headers = self._headers(asked.key, "application/json")
        url = asked.url.join("models")
        try:
            transport = await self._transport.get(asked.url)
            async with (
                asyncio.timeout(_LIST_SECONDS),
                transport.open_stream("GET", url, headers, None, None) as answer,
            ):
                body = await answer.read_up_to(_MAX_LIST_BYTES, None)
        except TimeoutError:
            message = f"{asked.url.host} gave no list of models in {_LIST_SECONDS:g} seconds."
            advice = f"Ask again, or name the model yourself: {self.name}/MODEL."
            return ModelList(failure=Failure(FailureKind.TIMEOUT, message, advice=advice))
        except TransportFailure as error:
            return ModelList(failure=with_advice(error.failure, asked))
        return self._read_list(answer, body, asked)

    def describe(self, model: str) -> ModelInfo:
        """What the config says of a model, else what the server said, else the built-in catalog."""
        is_free = self.quirks.is_local and isinstance(self._url, BaseUrl) and self._url.is_loopback
        known = self._catalog.describe(self.quirks.name, model, is_free=is_free)
        said = self._learned.get(model, known)
        info = ModelInfo(
            self.name,
            model,
            context_window=said.context_window or known.context_window,
            max_output=said.max_output or known.max_output,
            price=said.price or known.price,
            price_as_of=said.price_as_of or known.price_as_of,
            continuation=choose_continuation(self.quirks, model, self._settings.continuation),
            takes_images=known.takes_images if said.takes_images is None else said.takes_images,
        )
        settings = self._settings.models.get(model)
        if settings is None:
            return info
        price = settings.price
        return replace(
            info,
            context_window=settings.context_window or info.context_window,
            max_output=settings.max_output or info.max_output,
            takes_images=info.takes_images if settings.images is None else settings.images,
            price=Price(price.input, price.output, price.cached) if price else info.price,
            price_as_of="config" if price else info.price_as_of,
        )

    async def aclose(self) -> None:
        """Close connections that are kept open. May be called more than once."""
        await self._transport.aclose()

    async def _attempt(self, request: Request, asked: Asked) -> AsyncGenerator[ReplyEvent, None]:
        is_streamed = self._settings.stream
        patience = Patience(self._settings.idle_timeout * (1 if is_streamed else _WHOLE_REPLY))
        headers = self._headers(asked.key, "text/event-stream" if is_streamed else "application/json")
        base = asked.url
        if request.continuation is Continuation.PREFIX and self.quirks.continuation_path:
            base = base.beside(self.quirks.continuation_path)
        url = base.join("chat/completions")
        if asked.key is not None and not self._is_warned:
            self._is_warned = True
            for warning in find_dangers(asked):
                yield warning
        has_images = any(turn.image_count for turn in request.turns)
        adapted: list[FieldRefused] = []
        while True:
            tried = {field.field: field.instead for field in adapted}
            known = self._refused.get("", {}) | self._refused.get(request.model, {})
            tuned = replace(request, refused={**request.refused, **known, **tried})
            encode = partial(encode_body, tuned, asked, is_streamed=is_streamed)
            # Of an image of 20 MB it takes a tenth of a second, in which no key would be taken.
            fields, body = await asyncio.to_thread(encode) if has_images else encode()
            if isinstance(body, Failure):
                yield Ended(failure=body)
                return
            try:
                transport = await self._transport.get(asked.url)
                async with transport.open_stream("POST", url, headers, body, patience.idle) as answer:
                    if answer.status < 300:
                        # Only now is it sure that the field was what hindered.
                        for field in adapted:
                            self._learn(request.model, field)
                            yield field
                        async with aclosing(read_reply(answer, asked, patience)) as events:
                            async for event in events:
                                yield event
                        return
                    refusal = await answer.read_up_to(_MAX_ERROR_BYTES, _ERROR_BODY_SECONDS)
            except TransportFailure as error:
                yield Ended(failure=with_advice(error.failure, asked))
                return
            failure = explain_refusal(answer.status, answer.headers, refusal, asked)
            refused = find_refused_field(answer.status, refusal, fields, failure.message)
            if refused is None or len(adapted) == _MOST_ADAPTATIONS:
                break
            adapted.append(refused)
        if has_images and failure.kind in (FailureKind.BAD_REQUEST, FailureKind.NOT_FOUND):
            failure = replace(failure, advice=advise_images(asked, request.turns))
        if answer.status == 401:
            self._key = None  # A command or a file may give another one next time.
        yield Ended(failure=failure)

    def _learn(self, model: str, refused: FieldRefused) -> None:
        if refused.is_lasting:
            holder = "" if refused.field in PROVIDER_FIELDS else model
            self._refused.setdefault(holder, {})[refused.field] = refused.instead

    async def _ask(self, model: str) -> Asked | Failure:
        if isinstance(self._url, Failure):
            return self._url
        key = await self.find_key()
        if isinstance(key, Failure):
            return key
        headers = self._settings.headers.items()
        secrets = [value for name, value in headers if any(word in name.lower() for word in _SECRET_WORDS)]
        if key is not None:
            secrets.append(key.value)
        if self._url.user_info:
            secrets += [self._url.user_info, *self._url.user_info.split(":")]
        env = self.quirks.key_env
        return Asked(
            self.quirks,
            self._url,
            model=model,
            key=key,
            redactor=Redactor(secrets),
            url_setting=self.url_setting,
            key_setting=f"set {env[0]}" if env else f"set api_key_env in [providers.{self.name}]",
        )

    def _headers(self, key: FoundKey | None, accept: str) -> dict[str, str]:
        headers = {"accept": accept, "content-type": "application/json", "user-agent": f"chatui/{__version__}"}
        if key is not None:
            headers["authorization"] = f"Bearer {key.value}"
        return headers | {name.lower(): value for name, value in self._settings.headers.items()}

    def _read_list(self, answer: Answer, body: bytes, asked: Asked) -> ModelList:
        if answer.status == 404:
            message = f"{self.quirks.label} has no list of models (404)."
            advice = f"Name the model yourself: {self.name}/MODEL."
            return ModelList(failure=Failure(FailureKind.NOT_FOUND, message, status=404, advice=advice))
        if answer.status >= 300:
            return ModelList(failure=explain_refusal(answer.status, answer.headers, body[:_MAX_ERROR_BYTES], asked))
        models = read_model_list(body, self.name, self.quirks.model_prefix)
        if models is None:
            message = f"{asked.url.shown}/models gives no list of models."
            return ModelList(failure=asked.fail(FailureKind.PROTOCOL, message))
        self._learned = {model.id: model for model in models}
        return ModelList([self.describe(model.id) for model in models])

    def _no_model(self) -> Failure:
        message = f"{self.quirks.label} offers no model, and none is named."
        return Failure(FailureKind.CONFIGURATION, message, advice=f"Name one: {self.name}/MODEL.")
