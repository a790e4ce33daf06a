"""The body of a request as bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping

from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.request import Request
from chatui.providers.openai import encode_request
from chatui.providers.refusals import Asked


def encode_body(request: Request, asked: Asked, *, is_streamed: bool) -> tuple[Mapping[str, object], bytes | Failure]:
    """Return the fields of a request and the body that is made of them, or why it cannot be made."""
    fields = encode_request(request, has_stream_options=asked.quirks.has_stream_options, is_streamed=is_streamed)
    try:
        # Halves of surrogate pairs cannot be sent as UTF-8; a question mark is what is left of one.
        text = json.dumps(fields, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return fields, text.encode("utf-8", "replace")
    except (TypeError, ValueError) as error:
        message = f"A parameter cannot be sent as JSON: {asked.clean(str(error))}"
        advice = "Check /params and [params] in the config."
        return fields, Failure(FailureKind.CONFIGURATION, message[:500], advice=advice)
