"""`--play` and `--record`: replies from a file, and into one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from chatui.providers.base import Provider
from chatui.providers.cassette import Cassette, decode_cassette
from chatui.providers.recording import Recording, RecordingProvider
from chatui.storage.atomic import write_atomic
from chatui.storage.errors import StorageError


def read_cassette(path: Path) -> Cassette:
    """Read a cassette. Raises StorageError and CassetteError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise StorageError(path, f"{path} cannot be read: {error.strerror}.") from error
    return decode_cassette(data, str(path))


def record_providers(providers: Mapping[str, Provider], path: Path, tell: Callable[[str], None]) -> dict[str, Provider]:
    """Wrap providers so that all their replies are written to `path`; a failure to write is told, and ends nothing."""

    def write(cassette: bytes) -> None:
        try:
            write_atomic(path, cassette)
        except StorageError as error:
            tell(error.reason)

    recording = Recording(write)
    return {name: RecordingProvider(provider, recording) for name, provider in providers.items()}
