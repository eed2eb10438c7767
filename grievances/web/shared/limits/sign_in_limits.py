"""Delays after wrong tries, counted by where the tries come from.

So a stranger's wrong tries slow the stranger alone. No count covers all people together, and none
counts an account by its name alone: either would let a stranger keep other people out. No one is
shut out: after too many wrong tries each further one has to wait, and the wait doubles up to a
minute. A browser that the account knows has a count of its own. Names and addresses are kept as
keyed hashes, in the cache, until five minutes after the last try.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from time import time as now

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_noop, ngettext

from grievances.encryption.derivation_limit import TooBusy
from grievances.encryption.server_keys import handle
from grievances.web.shared.limits.client_address import address_of
from grievances.web.shared.sessions import known_browser, normal_name

WINDOW_SECONDS = 5 * 60
"""How long a count is kept after its last try, in seconds; then it begins anew."""
FIRST_DELAY, LONGEST_DELAY = 5, 60
"""Seconds to wait after the first try too many, and at most."""
LONGEST_OF_ADDRESS = 15
"""The longest delay, in seconds, of an address for all names together.

Many people may share an address, and all of them wait where their browser is not known.
"""
DOUBTFUL = 3
"""After so many wrong tries an address has its keys derived apart."""

TOO_MANY_FROM_HERE = gettext_noop(
    "Too many tries that did not work. Wait a minute, then try again."
)


OF_ADDRESS = "tries:address:"


@dataclass(frozen=True)
class Tries:
    """The counts that one try belongs to, each with the tries that need no wait."""

    limits: dict[str, int]

    def begin(self) -> bool:
        """Return False when the next try has to wait; else count this one.

        After False nothing may be checked. A try that comes too early is not counted.
        """
        if self.seconds_left():
            return False
        for key, most in self.limits.items():
            over = count_up(key, WINDOW_SECONDS) - most
            cache.touch(key, WINDOW_SECONDS)
            if over >= 0:
                longest = LONGEST_OF_ADDRESS if key.startswith(OF_ADDRESS) else LONGEST_DELAY
                seconds = min(FIRST_DELAY * 2 ** min(over, 10), longest)
                cache.set(f"{key}:until", now() + seconds, seconds)
        return True

    @property
    def is_doubtful(self) -> bool:
        """Whether this address was so often wrong that its keys are derived apart."""
        counts = cache.get_many([key for key in self.limits if key.startswith(OF_ADDRESS)])
        return any(count > DOUBTFUL for count in counts.values())

    def seconds_left(self) -> int:
        """Return how many seconds the next try has to wait; 0 for none."""
        ends = cache.get_many([f"{key}:until" for key in self.limits]).values()
        return int(max(0, *(math.ceil(end - now()) for end in ends), 0))

    @property
    def sentence(self) -> str:
        """The sentence for a try that came too early."""
        seconds = max(self.seconds_left(), 1)
        many = ngettext("{seconds} second", "{seconds} seconds", seconds).format(seconds=seconds)
        return gettext("Too many tries that did not work. Wait {many}, then try again.").format(
            many=many
        )

    def take_back(self) -> None:
        """Remove the try from the counts: it was right, or was never checked."""
        cache.delete_many([f"{key}:until" for key in self.limits])
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
