"""Bytes cut into pieces, as a network may deliver them."""

from __future__ import annotations


def cut(data: bytes, *sizes: int) -> list[bytes]:
    """Cut bytes into pieces of these sizes, over and over; one byte each where none is given."""
    pieces: list[bytes] = []
    place = 0
    while place < len(data):
        size = sizes[len(pieces) % len(sizes)] if sizes else 1
        pieces.append(data[place : place + size])
        place += size
    return pieces
