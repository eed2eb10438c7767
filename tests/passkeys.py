"""A passkey device for the tests: it signs in software what a real one signs in hardware."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings
from django.test import Client
from django.utils.http import int_to_base36
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from tests.second_factors import HERE

FLAGS = AuthenticatorData.FLAG
KNOWN = FLAGS.UP | FLAGS.UV
"""The person touched the device and proved to it who they are."""


@dataclass
class Device:
    """A device with one passkey; `opening` is what its browser derives for the records."""

    account: int = 0
    number: bytes = field(default_factory=lambda: os.urandom(16))
    secret: bytes = field(default_factory=lambda: os.urandom(32))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    @property
    def opening(self) -> str:
        return hmac.new(self.secret, b"opening", hashlib.sha256).hexdigest()

    def register(self, options: dict[str, Any]) -> str:
        """Return the answer to a request for a new passkey."""
        asked = options["creation_options"]["publicKey"]
        numbers = self.key.public_key().public_numbers()
        x, y = (each.to_bytes(32, "big") for each in (numbers.x, numbers.y))
        public = ES256({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        kept = AttestedCredentialData.create(Aaguid.NONE, self.number, public)
        data = AuthenticatorData.create(_rp(asked["rp"]["id"]), KNOWN | FLAGS.AT, 0, kept)
        response = {
            "clientDataJSON": websafe_encode(self._said("webauthn.create", asked)),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        }
        return self._answer(response)

    def sign(self, options: dict[str, Any], flags: FLAGS = KNOWN) -> str:
        """Return the answer to a question."""
        asked = options["request_options"]["publicKey"]
        said = self._said("webauthn.get", asked)
        data = AuthenticatorData.create(_rp(asked["rpId"]), flags, 1)
        signature = self.key.sign(data + said.hash, ec.ECDSA(SHA256()))
        handle = websafe_encode(int_to_base36(self.account).encode())
        response = {
            "clientDataJSON": websafe_encode(said),
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(signature),
            "userHandle": handle,
        }
        return self._answer(response)

    def _said(self, kind: str, asked: dict[str, Any]) -> CollectedClientData:
        words = {"type": kind, "challenge": asked["challenge"], "origin": settings.SITE_URL}
        return CollectedClientData(json.dumps(words).encode())

    def _answer(self, response: dict[str, str]) -> str:
        number = websafe_encode(self.number)
        facts = {"id": number, "rawId": number, "type": "public-key", "response": response}
        return json.dumps({**facts, "clientExtensionResults": {"credProps": {"rk": True}}})


def _rp(host: str) -> bytes:
    return hashlib.sha256(host.encode()).digest()


def options_of(page: str) -> dict[str, Any]:
    """Return the question of a passkey on a page."""
    (text,) = re.findall(r'data-options="([^"]*)"', page)
    found: dict[str, Any] = json.loads(text.replace("&quot;", '"'))
    return found


def add_passkey(client: Client, account: int) -> Device:
    """Add a passkey on the pages, as a person does who has just signed in."""
    device = Device(account)
    page = client.get(f"{HERE}passkeys/add/").content.decode()
    answer = client.post(f"{HERE}passkeys/add/", {"credential": device.register(options_of(page))})
    assert answer.status_code == 302, answer.content.decode()
    return device


def let_open(client: Client, pk: int, device: Device, opening: str | None = None) -> int:
    """Let a passkey open the records on its page; return the status of the answer."""
    page = f"{HERE}passkeys/{pk}/records/"
    asked = options_of(client.get(page).content.decode())
    given = device.opening if opening is None else opening
    return client.post(page, {"credential": device.sign(asked), "opening": given}).status_code
