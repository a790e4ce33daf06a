"""Markdown that grows, as lines for a width: parsed once, wrapped once, painted when looked at."""
