"""Recover an account by recovery code, which opens what the lost password opened."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from grievances.accounts.own_key import make_first, put_right
from grievances.accounts.second_factor import tell_changed
from grievances.accounts.session_models import end_sessions
from grievances.accounts.sign_on import ANOTHER, is_bound, tell_first_passphrase
from grievances.cases.actions.actor import Caller
from grievances.casework.reading import record
from grievances.encryption.derivation_limit import derive_once
from grievances.encryption.key_pairs import (
    Holder,
    KeyPair,
    make_recovery_code,
    under_password,
    unlock,
    unlock_by_code,
)
from grievances.encryption.primitives import DecryptionFailed, Kdf
from grievances.people.models import User
from workflow.steps import Refused

KEY_GONE = (
    "KEY_GONE",
    gettext_noop(
        "This account had a key before, and it is gone. Tell the people who run this service. Two "
        "officers can set up the account again."
    ),
)
WRONG_CODE = gettext_noop(
    "The user name or the recovery code is not right, or this account has no recovery code. Check "
    "both and try again."
)


@transaction.atomic
def make_code(caller: Caller, *, now: datetime) -> str:
    """Create a recovery code for the caller's own account, shown once.

    The old code ends. Raises NotAllowed for a caller without an account.

    Returns:
        The code, in groups of characters as it is shown.

    Raises:
        Refused: KEY_CLOSED, when the caller's private key is not open.
    """
    person = caller.person
    if caller.holder is None:
        raise Refused("KEY_CLOSED", gettext("Sign in again first, so that your key is open."))
    code = make_recovery_code(person, caller.holder)
    record(caller, "account.recovery_code", now)
    tell_changed(person, now)
    return code


def recover(username: str, code: str, password: str, *, now: datetime) -> User:
    """Set a new password by recovery code.

    Every case stays readable, the code stays valid and other sessions end. Keys are derived before
    the transaction begins: on SQLite every other writer would wait for them.

    Returns:
        The account.

    Raises:
        Refused: CODE_WRONG, with the same sentence and the same time whether the account exists or
            not; PASSWORD_WEAK after a right code, for a password with the person's own name.
    """
    person, pair, holder = _open_by_code(username, code)
    try:
        # The form knew the user name alone: a name would tell a stranger whose account this is.
        validate_password(password, person)
    except ValidationError as error:
        raise Refused("PASSWORD_WEAK", " ".join(error.messages)) from None
    with derive_once():
        if person.has_usable_password():
            person.password = make_password(password)
        sealed = under_password(person, holder, password)
    _set_recovered(person, holder, pair, sealed, now)
    return person


def is_own_secret(person: User, typed: str) -> bool:
    """Return whether this is the account's password, or its passphrase.

    An account with single sign-on has a passphrase that encrypts its private key.
    """
    if person.has_usable_password():
        return person.check_password(typed)
    try:
        unlock(person, typed)
    except (DecryptionFailed, KeyPair.DoesNotExist):
        return False
    return True


@transaction.atomic
def choose_passphrase(person: User, passphrase: str, subject: str, *, now: datetime) -> Holder:
    """Create the key pair of a single sign-on account.

    It is sealed under a passphrase of its own. The identity provider that lets the person in cannot
    open their records: it does not know the passphrase (architecture.md 5). Only the subject that
    the account is bound to chooses it.

    Returns:
        Its holder, which is open.

    Raises:
        Refused: KEY_MADE where there is a key pair already, KEY_GONE where one was removed, or
            SIGN_ON_OF_ANOTHER.
    """
    if not is_bound(person, subject):
        raise Refused(*ANOTHER)
    if KeyPair.objects.filter(person=person).exists():
        raise Refused("KEY_MADE", gettext("You have chosen a passphrase before. Enter that one."))
    try:
        holder = make_first(person, passphrase, now=now)
    except DecryptionFailed:
        raise Refused(*KEY_GONE) from None
    record(Caller(person, holder), "account.passphrase_chosen", now)
    tell_first_passphrase(person, now)
    return holder


def _open_by_code(username: str, code: str) -> tuple[User, KeyPair, Holder]:
    """Return the account, its key pair, and the holder that the recovery code opens.

    Raises:
        Refused: CODE_WRONG, after the same time whether the account exists or not.
    """
    person = User.objects.filter(username=username.strip(), is_active=True).first()
    pair = KeyPair.objects.filter(person=person).first()
    if person is not None and pair is not None:
        with suppress(DecryptionFailed):
            return person, pair, unlock_by_code(person, code)
    _spend_as_much(pair)
    raise Refused("CODE_WRONG", WRONG_CODE)


@transaction.atomic
def _set_recovered(
    person: User, holder: Holder, pair: KeyPair, sealed: Mapping[str, object], now: datetime
) -> None:
    """Write the new password and the key pair sealed under it, and end all sessions.

    Raises:
        Refused: CODE_WRONG, when the code or the key pair was made anew meanwhile; both stay.
    """
    same = KeyPair.objects.filter(
        person=person, public_key=pair.public_key, sealed_by_code=pair.sealed_by_code
    )
    if not same.update(**sealed):
        raise Refused("CODE_WRONG", WRONG_CODE)
    person.save(update_fields=["password"])
    put_right(person, holder, now=now)
    record(Caller(person, holder), "account.recovered", now)
    tell_changed(person, now)
    end_sessions(person)


def _spend_as_much(pair: KeyPair | None) -> None:
    # Without this a quick answer would tell that there is no such account or no code.
    if pair is None or pair.sealed_by_code is None:
        Kdf(**settings.VAULT_KDF).derive("no such code", bytes(16))
