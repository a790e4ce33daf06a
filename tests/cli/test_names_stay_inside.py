"""No name of a session, from whatever verb, reads, writes or deletes anything outside the folders of chatui."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chatui.cli.arguments import parse_arguments
from chatui.screen import make_app
from chatui.storage.errors import StorageError
from chatui.storage.session_names import is_session_id
from tests.cli.stage import ServerThread, call

NAMES = [
    "../../precious",
    "../trash/x",
    "..",
    ".",
    "",
    " ",
    "a/b",
    "a\\..\\b",
    "/etc/passwd",
    "precious.toml",
    "-rf",
    "--help-me",
    "con",
    "NUL.txt",
    "x\x00y",
    "x\ny",
    "\x1b]0;x\x07",
    "a∕b",
    "．．／x",  # look-alikes are what it is about
    "e\u0301",
    "x" * 201,
    "~/precious",
    "20261101-000001-good.checkpoint",
]
SESSION = 'format = 1\nid = {id}\ntitle = "T"\n\n[[messages]]\nid = "m1"\nrole = "user"\ntext = "SECRET"\n'


@pytest.fixture
def precious(environ: dict[str, str]) -> dict[Path, bytes]:
    """Files all around the folder of sessions that look like sessions, and their bytes."""
    root = Path(environ["CHATUI_HOME"])
    folders = [root.parent, root, root / "data", root / "data" / "sessions" / "b"]
    paths = [folder / name for folder in folders for name in ("precious.toml", "precious", "x.toml", "b.toml")]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SESSION.format(id='"precious"'))
    return {path: path.read_bytes() for path in paths}


@pytest.mark.parametrize("name", NAMES)
def test_nothing_outside_is_touched_by_any_verb(
    environ: dict[str, str],
    capfd: pytest.CaptureFixture[str],
    server: ServerThread,
    precious: dict[Path, bytes],
    tmp_path: Path,
    name: str,
) -> None:
    data = Path(environ["CHATUI_HOME"]) / "data"
    carried = tmp_path / "carried.toml"
    carried.write_text(SESSION.format(id=json.dumps(name)))
    carried_json = tmp_path / "carried.json"
    carried_json.write_text(json.dumps({"format": 1, "id": name, "messages": [{"role": "user", "text": "SECRET"}]}))
    batch = tmp_path / "batch.jsonl"
    batch.write_text(json.dumps({"id": name, "prompt": "Hi"}) + "\n")
    verbs = [
        ["ask", f"--session={name}", "Hi"],
        ["sessions", "show", "--", name],
        ["sessions", "export", "--format", "json", "--", name],
        ["sessions", "rename", "--", name, "New"],
        ["sessions", "import", str(carried)],
        ["sessions", "import", str(carried_json)],
        ["batch", str(batch), "-o", str(tmp_path / "out.jsonl")],
        ["sessions", "delete", "--", name],
        ["sessions", "restore", "--", name],
        ["sessions", "delete", "--", name],
    ]
    for verb in verbs:
        if verb[0] in ("ask", "batch"):
            server.reply("Hello.")
        ran = call(capfd, environ, *verb)
        assert ran.code in (0, 1, 2), verb
        assert "Traceback" not in ran.err
        assert "\x1b" not in ran.err
        if verb[1] in ("show", "export"):
            assert "SECRET" not in ran.out, verb
    for option in ("--session", "-r"):
        try:
            make_app(parse_arguments([f"{option}={name}" if option == "--session" else f"-r{name}"]), environ)
        except (StorageError, SystemExit):
            capfd.readouterr()
    assert {path: path.read_bytes() for path in precious} == precious
    made = {path for path in data.rglob("*") if path.is_file()} - set(precious)
    assert all(path.parent.name in ("sessions", "trash") for path in made), made
    assert all(path.suffix == ".toml" and is_session_id(path.stem) for path in made), made


def test_two_names_are_two_sessions(
    environ: dict[str, str], capfd: pytest.CaptureFixture[str], server: ServerThread
) -> None:
    names = ["Notes", "notes", "NOTES", "notes ", "nötes", "no-tes", "a/b", "a b", "a∕b", "a.b"]
    for name in names:
        server.reply(name)
        assert call(capfd, environ, "ask", f"--session={name}", f"I am {name}").code == 0
    files = list((Path(environ["CHATUI_HOME"]) / "data" / "sessions").iterdir())
    assert len(files) == len(names)
