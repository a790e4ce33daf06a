"""What leaves the transport when something goes wrong on the way."""

from __future__ import annotations

from chatui.conversation.failure import Failure


class TransportFailure(Exception):
    """The way to the server or back failed."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure
