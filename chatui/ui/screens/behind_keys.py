"""Doing something behind the keys that came before it, however fast they came."""

from __future__ import annotations

from collections.abc import Callable

from textual.widget import Widget


def call_behind_keys(field: Widget, do: Callable[[], None]) -> None:
    """Call `do` when every key sent to `field` until now has had its effect.

    A priority binding runs as soon as its key comes, while keys before it may still be on their way: into the field,
    and where they are bindings of it, up to the app. This takes the same way through the same queues.
    """
    way = iter(field.ancestors_with_self)

    def go_on() -> None:
        node = next(way, None)
        if node is None:
            do()
        else:
            node.call_later(go_on)

    go_on()
