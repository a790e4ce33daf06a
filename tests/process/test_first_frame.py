"""The first frame: what it does without, and that the rest follows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.process.terminal import run

_WATCHED = """
import os, sys
from pathlib import Path
from textual.app import App
from chatui.__main__ import run
from chatui.ui.app import ChatApp

display, warm_up = App._display, ChatApp._warm_up

def watched_display(self, screen, renderable):
    if renderable is not None and not os.path.exists(os.environ["FIRST"]):
        Path(os.environ["FIRST"]).write_text("\\n".join(sys.modules))
    return display(self, screen, renderable)

async def watched_warm_up(self, services):
    await warm_up(self, services)
    Path(os.environ["THEN"]).write_text("\\n".join(sys.modules))

App._display, ChatApp._warm_up = watched_display, watched_warm_up
sys.exit(run(sys.argv[1:], os.environ))
"""

_PACKAGES = ("httpx", "markdown_it", "pygments")
_OTHERS = (
    *("argparse", "concurrent.futures.thread", "email", "hashlib", "html", "http", "secrets", "shlex", "sqlite3"),
    *("rich.markdown", "textual.widgets._markdown", "tomli_w"),
)
"""What is slow to import and has no place in a first frame."""
_OWN_NAMES = """
    chatui chatui.__main__ chatui.screen chatui.skeleton
    chatui.cli chatui.cli.arguments chatui.cli.piped_input
    chatui.config chatui.config.checks chatui.config.config chatui.config.lines chatui.config.reading
    chatui.config.tables
    chatui.conversation chatui.conversation.model_name chatui.conversation.visible
    chatui.providers chatui.providers.address chatui.providers.quirks chatui.providers.registry
    chatui.storage chatui.storage.disk chatui.storage.errors chatui.storage.look chatui.storage.paths
    chatui.storage.regular_file chatui.storage.state chatui.storage.toml_text
    chatui.ui chatui.ui.app chatui.ui.direct_paint chatui.ui.front chatui.ui.skeleton_driver chatui.ui.themes
    chatui.ui.welcome
    chatui.ui.screens chatui.ui.screens.chat
    chatui.ui.transcript chatui.ui.transcript.inks
    chatui.ui.widgets chatui.ui.widgets.elision chatui.ui.widgets.footer chatui.ui.widgets.header
    chatui.ui.widgets.history_walk chatui.ui.widgets.legacy_keys chatui.ui.widgets.measures
    chatui.ui.widgets.one_line chatui.ui.widgets.paste_area chatui.ui.widgets.pasted chatui.ui.widgets.prompt
    chatui.ui.widgets.sidebar chatui.ui.widgets.status_line chatui.ui.widgets.welcome_page
"""
"""All of our own that a first frame may load. Each one more is waited for at every start."""


@pytest.mark.parametrize("environ", [{}, {"DEEPSEEK_API_KEY": "sk-x"}], ids=["demo", "a key"])
async def test_the_first_frame_loads_little_and_the_rest_follows(tmp_path: Path, environ: Mapping[str, str]) -> None:
    script, first, then = tmp_path / "watched.py", tmp_path / "first", tmp_path / "then"
    script.write_text(_WATCHED)
    settings = {"PYTHONPATH": str(Path(__file__).parents[2]), "FIRST": str(first), "THEN": str(then)}
    # As after earlier runs: a state that is read, and one's own settings.
    for folder in ("state", "config"):
        (tmp_path / folder).mkdir()
    (tmp_path / "state" / "state.toml").write_text('theme = "dusk"\nsidebar = true\nrecent_models = []\n')
    (tmp_path / "config" / "config.toml").write_text('system = "Be terse."\n[keys]\n"session.list" = "f9"\n')
    async with run(home=tmp_path, environ=settings | dict(environ), program=(str(script),)) as terminal:
        await terminal.sees("Message deepseek/" if environ else "Message demo/guide")
        await terminal.until(then.exists)
        terminal.send("ctrl+q")
        assert await terminal.ended() == 0
    loaded = set(first.read_text().split())
    own = {name for name in loaded if name.partition(".")[0] == "chatui"}
    assert sorted(own - set(_OWN_NAMES.split())) == []
    assert [name for name in (*_PACKAGES, *_OTHERS) if name in loaded] == []
    assert set(_PACKAGES) <= set(then.read_text().split())
