"""A request: what is sent to a provider for one reply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chatui.conversation.attachment import AttachedImage
from chatui.conversation.continuation import Continuation
from chatui.conversation.message import Role


@dataclass(frozen=True, slots=True)
class PlacedImage:
    """An image that stands at a place within the text of a turn."""

    place: int
    """Characters of the text before it."""
    image: AttachedImage | str
    """One at hand, or the address from which the provider fetches it."""
    detail: str = ""
    """How closely the model is to look at it, by the API's words; empty where nobody said."""

    @property
    def key(self) -> tuple[int, str, str]:
        """What tells it from any other."""
        image = self.image
        return self.place, image if isinstance(image, str) else image.attachment.hash, self.detail


@dataclass(frozen=True, slots=True)
class Turn:
    """One message as the model sees it."""

    role: Role
    text: str
    images: Sequence[AttachedImage] = ()
    """What goes along with it, after the text."""
    placed: Sequence[PlacedImage] = ()
    """What stands within the text, in its order."""

    @property
    def image_count(self) -> int:
        """Images that the model is to see."""
        return len(self.images) + len(self.placed)


@dataclass(frozen=True, slots=True)
class Request:
    """All that a provider needs to answer. The same object is sent again on a retry."""

    model: str
    """The model's id as the provider spells it, without the provider's name."""
    turns: Sequence[Turn]
    """Oldest first; the last one is the prompt, or the reply to go on with."""
    system: str = ""
    """The system prompt; empty for none."""
    params: Mapping[str, object] = field(default_factory=dict)
    """Sampling parameters by the API's names; only what is set is sent."""
    refused: Mapping[str, str] = field(default_factory=dict)
    """Optional fields of the body that this model's provider is known to refuse, each with the field that carries its
    value instead; an empty name leaves it out."""
    continuation: Continuation | None = None
    """How to go on with the last turn, which is then the model's own (or asks for it, by words); `None`: answer."""
