"""The demo for the command line: it can tell about settings and about the commands of the table."""

from __future__ import annotations

from chatui.cli.commands import COMMANDS
from chatui.config.manual import describe_settings
from chatui.providers.demo.provider import DemoProvider
from chatui.providers.demo.topic import Topic


def make_demo() -> DemoProvider:
    """Make the demo; nothing is read before its first request."""
    return DemoProvider(find_topics)


def find_topics() -> list[Topic]:
    """What it can tell about."""
    topics = [Topic(f"chatui {command.name}", "", f"{command.summary}.", "command") for command in COMMANDS]
    return topics + [Topic(setting.key, "", setting.help, "setting") for setting in describe_settings()]
