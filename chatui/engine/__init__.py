"""When things happen: send, stop, retry, count; the live session without a screen."""
