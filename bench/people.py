"""People who sign in to the served product of the benchmark."""

from __future__ import annotations

from bench.served.product import manage


def make_people(prefix: str, many: int, password: str) -> None:
    """Make the accounts prefix0, prefix1, ... with one password.

    A process of its own does it, because this one has other keys.
    """
    words = f"make_accounts({prefix!r}, {many}, {password!r})"
    manage("shell", "-v0", "-c", f"from bench.accounts import make_accounts; {words}")
