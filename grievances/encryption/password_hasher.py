"""Argon2 for passwords as Django has it, through the same turnstile as the keys."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher

from grievances.encryption.derivation_limit import limiter


class CountedArgon2(Argon2PasswordHasher):
    """Hashes of Django's own making, no more at once than there are places.

    Each takes 100 MiB with Django's parameters, as much as an unlock and half of it again.
    """

    def encode(self, password: str, salt: str) -> str:
        with limiter():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with limiter():
            return super().verify(password, encoded)
