"""A signature says: this server said this, for this purpose, and no one changed it since."""

from __future__ import annotations

import pytest

from grievances.encryption import signatures
from grievances.encryption.signatures import NotSigned

FACTS = {"reference": "RC-BCDFGH", "day": "2026-11-21"}


def test_what_was_signed_is_read_back_with_the_public_key_alone() -> None:
    text = signatures.sign("a purpose", FACTS)
    assert signatures.verify(text, "a purpose", signatures.public_key()) == FACTS
    assert signatures.verify(f" {text}\n", "a purpose", signatures.public_key()) == FACTS


@pytest.mark.parametrize("place", [0, 5, 40, -1, -30])
def test_one_changed_sign_is_found(place: int) -> None:
    text = signatures.sign("a purpose", FACTS)
    other = "A" if text[place] != "A" else "B"
    changed = text[:place] + other + (text[place + 1 :] if place != -1 else "")
    with pytest.raises(NotSigned):
        signatures.verify(changed, "a purpose", signatures.public_key())


@pytest.mark.parametrize("text", ["", ".", "x", "x.y", "é.ü", "e30.e30"])
def test_what_is_no_signed_text_is_refused(text: str) -> None:
    with pytest.raises(NotSigned):
        signatures.verify(text, "a purpose", signatures.public_key())


def test_a_signature_serves_one_purpose_and_one_key() -> None:
    text = signatures.sign("a purpose", FACTS)
    with pytest.raises(NotSigned):
        signatures.verify(text, "another purpose", signatures.public_key())
    with pytest.raises(NotSigned):
        signatures.verify(text, "a purpose", "00" * 32)
    with pytest.raises(NotSigned):
        signatures.verify(text, "a purpose", "no key")
