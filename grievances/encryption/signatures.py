"""Signed texts of facts that can be checked without the service or its database.

Ed25519 (RFC 8032). The key is derived from the pepper by HKDF (RFC 5869), so it outlives every
rotation of server keys. `verify` needs the public key and nothing else of this product.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from functools import cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from grievances.encryption.server_keys import server_keys

INFO = b"fair hearing signing v1"
PURPOSE = "purpose"


class NotSigned(Exception):
    """A text was not signed by this key for this purpose, or is no signed text."""


def public_key() -> str:
    """Return the public half of the signing key, as 64 hex digits."""
    return _private().public_key().public_bytes_raw().hex()


def sign(purpose: str, facts: Mapping[str, str]) -> str:
    """Return the facts as signed text: base64url(JSON), a dot, base64url(signature)."""
    body = json.dumps({**facts, PURPOSE: purpose}, sort_keys=True, separators=(",", ":")).encode()
    return f"{_encode(body)}.{_encode(_private().sign(body))}"


def verify(text: str, purpose: str, public: str) -> dict[str, str]:
    """Return the facts of a signed text.

    White space within the text is ignored, because it may have been wrapped on paper or in a
    letter.

    Raises:
        NotSigned: the text was changed, or made for another purpose.
    """
    body_text, _, signature = "".join(text.split()).partition(".")
    try:
        body = _decode(body_text)
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(_decode(signature), body)
        facts = json.loads(body)
    except (InvalidSignature, ValueError, binascii.Error) as error:
        raise NotSigned from error
    if not isinstance(facts, dict) or facts.pop(PURPOSE, None) != purpose:
        raise NotSigned
    return {str(name): str(value) for name, value in facts.items()}


@cache
def _private() -> Ed25519PrivateKey:
    pepper = server_keys().pepper
    return Ed25519PrivateKey.from_private_bytes(HKDF(SHA256(), 32, None, INFO).derive(pepper))


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
