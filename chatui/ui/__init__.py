"""The screen: a Textual app over the engine. The only place where Textual lives."""
