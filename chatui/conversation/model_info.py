"""What is known about an LLM: its name, who serves it, how much it holds, what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatui.conversation.continuation import Continuation
from chatui.conversation.model_name import split_model_name as split_model_name

if TYPE_CHECKING:
    from chatui.conversation.usage import Price


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """One LLM of one provider."""

    provider: str
    """Name of the provider that serves it."""
    id: str
    """The model's id as the provider spells it; may itself contain `/`."""
    context_window: int | None = None
    """Tokens of input and output together; `None` when unknown."""
    max_output: int | None = None
    """Tokens of one reply at most; `None` when unknown."""
    price: Price | None = None
    """`None` when unknown: then a cost is shown as `–`, never as 0."""
    price_as_of: str = ""
    """The date the price was looked up (ISO), or the source, such as `config`; empty without a price."""
    continuation: Continuation = Continuation.WORDS
    """How a reply of it is continued."""
    takes_images: bool | None = None
    """Whether images may go along with a prompt; `None` when unknown: then they are sent, and that is told."""

    @property
    def name(self) -> str:
        """The full name, `provider/model`, as it stands in config and session files."""
        return f"{self.provider}/{self.id}"
