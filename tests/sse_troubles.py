"""Troubles of a server, played for driving the app by hand: `python -m tests.sse_troubles --port 8123`.

The last word of a prompt chooses: `429`, `stall`, `midstall`, `reset`, `401`, `402`, `long`, `html`, `empty`, `params`,
`later` (a Retry-After of ten minutes), `500`, `down`; all else is answered well.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json

from tests.sse_server import Pause, Recorded, Reset, Script, SSEServer, Stall, Step, delta, deltas, finish, refusal

_GOOD = Script([deltas("All ", "is ", "well."), finish(usage={"prompt_tokens": 12, "completion_tokens": 3})])
_SO_FAR: list[Step] = []
for _words in ("Once upon a time ", "there was a stream ", "that ran on ", "and on, ", "until "):
    _SO_FAR += [delta(content=_words), Pause(0.15)]
_ALIVE: list[Step] = [b": keep-alive\n\n", Pause(1)] * 40
_JSON = {"content-type": "application/json"}
_TOO_LONG = (
    "This model's maximum context length is 8192 tokens. However, your messages resulted in 9347 tokens. "
    "Please reduce the length of the messages."
)


class Troubles:
    """Chooses the answer; some troubles pass when they are met again."""

    def __init__(self) -> None:
        self._met: dict[str, int] = {}

    def answer(self, request: Recorded) -> Script:
        """Answer a request by the last word of its prompt."""
        if request.method == "GET":
            models = json.dumps({"data": [{"id": "one", "context_length": 8192}, {"id": "two"}]}).encode()
            return Script([models], headers=_JSON, framing="length")
        prompts = [m["content"] for m in request.json["messages"] if m["role"] == "user"]
        trouble = (prompts[-1].split() or [""])[-1]
        times = self._met[trouble] = self._met.get(trouble, 0) + 1
        print(trouble, times, sorted(request.json), flush=True)
        return self._play(trouble, times, request)

    def _play(self, trouble: str, times: int, request: Recorded) -> Script:
        match trouble:
            case "429" if times % 3:
                return refusal(429, "Rate limit reached for requests. Please slow down.", retry_after="8")
            case "later":
                return refusal(429, "You have reached your hourly limit.", retry_after="600")
            case "500":
                return refusal(500, "The server had an error while processing your request.")
            case "stall" if times % 2:
                return Script([*_ALIVE, Stall()])
            case "midstall":
                return Script([*_SO_FAR, Stall()])
            case "reset":
                return Script([*_SO_FAR, Reset()])
            case "down":
                return Script([Reset()], framing="raw")
            case "401":
                return refusal(401, f"Incorrect API key provided: {request.headers.get('authorization', '')[7:]}.")
            case "402":
                return refusal(402, "Insufficient Balance")
            case "long" if len(request.json["messages"]) > 3:
                return refusal(400, _TOO_LONG)
            case "html":
                return Script([b"<html><head><title>Welcome to nginx!</title></head></html>"], framing="length")
            case "empty":
                return Script([], framing="length")
            case "params" if "temperature" in request.json:
                return refusal(400, "Unsupported value: 'temperature' does not support 0.2 with this model.")
        return _GOOD


async def _serve(port: int) -> None:
    server = SSEServer(Troubles().answer)
    await server.start(port)
    print(f"listening: CHATUI_BASE_URL={server.base_url} CHATUI_API_KEY=sk-anything-at-all", flush=True)
    await asyncio.Event().wait()


def main() -> None:
    """Play troubles until Ctrl+C."""
    parser = argparse.ArgumentParser(description="Play the troubles of a server.")
    parser.add_argument("--port", type=int, default=0)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(parser.parse_args().port))


if __name__ == "__main__":
    main()
