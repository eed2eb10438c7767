"""Limits on wrong tries, counted by where the tries come from.

So a stranger's wrong tries slow the stranger alone. No count covers all people together, and none
counts an account by its name alone: either would let a stranger keep other people out. A browser
that the account knows has a count of its own. Names and addresses are kept as keyed hashes, in the
cache, for five minutes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from grievances.encryption.derivation_limit import TooBusy
from grievances.encryption.server_keys import handle
from grievances.web.shared.client_address import address_of
from grievances.web.shared.sessions import known_browser, normal_name

WINDOW_SECONDS = 5 * 60
"""How long a count runs from its first try, in seconds; then it begins anew."""

TOO_MANY_FROM_HERE = "Too many tries that did not work. Wait five minutes, then try again."


@dataclass(frozen=True)
class Tries:
    """The counts that one try belongs to, each with its limit."""

    limits: dict[str, int]

    def begin(self) -> bool:
        """Return False when there were too many tries; count this one.

        After False nothing may be checked.
        """
        counts = {key: count_up(key, WINDOW_SECONDS) for key in self.limits}
        return all(counts[key] <= most for key, most in self.limits.items())

    def take_back(self) -> None:
        """Remove the try from the counts: it was right, or was never checked."""
        for key in self.limits:
            # A count that ended meanwhile holds nothing to remove.
            with suppress(ValueError):
                cache.decr(key)

    @contextmanager
    def unless_busy(self) -> Iterator[None]:
        """Check the try; remove it from the counts when it was never checked.

        Raises:
            TooBusy: When the limit of parallel key derivations is reached.
        """
        try:
            yield
        except TooBusy:
            self.take_back()
            raise


def sign_in_tries(request: HttpRequest, username: str) -> Tries:
    """Return the counts of a sign-in under this name in this browser.

    A browser that the account knows counts by itself, whatever its address. After too many tries it
    counts like any other browser. No count depends on whether the account exists.
    """
    most: dict[str, int] = settings.SIGN_IN_TRIES
    mark = known_browser(request, username)
    if mark:
        own = _key("browser", mark)
        if cache.get(own, 0) < most["browser"]:
            return Tries({own: most["browser"]})
    return tries_from(request, "sign-in", username, most)


def tries_from(request: HttpRequest, purpose: str, username: str, most: dict[str, int]) -> Tries:
    """Return the counts of an address: for all names together, and for this name.

    `most` says how many tries each of the two, "address" and "account", may reach in a window.
    """
    address = address_of(request)
    return Tries(
        {
            _key("address", purpose, address): most["address"],
            _key("account", purpose, address, normal_name(username)): most["account"],
        }
    )


def count_up(key: str, seconds: int) -> int:
    """Return how many there were since the first, this one counted.

    The first began a window of so many seconds.
    """
    if cache.add(key, 1, seconds):
        return 1
    try:
        return int(cache.incr(key))
    except ValueError:
        return 1


def _key(kind: str, *parts: str) -> str:
    return f"tries:{kind}:{handle('tries', kind, *parts)}"
