"""Accounts of the benchmark, whose keys cost what they cost in production."""

from __future__ import annotations

from dataclasses import asdict

from django.contrib.auth.hashers import make_password
from django.test import override_settings

from grievances.encryption.derivation_limit import derive_once
from grievances.encryption.key_pairs import make_key_pair
from grievances.encryption.primitives import Kdf
from grievances.people.models import User

COST = Kdf(memory_kib=65536, iterations=5, lanes=1)
HASHERS = ["grievances.encryption.password_hasher.OneDerivation"]


def make_accounts(prefix: str, many: int, password: str) -> None:
    """Make the accounts prefix0, prefix1, ... with one password.

    They are made under the keys of this process.
    """
    # One derivation for all of them: they share their password and its salt.
    with override_settings(PASSWORD_HASHERS=HASHERS, VAULT_KDF=asdict(COST)), derive_once():
        proof = make_password(password)
        for number in range(many):
            person = User.objects.create(
                username=f"{prefix}{number}", password=proof, name=f"{prefix.title()} {number}"
            )
            make_key_pair(person, password)
