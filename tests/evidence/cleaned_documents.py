"""Clean a made-up document, and look for names in the copy."""

from __future__ import annotations

import io
from collections.abc import Iterator

from grievances.evidence.sanitiser import __main__ as sanitiser
from grievances.evidence.sanitiser.protocol import Report
from tests.attacks.leak_scan import Loot
from tests.evidence.planted import ACCOUNT, WHO
from tests.evidence.test_cleaning import unpacked


def cleaned(body: bytes, cleaner: str = "office") -> tuple[Report, bytes]:
    copy = io.BytesIO()
    return sanitiser.sanitise(cleaner, io.BytesIO(body), copy), copy.getvalue()


def all_inside(body: bytes) -> Iterator[bytes]:
    """A file and everything in it, at any depth."""
    for piece in unpacked(body):
        yield piece
        if piece is not body and piece.startswith((b"PK", b"%PDF")):
            yield from all_inside(piece)


def names_in(body: bytes) -> list[str]:
    """What is left of the person, in any encoding."""
    pieces = Loot([("copy", piece) for piece in all_inside(body)])
    return [each for each in (WHO, ACCOUNT, "Testwright") if pieces.holds(each)]
