"""What this server signs: a few facts that anybody can check later without asking it (Ed25519).

The key comes from the oldest server key (RFC 5869, RFC 8032), so rotation leaves old signatures
good. A signature is bound to its purpose: a certificate never passes for something else.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from grievances.models.server_keys import server_keys

INFO = b"fair hearing signing v1"


class NotSigned(Exception):
    """A text was not signed with this key for this purpose, or was changed since."""


def public_key() -> str:
    """The public half of this server's signing key, as hex: it belongs where the server is not."""
    return _key().public_key().public_bytes_raw().hex()


def sign(purpose: str, facts: Mapping[str, str]) -> str:
    """The facts as one line of text that carries its signature: base64url(JSON).base64url(mark)."""
    body = json.dumps({"purpose": purpose, "facts": dict(facts)}, sort_keys=True).encode()
    return f"{_encode(body)}.{_encode(_key().sign(body))}"


def verify(text: str, purpose: str, public: str) -> dict[str, str]:
    """The facts of a signed text; raises NotSigned. `public` is the hex that `public_key` gave."""
    body, _, mark = text.strip().partition(".")
    try:
        raw = _decode(body)
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(_decode(mark), raw)
        said = json.loads(raw)
    except (InvalidSignature, ValueError) as error:
        raise NotSigned from error
    if said["purpose"] != purpose:
        raise NotSigned
    facts: dict[str, str] = said["facts"]
    return facts


def _key() -> Ed25519PrivateKey:
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=INFO)
    return Ed25519PrivateKey.from_private_bytes(kdf.derive(server_keys().pepper))


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
