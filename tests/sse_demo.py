"""A Markdown reply played over server-sent events, for driving the app by hand: `python -m tests.sse_server`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json

from tests.sse_server import Pause, Recorded, Script, SSEServer, Step, delta, finish

_DEMO = """\
# Server-sent events

A reply comes as a **stream** of *events*, each a line of `data:` and a blank line. This one was written by
a test server on 127.0.0.1, so it is the same every time — with Ünïcödé, 漢字 and 🙂 in it.

## What a client does

1. Reads bytes as they come, however they are cut.
2. Cuts them into lines at CR LF, LF or CR, and at nothing else.
3. Decodes each event and shows its text.

```python
async def read(source: ByteSource) -> AsyncGenerator[str, None]:
    decoder = SSEDecoder()
    while chunk := await source.read():
        for event in decoder.feed(chunk):
            yield event.data
```

| field | meaning |
|---|---|
| `data` | a line of the payload |
| `event` | its type |
| `:` | a comment, often a keep-alive |

> Anything that ends without a finish reason or `[DONE]` was interrupted.

- [The standard](https://html.spec.whatwg.org/multipage/server-sent-events.html) says the rest.
- A list item that is long enough to be wrapped on a narrow terminal, so that one sees where its second line begins.

---

That is all.
"""


def demo_script(delay: float, *, has_usage: bool) -> Script:
    """A reply of about 200 deltas, so many seconds apart."""
    pieces = [_DEMO[i : i + 7] for i in range(0, len(_DEMO), 7)]
    thoughts = [
        delta(reasoning_content=word) for word in ("The user ", "wants to see ", "something. ", "Let me show it.")
    ]
    usage: dict[str, object] = {"prompt_tokens": 42, "completion_tokens": len(pieces)}
    steps: list[Step] = []
    for chunk in [*thoughts, *(delta(content=piece) for piece in pieces)]:
        steps += [chunk, Pause(delay)]
    return Script([*steps, finish(usage=usage if has_usage else None)])


async def _serve(port: int, delay: float, *, has_usage: bool) -> None:
    def answer(request: Recorded) -> Script:
        print(request.method, request.path, f"{len(request.body)} bytes", flush=True)
        if request.method == "GET":
            models = json.dumps({"data": [{"id": "demo", "context_length": 8192}]}).encode()
            return Script([models], headers={"content-type": "application/json"}, framing="length")
        return demo_script(delay, has_usage=has_usage)

    server = SSEServer(answer)
    await server.start(port)
    print(f"listening: CHATUI_BASE_URL={server.base_url}", flush=True)
    await asyncio.Event().wait()


def main() -> None:
    """Play the demo reply until Ctrl+C."""
    parser = argparse.ArgumentParser(description="Play a Markdown reply over server-sent events.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--delay", type=float, default=0.02, help="seconds between two deltas")
    parser.add_argument("--no-usage", action="store_true", help="leave the usage out")
    options = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(options.port, options.delay, has_usage=not options.no_usage))
