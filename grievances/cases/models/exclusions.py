"""The people excluded from a case: one sealed list for each case.

A row for each person would tell how many managers a person has, and a keyed hash of a person would
lead to the next case. So the list is one blob under a server key, of the same length on nearly
every case (architecture.md 4). An excluded person holds no role on the case: `bar_all` takes the
roles, and `assignments.grant_all` gives none. So a list of cases needs no search for exclusions.
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterable, Mapping
from functools import cache

from django.db import models, transaction

from grievances.cases.models.case import Case
from grievances.encryption.primitives import DecryptionFailed
from grievances.encryption.server_keys import open_for_server, seal_for_server

_ENTRY = struct.Struct(">QH")
LEAST, GROWTH = 64, 4
"""A list has room for 64 people; a longer one for 256, 1,024 and so on."""


class Exclusions(models.Model):
    """Who may not learn that this case exists, and why (domain.md 5.3)."""

    class Why(models.TextChoices):
        """Why a person is excluded. New reasons go to the end: a stored bit is a position."""

        RESPONDENT = "RESPONDENT", "Is the person the concern is about"
        LINE = "LINE", "Manages the complainant or the respondent"
        EXCLUDED = "EXCLUDED", "Left out by the complainant"
        WITNESS = "WITNESS", "Is a witness"
        DECISION = "DECISION", "Took a decision the concern is about"
        CONFLICT = "CONFLICT", "Has a conflict of interest"
        RECUSED = "RECUSED", "Stepped back"
        OBJECTED = "OBJECTED", "The complainant objected, and the objection was agreed"

    case = models.OneToOneField(
        Case, primary_key=True, on_delete=models.CASCADE, related_name="exclusions"
    )
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.case}: exclusions"

    @property
    def place(self) -> str:
        """The associated data to which the list is bound."""
        return place_of(self.case_id)

    @property
    def people(self) -> dict[int, frozenset[str]]:
        """The reasons by account id.

        Raises DecryptionFailed for a row that was tampered with.
        """
        return opened(self.case_id, bytes(self.sealed))


WHYS = tuple(Exclusions.Why)


def place_of(case_id: int) -> str:
    """Return the associated data of the list of a case."""
    return f"exclusions|{case_id}"


def packed(people: Mapping[int, Collection[str]]) -> bytes:
    """Return {account id: reasons} as bytes, padded to one of a few lengths."""
    room = LEAST
    while room < len(people):
        room *= GROWTH
    body = b"".join(
        _ENTRY.pack(person_id, sum(1 << WHYS.index(Exclusions.Why(why)) for why in set(whys)))
        for person_id, whys in sorted(people.items())
    )
    return body.ljust(room * _ENTRY.size, b"\x00")


def unpacked(body: bytes) -> dict[int, frozenset[str]]:
    """Return {account id: reasons} of bytes that `packed` made."""
    return {
        person_id: frozenset(why.value for bit, why in enumerate(WHYS) if bits >> bit & 1)
        for person_id, bits in _ENTRY.iter_unpack(body)
        if bits
    }


def opened(case_id: int, sealed: bytes) -> dict[int, frozenset[str]]:
    """Return {account id: reasons} of the sealed list of a case.

    Raises DecryptionFailed for a list that was tampered with.
    """
    return unpacked(open_for_server(sealed, place_of(case_id)))


def excluded_from(case: Case) -> dict[int, frozenset[str]]:
    """Return who is excluded from a case, as {account id: reasons}.

    Raises DecryptionFailed for a list that was tampered with.
    """
    if case.held_exclusions is not None:
        return dict(case.held_exclusions)
    return exclusions_of([case.pk]).get(case.pk, {})


@cache
def sealed_lists(sort: str) -> models.QuerySet[Exclusions, object]:
    """Return a query of sealed lists, to be combined with other rows of a case.

    Its columns are `sort`, three empty ones, and the sealed list (`access.relations`).
    """
    text = models.CharField()
    return Exclusions.objects.annotate(
        sort=models.Value(sort, output_field=text),
        tie=models.Value("", output_field=text),
        person=models.Value(0, output_field=models.BigIntegerField()),
        called=models.Value("", output_field=text),
        list=models.F("sealed"),
    ).values_list("sort", "tie", "person", "called", "list")


def hold(case: Case, people: Mapping[int, frozenset[str]]) -> None:
    """Keep who is excluded with a case whose row is locked, so it is read once a step.

    Everyone who excludes a person locks that row first. So the list cannot change before the lock
    ends, except by this very object, which `_write` keeps true.
    """
    case.held_exclusions = dict(people)


def exclusions_of(case_ids: Iterable[int]) -> dict[int, dict[int, frozenset[str]]]:
    """Return {case id: {account id: reasons}} for many cases, by one query."""
    rows = Exclusions.objects.filter(case__in=list(case_ids))
    return {row.case_id: row.people for row in rows}


def barred_from(case_ids: Iterable[int], person_id: int) -> set[int]:
    """Return the cases from which an account is excluded, by one query.

    A case whose list was tampered with is among them.
    """
    barred = barred_people_of(case_ids)
    return {pk for pk, people in barred.items() if people is None or person_id in people}


def barred_people_of(case_ids: Iterable[int]) -> dict[int, set[int] | None]:
    """Return who is excluded from each of these cases.

    It is None where the list was tampered with.
    """
    found: dict[int, set[int] | None] = {}
    for row in Exclusions.objects.filter(case__in=list(case_ids)):
        try:
            found[row.case_id] = set(row.people)
        except DecryptionFailed:
            found[row.case_id] = None
    return found


def reasons_against(case: Case, person_id: int) -> frozenset[str]:
    """Return the reasons for which an account is excluded from a case, if any."""
    return excluded_from(case).get(person_id, frozenset())


def is_excluded(case: Case, person_id: int) -> bool:
    """Return whether an account is excluded from a case."""
    return person_id in excluded_from(case)


def bar(case: Case, person_id: int, why: Exclusions.Why) -> None:
    """Exclude an account from a case. Nothing and no one overrides it."""
    bar_all(case, {person_id: [why]})


@transaction.atomic
def bar_all(case: Case, people: Mapping[int, Iterable[str]]) -> None:
    """Exclude accounts from a case, as {account id: reasons}; take their roles."""
    known = _locked_list(case)
    added = {pk: known.get(pk, frozenset()) | set(whys) for pk, whys in people.items()}
    _write(case, known | added)
    case.grants.filter(user__in=list(people)).delete()


def bar_strangers(people: Mapping[int, Collection[int]], why: Exclusions.Why) -> None:
    """Exclude people from many cases at once, given as {case id: account ids}.

    The cases are locked, and none of these people has a role in one, so there is none to take.
    """
    lists = exclusions_of(people)
    rows = []
    for case_id, fresh in people.items():
        known = lists.get(case_id, {})
        added = {pk: known.get(pk, frozenset()) | {why.value} for pk in fresh}
        rows.append(_row(case_id, known | added))
    _store(rows)


@transaction.atomic
def lift(case: Case, person_id: int, whys: Collection[str] = tuple(Exclusions.Why)) -> None:
    """Take these reasons against an account from the list of a case.

    Without any named, every reason is taken.
    """
    known = _locked_list(case)
    if person_id in known:
        kept = known.pop(person_id) - set(whys)
        _write(case, known | ({person_id: kept} if kept else {}))


def replace_all(case: Case, people: Mapping[int, Iterable[str]]) -> None:
    """Exclude exactly these accounts from a concern that is not sent yet.

    No one holds a role on it, so there is none to take.
    """
    _write(case, {pk: frozenset(whys) for pk, whys in people.items()})


def _locked_list(case: Case) -> dict[int, frozenset[str]]:
    """Return who is excluded, as no other transaction can change it now."""
    if case.held_exclusions is not None:
        return dict(case.held_exclusions)
    row = Exclusions.objects.select_for_update().filter(case=case).first()
    return row.people if row is not None else {}


def _write(case: Case, people: Mapping[int, Collection[str]]) -> None:
    _store([_row(case.pk, people)])
    if case.held_exclusions is not None:
        hold(case, {pk: frozenset(whys) for pk, whys in people.items()})


def _row(case_id: int, people: Mapping[int, Collection[str]]) -> Exclusions:
    sealed = seal_for_server(packed(people), place_of(case_id))
    return Exclusions(case_id=case_id, sealed=sealed)


def _store(rows: list[Exclusions]) -> None:
    Exclusions.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["case"], update_fields=["sealed"]
    )
