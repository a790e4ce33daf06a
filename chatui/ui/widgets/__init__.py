"""The parts of the chat screen beside the transcript."""
