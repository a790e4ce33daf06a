"""Compressed bodies, unpacked as they come."""

from __future__ import annotations

import zlib


class CompressionError(ValueError):
    """A body is not compressed as its header says."""


def can_inflate(encoding: str) -> bool:
    """Whether a `Content-Encoding` is one that is unpacked here: RFC 9110, section 8.4.1."""
    return encoding in ("gzip", "x-gzip", "deflate")


class Inflater:
    """Takes the bytes of one body. A gzip body may be of several members, as of servers that pack each event alone."""

    def __init__(self, encoding: str) -> None:
        self._is_gzip = encoding != "deflate"
        self._unpacker = _make(self._is_gzip)
        self._is_new = True
        self._fault: CompressionError | None = None

    def feed(self, data: bytes) -> bytes:
        """Take the next bytes and return what they hold. Raises CompressionError, once all before the fault is given.

        Call it with no bytes at the end of the body.
        """
        unpacked = b""
        if self._fault is not None:
            raise self._fault
        while data:
            try:
                unpacked += self._unpacker.decompress(data)
            except zlib.error as error:
                if self._is_gzip or not self._is_new:
                    self._fault = CompressionError(str(error))
                    if not unpacked:
                        raise self._fault from error
                    break
                # Many servers send the bare form of deflate, without the head that the standard asks for.
                self._unpacker, self._is_new = zlib.decompressobj(-zlib.MAX_WBITS), False
                continue
            self._is_new = False
            data = self._unpacker.unused_data
            if self._unpacker.eof and self._is_gzip:
                self._unpacker = _make(is_gzip=True)
                data = data.lstrip(b"\x00")  # padding between members
            elif self._unpacker.eof:
                break
        return unpacked


def _make(is_gzip: bool) -> zlib._Decompress:
    return zlib.decompressobj(zlib.MAX_WBITS | 16 if is_gzip else zlib.MAX_WBITS)
