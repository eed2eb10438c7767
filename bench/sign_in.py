"""Measure a sign-in beside the two runs of Argon2 of before.

Source: issue 12, performance.md 7.
"""

from collections.abc import Callable, Iterable
from time import process_time

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from django.test import Client

from bench.table import Line
from grievances.encryption.key_pairs import make_key_pair
from grievances.encryption.primitives import Kdf
from grievances.people.models import User

PASSWORD = "a password for the benchmark"  # noqa: S105 - it opens nothing
PRODUCTION = {"memory_kib": 65536, "iterations": 5, "lanes": 1}
BEFORE = Kdf(memory_kib=65536, iterations=6, lanes=1)
TIMES = 9


def measure(scale: str) -> Iterable[Line]:
    """Return one line: a sign-in page beside the two derivations of before."""
    settings.VAULT_KDF = PRODUCTION
    settings.PASSWORD_HASHERS = ["grievances.encryption.password_hasher.OneDerivation"]
    person = User.objects.create(username="bench")
    person.set_password(PASSWORD)
    person.save()
    make_key_pair(person, PASSWORD)
    hasher = Argon2PasswordHasher()
    encoded = hasher.encode(PASSWORD, hasher.salt())

    def sign_in() -> None:
        cache.clear()
        answers = {"login": "bench", "password": PASSWORD}
        if Client().post("/accounts/login/", answers).status_code != 302:
            raise RuntimeError("the sign-in of the benchmark was refused")

    def before() -> None:
        hasher.verify(PASSWORD, encoded)
        BEFORE.derive(PASSWORD, bytes(16))

    for work in (sign_in, before):
        work()
    ours, theirs = zip(*((spent(sign_in), spent(before)) for _ in range(TIMES)), strict=True)
    beside = "account hash and private key apart"
    return [Line("A sign-in, processor time", min(ours), beside, min(theirs), 0.55)]


def spent(work: Callable[[], None]) -> float:
    """Return the processor time that some work took, in ms."""
    begun = process_time()
    work()
    return (process_time() - begun) * 1000
