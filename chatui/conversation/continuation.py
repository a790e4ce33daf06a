"""How a reply that was cut is continued."""

from __future__ import annotations

from enum import StrEnum


class Continuation(StrEnum):
    """How a provider is made to go on with a reply that was cut. The words are those of the settings."""

    PREFIX = "prefix"
    """The last message is the model's own and carries `prefix: true` (DeepSeek, Mistral)."""
    FINAL_MESSAGE = "continue_final_message"
    """The last message is the model's own; the body says to leave it open (vLLM)."""
    LAST_MESSAGE = "last_message"
    """The last message is the model's own, and the server takes that for a beginning (Ollama, llama.cpp, …)."""
    WORDS = "words"
    """A turn of the user asks to go on: approximate, for the model may repeat or rephrase."""

    @property
    def is_exact(self) -> bool:
        """True where the server promises to go on after the last character."""
        return self in (Continuation.PREFIX, Continuation.FINAL_MESSAGE)
