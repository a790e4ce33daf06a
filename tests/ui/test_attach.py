"""Files that go along with a prompt in the app."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.chat_stage import chat

PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)


async def test_an_image_goes_along_with_the_next_prompt_and_with_no_other(tmp_path: Path, cat: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.enter(f"/attach {cat}")
        await c.sees("▣ cat.png (PNG, 208 bytes)", "Goes along with the next prompt")
        await c.ask_held("What is this?", "A cat.")
        await c.sees("▣ cat.png (PNG, 208 bytes)", "Whether held/one takes images is not known")
        await c.ask_held("Sure?", "Sure.")
        first, second = c.held.requests
        assert [image.data for image in first.turns[0].images] == [PNG]
        assert [len(turn.images) for turn in second.turns] == [1, 0, 0]
        assert [attached["name"] for attached in c.saved["messages"][0]["attachments"]] == ["cat.png"]
        assert [path.read_bytes() for path in (tmp_path / "data" / "attachments").iterdir()] == [PNG]


async def test_it_can_be_left_behind(tmp_path: Path, cat: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.enter(f"/attach {cat}")
        await c.sees("Goes along")
        await c.enter("/attach")
        await c.misses("Goes along")
        await c.ask_held("Hello", "Hi.")
        assert c.held.requests[0].turns[0].images == ()
        await c.enter("/attach")
        await c.until(lambda: any("Nothing is attached" in notice for notice in c.notices))


async def test_a_text_is_put_into_the_prompt(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("# Notes\n")
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.enter(f"/attach {tmp_path / 'notes.md'}")
        await c.until(lambda: c.desk.prompt.full_text == "`notes.md`:\n\n```md\n# Notes\n```\n\n")
        await c.ask_held("Sum it up", "Done.")
        assert c.held.requests[0].turns[0].text == "`notes.md`:\n\n```md\n# Notes\n```\n\nSum it up"


@pytest.mark.parametrize(
    ("model", "name", "told"),
    [
        ("held/one", "nowhere.png", "cannot be read: No such file or directory"),
        ("held/one", "movie.mp4", "is not text. Text can be sent, and images as PNG, JPEG, GIF or WebP."),
        ("demo/guide", "cat.png", "demo/guide takes no images. Choose another model"),
    ],
)
async def test_what_cannot_go_along_is_told(tmp_path: Path, cat: Path, model: str, name: str, told: str) -> None:
    (tmp_path / "movie.mp4").write_bytes(b"\0\0\0 ftyp")
    async with chat(tmp_path, "-m", model) as c:
        await c.enter(f"/attach {tmp_path / name}")
        await c.until(lambda: any(told in notice for notice in c.notices))
        assert len(c.desk.live.attached) == 0


@pytest.mark.parametrize("written", ["'{}'", '"{}"', "escaped"])
async def test_a_name_may_be_quoted_as_terminals_do_for_a_dropped_file(tmp_path: Path, written: str) -> None:
    path = tmp_path / "my cat.png"
    path.write_bytes(PNG)
    name = str(path).replace(" ", r"\ ") if written == "escaped" else written.format(path)
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.enter(f"/attach {name}")
        await c.until(lambda: [image.attachment.name for image in c.desk.live.attached] == ["my cat.png"])


async def test_nothing_is_attached_while_a_reply_streams(tmp_path: Path, cat: Path) -> None:
    async with chat(tmp_path, "-m", "held/one") as c:
        await c.enter("Hello")
        await c.until(lambda: c.held.requests)
        await c.enter(f"/attach {cat}")
        await c.until(lambda: any("The reply still streams" in notice for notice in c.notices))
        assert len(c.desk.live.attached) == 0
        c.held.end()
        await c.rests()
