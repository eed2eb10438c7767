"""Where a page of the list begins, as an address says it.

The place holds the number of a case, which no address shows. So it is sealed for the server.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass

from grievances.cases.access.list_paging import Key
from grievances.encryption.primitives import DecryptionFailed
from grievances.encryption.server_keys import open_for_server, seal_for_server

_BOUND_TO = "place in a list"
LONGEST = 400
"""No place that we wrote has more characters."""


@dataclass(frozen=True)
class Start:
    """Where a page begins: after a key, or before one, or neither."""

    after: Key | None = None
    before: Key | None = None

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Start:
        """Return the start that an address names; one that is not ours is ignored."""
        return cls(_opened(asked.get("after", "")), _opened(asked.get("before", "")))


def sealed(key: Key) -> str:
    """Return a key for an address."""
    blob = seal_for_server(json.dumps(key).encode(), _BOUND_TO)
    return base64.urlsafe_b64encode(blob).decode().rstrip("=")


def _opened(text: str) -> Key | None:
    if not text or len(text) > LONGEST:
        return None
    try:
        blob = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        return tuple(json.loads(open_for_server(blob, _BOUND_TO)))
    except (binascii.Error, ValueError, DecryptionFailed):
        return None
