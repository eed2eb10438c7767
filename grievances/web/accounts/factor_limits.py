"""Limits on wrong codes in the second step of sign-in.

They begin only after a right password, so no stranger can use them up. A browser that the account
knows has a count of its own, and a passkey has none, because it cannot be guessed.
"""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from grievances.encryption.server_keys import handle
from grievances.web.shared.limits.sign_in_limits import Tries, count_up, tries_from
from grievances.web.shared.sessions import known_browser

DAY_SECONDS = 24 * 60 * 60
NOTICED = 10
"""After so many wrong codes in a day the person is told."""


class FactorTries:
    """The counts of one typed code: by browser or address for minutes, and for a day."""

    def __init__(self, request: HttpRequest, username: str) -> None:
        self.most: dict[str, int] = settings.SECOND_FACTOR_TRIES
        self.day = f"tries:day:{handle('tries', 'second factor', username)}"
        mark = known_browser(request, username)
        self.is_known = bool(mark)
        if mark:
            own = f"tries:browser:{handle('tries', 'second factor', mark)}"
            self.tries = Tries({own: self.most["browser"]})
        else:
            self.tries = tries_from(request, "second factor", username, self.most)

    def begin(self) -> bool:
        """Return False when there were too many wrong codes; count this one.

        After False nothing may be checked.
        """
        if not self.is_known and cache.get(self.day, 0) >= self.most["day"]:
            return False
        return self.tries.begin()

    def take_back(self) -> None:
        """Remove the try from the counts: the code was right."""
        self.tries.take_back()

    def note_wrong(self) -> bool:
        """Count a wrong code for the day.

        Returns:
            Whether the person should be told now.
        """
        return count_up(self.day, DAY_SECONDS) == NOTICED
