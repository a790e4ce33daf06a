"""What things are: frozen values, and the one fold that turns events into a conversation."""
