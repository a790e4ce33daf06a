"""chatui: a terminal chat for any OpenAI-compatible model."""

__version__ = "0.1.0"
