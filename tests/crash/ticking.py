"""A server that says numbered words and goes on where it is asked to: `python -m tests.crash.ticking`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json

from tests.sse_server import Close, Pause, Recorded, Script, SSEServer, Step, deltas, finish

WORD = 7
"""Characters of a word and the blank behind it."""


def word_text(count: int) -> str:
    """The first words of the one text that the server knows."""
    return "".join(f"w{number:05} " for number in range(1, count + 1))


def is_word_text(text: str) -> bool:
    """True for a beginning of that text: no word twice, none missing."""
    return word_text(len(text) // WORD + 1).startswith(text)


def tick(request: Recorded, words: int, seconds: float, cut_after: int = 0) -> Script:
    """Answer a request: from the first word, or after what the last reply holds; cut where that is asked for."""
    messages = request.json["messages"]
    kept = ""
    if messages[-1]["role"] == "assistant":
        kept = messages[-1]["content"]
    elif "Continue exactly" in messages[-1]["content"]:
        kept = messages[-2]["content"]
    rest = word_text(words)[len(kept) :]
    pieces = [rest[place : place + WORD] for place in range(0, len(rest), WORD)]
    steps: list[Step] = []
    for piece in pieces[:cut_after] if cut_after and not kept else pieces:
        steps += [deltas(piece), Pause(seconds)]
    return Script([*steps, Close()] if cut_after and not kept else [*steps, finish()])


async def serve(port: int, words: int, seconds: float, cut_after: int) -> None:
    """Listen until cancelled; the address is printed."""

    def answer(request: Recorded) -> Script:
        if request.method == "GET":
            models = json.dumps({"data": [{"id": "ticker"}]}).encode()
            return Script([models], headers={"content-type": "application/json"}, framing="length")
        return tick(request, words, seconds, cut_after)

    server = SSEServer(answer)
    await server.start(port)
    print(f"CHATUI_BASE_URL={server.base_url}", flush=True)
    await asyncio.Event().wait()


def main() -> None:
    """Play until Ctrl+C."""
    parser = argparse.ArgumentParser(description="Say numbered words over server-sent events.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--words", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=0.02, help="between two words")
    parser.add_argument("--cut-after", type=int, default=0, help="words after which a first reply is cut")
    options = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(options.port, options.words, options.seconds, options.cut_after))


if __name__ == "__main__":
    main()
