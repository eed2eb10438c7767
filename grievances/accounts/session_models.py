"""Which sessions belong to an account, so that its person can see and end them."""

from __future__ import annotations

from django.contrib.sessions.models import Session
from django.db import models

from grievances.encryption.key_pairs import Holder, KeyPair, open_note, seal_note
from grievances.encryption.primitives import DecryptionFailed
from grievances.people.models import User

NOTE_LENGTH = 80


class AccountSession(models.Model):
    """A session of an account; when and in what it began only its person can read.

    No address is kept. The row goes with its session. `note` is sealed to the person's public key,
    because the time of a sign-in would join an account to entries of the trail.
    """

    session = models.OneToOneField(
        Session, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    note = models.TextField()

    def __str__(self) -> str:
        return f"session of account {self.person_id}"

    def read_note(self, holder: Holder) -> str:
        """Return the note, or nothing when this key does not open it (it was replaced)."""
        try:
            return open_note(holder, self.note, _place(self.person_id)).rstrip()
        except DecryptionFailed:
            return ""


def _place(person_id: int) -> str:
    return f"session note|account {person_id}"


def list_session(person: User, session_key: str, note: str) -> bool:
    """Put a session on its person's list.

    Returns:
        False, with nothing listed, while they have no key pair.
    """
    pair = KeyPair.objects.filter(person=person).first()
    if pair is None:
        return False
    public = pair.genuine_key
    # Nothing is sealed to a key of another; the session is listed all the same.
    sealed = seal_note(public, note.ljust(NOTE_LENGTH), _place(person.pk)) if public else ""
    AccountSession.objects.update_or_create(
        session_id=session_key, defaults={"person": person, "note": sealed}
    )
    return True


def sessions_of(person: User) -> list[AccountSession]:
    """Return the sessions of an account that are on its list."""
    return list(AccountSession.objects.filter(person=person).order_by("pk"))


def end_sessions(person: User, keep: str | None = None) -> int:
    """End the sessions of an account, in every browser but one.

    Returns:
        How many ended.
    """
    rows = AccountSession.objects.filter(person=person).exclude(session_id=keep or "")
    keys = list(rows.values_list("session_id", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    return len(keys)
