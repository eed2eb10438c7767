"""Parties of a case and people excluded from it, stored by pseudonym.

So a copy of the tables names no one.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from grievances.cases.models.case import Case
from grievances.encryption.server_keys import handle, open_for_server, seal_for_server
from grievances.vocabulary import Contact, Standing


class Party(models.Model):
    """A complainant, respondent, witness or companion of a case.

    `handle` is the pseudonym: a keyed hash of standing and account, the same on every case. So
    people can be counted apart from cases. `sealed_person` is the account, sealed under a server
    key that is not in the database. An anonymous complainant has neither account nor address.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="parties")
    standing = models.CharField(max_length=12, choices=Standing)
    handle = models.CharField(max_length=40, db_index=True)
    sealed_person = models.BinaryField(default=b"")
    contact = models.CharField(max_length=16, choices=Contact, default=Contact.PORTAL)
    sealed_address = models.BinaryField(default=b"")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "standing", "handle"], name="one_standing_per_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.get_standing_display()}"

    @property
    def person_id(self) -> int | None:
        """The account behind the party, opened with the server key.

        None when anonymous. Raises DecryptionFailed for a row that was tampered with.
        """
        if not self.sealed_person:
            return None
        return int(open_for_server(bytes(self.sealed_person), f"party|{self.case_id}"))


class Bar(models.Model):
    """An exclusion: a person who may not learn that this case exists.

    The reason is a code (domain.md 5.3).
    """

    class Why(models.TextChoices):
        """Why a person is excluded."""

        RESPONDENT = "RESPONDENT", "Is the person the concern is about"
        LINE = "LINE", "Manages the complainant or the respondent"
        EXCLUDED = "EXCLUDED", "Left out by the complainant"
        WITNESS = "WITNESS", "Is a witness"
        DECISION = "DECISION", "Took a decision the concern is about"
        CONFLICT = "CONFLICT", "Has a conflict of interest"
        RECUSED = "RECUSED", "Stepped back"
        OBJECTED = "OBJECTED", "The complainant objected, and the objection was agreed"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="bars")
    handle = models.CharField(max_length=40, db_index=True)
    why = models.CharField(max_length=12, choices=Why)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "handle", "why"], name="one_bar_per_reason")
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.why}"


def party_pseudonym(standing: Standing, person_id: int) -> str:
    """Return the pseudonym of an account in one standing."""
    return handle("standing", standing.value, person_id)


def exclusion_pseudonym(person_id: int) -> str:
    """Return the pseudonym under which an account is excluded from cases."""
    return handle("barred", person_id)


def party_inbox(person_id: int) -> str:
    """Return the pseudonym of an account as a party, in trail and outbox.

    It cannot be matched with the pseudonym of the same person at work. So a handler's own concern
    does not show through the cases they handle.
    """
    return handle("inbox as party", person_id)


def add_party(
    case: Case,
    standing: Standing,
    person_id: int,
    *,
    contact: str = Contact.PORTAL,
    address: str = "",
) -> Party:
    """Add an account to a case in a standing. Adding it twice has the effect of once.

    Returns:
        The party.
    """
    party, _ = Party.objects.get_or_create(
        case=case,
        standing=standing,
        handle=party_pseudonym(standing, person_id),
        defaults={
            "sealed_person": seal_for_server(f"{person_id:020d}".encode(), f"party|{case.pk}"),
            "contact": contact,
            "sealed_address": _address(case, address),
        },
    )
    return party


def add_anonymous(case: Case, look_up: str) -> Party:
    """Add the holder of a case key to the case, without account and address.

    Returns:
        The party.
    """
    return Party.objects.create(
        case=case, standing=Standing.COMPLAINANT, handle=handle("case key", look_up)
    )


def anonymous_pseudonym(look_up: str) -> str:
    """Return the pseudonym of the holder of a case key."""
    return handle("case key", look_up)


def bar(case: Case, person_id: int, why: Bar.Why) -> None:
    """Exclude an account from a case. Nothing and no one overrides it."""
    bar_all(case, [person_id], why)


def bar_all(case: Case, person_ids: Iterable[int], why: Bar.Why) -> None:
    """Exclude several accounts from a case for one reason."""
    rows = [
        Bar(case=case, handle=exclusion_pseudonym(person_id), why=why) for person_id in person_ids
    ]
    Bar.objects.bulk_create(rows, ignore_conflicts=True)


def reasons_against(case: Case, person_id: int) -> set[str]:
    """Return the reasons for which an account is excluded from a case, if any."""
    rows = Bar.objects.filter(case=case, handle=exclusion_pseudonym(person_id))
    return set(rows.values_list("why", flat=True))


def lift(case: Case, person_id: int) -> None:
    """Remove the exclusion of an account from a case, with every reason."""
    Bar.objects.filter(case=case, handle=exclusion_pseudonym(person_id)).delete()


def complainant_of(case: Case) -> Party:
    """Return the one complainant of a case."""
    return case.parties.get(standing=Standing.COMPLAINANT)


def address_of(party: Party) -> str:
    """Return the address the complainant chose, or ""."""
    if not party.sealed_address:
        return ""
    words = open_for_server(bytes(party.sealed_address), f"address|{party.case_id}")
    return words.decode().rstrip()


def _address(case: Case, address: str) -> bytes:
    # Padded to one length: the length of an address would narrow down whose it is.
    words = address.ljust(320).encode()
    return seal_for_server(words, f"address|{case.pk}") if address else b""
