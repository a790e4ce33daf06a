"""What an error of TLS means, in words, and what to do about it."""

from __future__ import annotations

import ssl

from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.visible import make_visible_line

_OUT_OF_DATE = (9, 10)
_OF_ANOTHER_HOST = (62, 64)
"""Codes of OpenSSL's verification (x509_vfy.h): not yet valid, expired; the name does not match, nor the address."""


def explain_tls(error: ssl.SSLError, host: str) -> Failure:
    """Say why no connection was made. Nothing was sent then, and trying again would not help."""
    # Both attributes are there only on errors that OpenSSL itself raised.
    said = getattr(error, "verify_message", None) or getattr(error, "reason", None) or "no reason given"
    said = make_visible_line(said)[:200].rstrip(".")
    if isinstance(error, ssl.SSLCertVerificationError):
        message = f"The certificate of {host} is not trusted: {said}."
        advice = _advise_certificate(getattr(error, "verify_code", None))
    else:
        message = f"{host} does not speak TLS as expected: {said}."
        advice = "Should the address begin with http:// instead?"
    return Failure(FailureKind.CONFIGURATION, message, advice=advice)


def _advise_certificate(code: int | None) -> str:
    if code in _OUT_OF_DATE:
        return "Its owner has to renew it, unless the clock of this machine is wrong."
    if code in _OF_ANOTHER_HOST:
        return "It is made for another host: check base_url."
    return "If it is your own, or your company's, name its CA's file in SSL_CERT_FILE."
