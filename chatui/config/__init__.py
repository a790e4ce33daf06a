"""What the user has set: one tree of frozen values with defaults, and reading it from TOML."""
