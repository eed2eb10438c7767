"""A process that starts remembers no keys."""

from grievances.encryption import server_keys, signatures


def start_anew() -> None:
    """Remember no keys, as a process that starts."""
    server_keys._complete.clear()
    signatures._private.cache_clear()
