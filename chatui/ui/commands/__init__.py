"""Commands: one row each is the slash command, the key, the palette entry and the help line."""
