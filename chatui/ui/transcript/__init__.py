"""The conversation pane: one line-API widget over all messages."""
