"""Open an account's private key with a passkey, where its person allowed that.

A passkey whose device knows the PRF extension (WebAuthn level 3, 10.1.4) gives the browser the same
32 secret bytes each time its person proves who they are to it. The browser derives a key from them,
and sends that key with the answer of the passkey. The private key is sealed under it once more, as
under a password, with the seal for the server around it. What the browser sent is kept nowhere. The
sealed key is in the row of the passkey, and is deleted with it.
"""

from __future__ import annotations

import base64
import os
from datetime import datetime

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import transaction
from django.utils.translation import gettext_noop

from grievances.accounts.second_factor import Change, announce, tell_changed, trail_name
from grievances.cases.actions.actor import SYSTEM_ACTOR, Caller, NotAllowed
from grievances.casework.reading import record
from grievances.encryption.key_pairs import Holder, KeyPair, holder_name
from grievances.encryption.primitives import DecryptionFailed
from grievances.encryption.private_keys import (
    is_for_server,
    open_private,
    private_place,
    seal_private,
)
from grievances.people.models import User
from workflow.steps import Refused

SEALED, SALT = "sealed_private_key", "private_key_salt"
"""The facts of a passkey's row that hold the sealed key; both base64."""
OPENING_BYTES = 32
CANNOT = (
    "PASSKEY_CANNOT",
    gettext_noop(
        "This passkey cannot open your records: your browser or the device does not offer it. "
        "Nothing was changed. You can go on as before."
    ),
)


def opens_records(factor: Authenticator) -> bool:
    """Return whether a passkey opens the private key of its account."""
    return SEALED in factor.data


def place_of(factor: Authenticator) -> str:
    """Return what the sealed key is bound to: this account and this passkey."""
    credential = factor.wrap().authenticator_data.credential_data
    number = credential.credential_id.hex() if credential else ""
    return private_place(factor.user_id, f"passkey {number}")


@transaction.atomic
def let_open(caller: Caller, factor: Authenticator, opening: bytes, *, now: datetime) -> None:
    """Let a passkey of the caller open their private key from now on; tell them.

    `opening` is the key of 32 bytes that the browser derived.

    Raises:
        NotAllowed: The passkey is of another account, or the private key is not open.
        Refused: PASSKEY_CANNOT, where the browser or the device gave no key.
    """
    person, holder = caller.person, caller.holder
    if factor.user_id != person.pk or holder is None or holder.name != holder_name(person.pk):
        raise NotAllowed
    if len(opening) != OPENING_BYTES:
        raise Refused(*CANNOT)
    salt = os.urandom(16)
    sealed = seal_private(_key_of(opening, salt), holder.private, place_of(factor))
    row = Authenticator.objects.select_for_update().get(pk=factor.pk)
    row.data[SEALED] = base64.b64encode(sealed).decode()
    row.data[SALT] = base64.b64encode(salt).decode()
    row.save(update_fields=["data"])
    announce(person, Change.PASSKEY_OPENS, now)


def open_with(factor: Authenticator, opening: bytes) -> Holder:
    """Return the private key that a passkey opens, for an account that is in use.

    The answer to the passkey's question was right: allauth has checked it.

    Raises:
        DecryptionFailed: It may not open it, the bytes are wrong, or the row was changed. Also
            where the account has another key by now.
    """
    person, (sealed, salt) = factor.user, _kept_in(factor)
    pair = KeyPair.objects.filter(person=person).first()
    if pair is None or not person.is_active or len(opening) != OPENING_BYTES:
        raise DecryptionFailed
    genuine = pair.genuine_key
    private = open_private(_key_of(opening, salt), sealed, place_of(factor), genuine)
    holder = Holder(holder_name(person.pk), private)
    # A row from before the account got another key pair must not bring the old one back.
    if holder.public != genuine:
        raise DecryptionFailed
    return holder


def _kept_in(factor: Authenticator) -> tuple[bytes, bytes]:
    """Return the sealed key and the salt in the row of a passkey.

    Raises:
        DecryptionFailed: There is none, or this service did not write it.
    """
    try:
        sealed = base64.b64decode(factor.data[SEALED])
        salt = base64.b64decode(factor.data[SALT])
    except (KeyError, TypeError, ValueError):
        raise DecryptionFailed from None
    if not is_for_server(sealed):
        raise DecryptionFailed
    return sealed, salt


@transaction.atomic
def note_opened(person: User, *, is_known: bool, now: datetime) -> None:
    """Record that a passkey opened the records of an account.

    In a browser where the account was not used before, the person is told.
    """
    record(SYSTEM_ACTOR, "account.opened_by_passkey", now, account=trail_name(person))
    if not is_known:
        tell_changed(person, now)


def _key_of(opening: bytes, salt: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, b"fair hearing|private key by passkey").derive(opening)
