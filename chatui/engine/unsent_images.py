"""The images of a session that are in no message on the disk yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from chatui.conversation.attachment import AttachedImage


class UnsentImages:
    """Those that are attached and wait for the next prompt, and those of a prompt that is on its way to the disk.

    What can be counted and gone through are those that are attached.
    """

    def __init__(self) -> None:
        self._attached: list[AttachedImage] = []
        self._on_their_way: list[AttachedImage] = []
        self.changed: Callable[[], None] = lambda: None
        """Called after each change of what is to be kept."""

    def __len__(self) -> int:
        return len(self._attached)

    def __iter__(self) -> Iterator[AttachedImage]:
        return iter(self._attached)

    @property
    def to_keep(self) -> tuple[AttachedImage, ...]:
        """All that nothing but a draft could bring back, first those whose prompt is on its way."""
        return (*self._on_their_way, *self._attached)

    def add(self, *images: AttachedImage) -> None:
        """Attach images."""
        self._attached += images
        self.changed()

    def clear(self) -> tuple[AttachedImage, ...]:
        """Detach all that are attached, and return them."""
        detached = tuple(self._attached)
        self._attached.clear()
        self.changed()
        return detached

    def take(self) -> tuple[AttachedImage, ...]:
        """Take all that are attached along with a prompt; they are on their way until `settle` is called."""
        taken = tuple(self._attached)
        self._on_their_way += taken
        self._attached.clear()
        return taken

    def settle(self) -> None:
        """The prompt that took them is on the disk, and they with it."""
        self._on_their_way.clear()
        self.changed()
