"""Certificates for TLS servers of tests, made anew each time by the `openssl` tool: none lies in the repository."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate, and its key beside it."""

    path: Path
    """What a client names as its CA file to trust it."""

    def server_context(self) -> ssl.SSLContext:
        """What a server needs to show it."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.path, self.path.with_suffix(".key"))
        return context


def make_certificate(folder: Path, names: str) -> Certificate:
    """Make one for alternative names such as `IP:127.0.0.1`."""
    tool = shutil.which("openssl")
    if tool is None:
        pytest.skip("the openssl tool is not installed, and it makes the certificates")
    path = folder / "server.pem"
    command = [
        *(tool, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
        *("-keyout", str(path.with_suffix(".key")), "-out", str(path), "-subj", "/CN=chatui test"),
        *("-addext", f"subjectAltName={names}", "-days", "2"),
    ]
    subprocess.run(command, check=True, capture_output=True)
    return Certificate(path)
