"""How many tries, requests and sendings are taken before one has to wait.

Tests come from one address, so most limits are out of their way.
"""

TEST = "test"
FAR_AWAY = 10_000
"""A limit that no test reaches."""

SECOND_FACTOR_TRIES = {"browser": 30, "address": 60, "account": 10, "day": 100}
"""Wrong codes after a right password.

Only a person who knows the password can use these up, and a passkey or a browser that the account
knows still gets in. The last counts a whole day.
"""
SIGN_ON_BRAKE = {"begun": 1200, "returned": 240}
"""Sign-ins by single sign-on in a minute, begun and returned from.

They are counted for each address, which many people may share. The first make a session each, the
second a request to the provider.
"""


def sign_in_tries(mode: str) -> dict[str, int]:
    """Return how many wrong passwords are taken before a further one has to wait.

    From a browser that the account knows; else from one address for all names, and for one name.
    Only tries of the same origin wait, a minute at most.
    """
    return {"browser": 30, "address": FAR_AWAY if mode == TEST else 20, "account": 6}


def recovery_tries(mode: str) -> dict[str, int]:
    """Return how many wrong recovery codes are taken.

    Requests to two officers are counted separately. Both cost as much as a sign-in and are rare, so
    an address has fewer.
    """
    return {"address": FAR_AWAY if mode == TEST else 6, "account": 6}


def request_rate(mode: str) -> dict[str, tuple[int, int]]:
    """Return (requests a second for long, how many at once) for each origin.

    One process answers so many. An origin is a session or a browser that an account knows, else a
    network address, which many people may share.
    """
    if mode == TEST:
        return {"known": (FAR_AWAY, 1_000_000), "stranger": (FAR_AWAY, 1_000_000)}
    return {"known": (10, 200), "stranger": (5, 100)}


def anonymous_throttle(mode: str) -> dict[str, int]:
    """Return how hard the puzzle of an anonymous sending is, and when it gets harder.

    `wait_seconds` is the wait of a browser that solves none; `unsolved_per_minute` is how many of
    those are taken.
    """
    if mode == TEST:
        return {
            "bits": 8,
            "wait_seconds": 0,
            "per_minute": FAR_AWAY,
            "per_hour": FAR_AWAY,
            "unsolved_per_minute": FAR_AWAY,
        }
    return {
        "bits": 16,
        "wait_seconds": 15,
        "per_minute": 30,
        "per_hour": 300,
        "unsolved_per_minute": 6,
    }
