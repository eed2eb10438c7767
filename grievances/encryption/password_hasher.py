"""Django's Argon2 password hasher under the same derivation limit as the keys."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher

from grievances.encryption.derivation_limit import limiter


class CountedArgon2(Argon2PasswordHasher):
    """Django's Argon2 hasher; it never runs more at once than the derivation limit.

    Each hash takes 100 MiB with Django's parameters, one and a half times as much as an unlock.
    """

    def encode(self, password: str, salt: str) -> str:
        """Return the encoded hash of a password. Raises TooBusy."""
        with limiter():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Tell whether a password fits an encoded hash. Raises TooBusy."""
        with limiter():
            return super().verify(password, encoded)
