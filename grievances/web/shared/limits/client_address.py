"""The network address of a client, as far as it can be trusted.

A proxy adds the address that it saw to the right end of `X-Forwarded-For`. The client writes
everything further left, so that part is never trusted.
"""

from __future__ import annotations

import ipaddress
import re

from django.conf import settings
from django.http import HttpRequest

WITH_PORT = re.compile(r"\[(?P<six>[^\]]+)\](:\d+)?|(?P<four>[\d.]+)(:\d+)?")
NETWORK_BITS = 64
"""Bits of an IPv6 network that count as one client.

One household or firm has a whole IPv6 network of this size, and may choose any address in it.
"""


def address_of(request: HttpRequest) -> str:
    """Return the client's network address; for IPv6 its network of 64 bits.

    `TRUSTED_PROXIES` says how many entries of `X-Forwarded-For` our own proxies wrote, counted from
    the right. A header that is too short or malformed gives the address of the connection.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    proxies: int = settings.TRUSTED_PROXIES
    entries = request.headers.get("X-Forwarded-For", "").split(",")
    seen = _read(entries[-proxies]) if 0 < proxies <= len(entries) else None
    return seen or _read(peer) or peer


def _read(text: str) -> str | None:
    """Return an address without its port in canonical form, or None for other text."""
    found = WITH_PORT.fullmatch(text.strip())
    bare = (found["six"] or found["four"]) if found else text.strip()
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    network = ipaddress.IPv6Network((int(address), NETWORK_BITS), strict=False)
    return str(network.network_address)
