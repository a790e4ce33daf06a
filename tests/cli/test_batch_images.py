"""Images among the messages of `chatui batch`, as a program."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from tests.cli.stage import ServerThread, execute
from tests.cli.test_ask_images import PNG, contents, set_images

LINK = "https://example.org/a%20cat.png?size=1"


def as_url(data: bytes, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def line_of(n: int, *content: dict[str, Any]) -> str:
    """A line of a batch file of OpenAI's."""
    body = {"model": "env/big-1", "messages": [{"role": "user", "content": content}]}
    return json.dumps({"custom_id": f"r-{n}", "method": "POST", "url": "/v1/chat/completions", "body": body})


def image(url: str, **more: str) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url} | more}


def test_the_server_sees_the_parts_as_they_stand(server: ServerThread, environ: dict[str, str], tmp_path: Path) -> None:
    server.reply("A cat, twice.")
    parts = [
        {"type": "text", "text": "Is this"},
        image(as_url(PNG), detail="low"),
        {"type": "text", "text": "the same as"},
        image(LINK),
    ]
    ran = execute(environ, "batch", "-", "--format", "jsonl", stdin=line_of(1, *parts).encode())
    (result,) = [json.loads(line) for line in ran.out.splitlines()]
    assert (ran.code, result["id"], result["outcome"], result["text"]) == (0, "r-1", "complete", "A cat, twice.")
    assert contents(server, 0) == [parts]
    # Images of a batch are kept nowhere.
    assert not list(Path(environ["CHATUI_HOME"]).rglob("attachments"))


def test_a_line_whose_image_cannot_be_sent_fails_alone_and_says_where(
    server: ServerThread, environ: dict[str, str], tmp_path: Path
) -> None:
    server.reply("Fine.")
    text = {"type": "text", "text": "What?"}
    lines = [
        line_of(1, text, image(as_url(PNG)[:-1])),
        line_of(2, text, image(as_url(b"<svg/>", "image/svg\x1b[31m"))),
        line_of(3, text, image(as_url(PNG))),
    ]
    ran = execute(environ, "batch", "-", "--concurrency", "1", stdin="\n".join(lines).encode())
    results = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.code == 1
    assert [(result["id"], result["outcome"]) for result in results] == [
        ("r-1", "failed"),
        ("r-2", "failed"),
        ("r-3", "complete"),
    ]
    assert results[0]["error"]["message"] == (
        "Prompt 1 cannot be asked: messages[0].content[1].image_url.url is damaged: "
        "what follows the comma is no base64."
    )
    assert "messages[0].content[1].image_url.url is of type image/svg" in ran.err
    assert "\x1b" not in ran.err
    assert len(server.server.requests) == 1


def test_another_image_is_another_prompt_and_the_same_one_is_not_asked_again(
    server: ServerThread, environ: dict[str, str], tmp_path: Path
) -> None:
    source, answers = tmp_path / "prompts.jsonl", tmp_path / "answers.jsonl"
    for data, count in ((PNG, 1), (PNG, 1), (PNG + b"!", 2)):
        server.reply("A cat.")
        source.write_text(line_of(1, image(as_url(data))))
        assert execute(environ, "batch", str(source), "-o", str(answers)).code == 0
        assert len(server.server.requests) == count


def test_a_model_that_takes_no_images_is_not_asked(server: ServerThread, environ: dict[str, str]) -> None:
    set_images(environ, "false")
    ran = execute(environ, "batch", "-", stdin=line_of(1, image(as_url(PNG))).encode())
    (result,) = [json.loads(line) for line in ran.out.splitlines()]
    assert (ran.code, result["error"]["message"]) == (1, "env/big-1 takes no images.")
    assert server.server.requests == []
