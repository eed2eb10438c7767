"""Keep a concern back until its writer is not alone, and answer when they are not.

A kept concern is no case: no officer sees it, and no event tells of it. Nothing is compared while
the writer waits for a page. So no answer and no time of an answer tells that there is another. The
comparison is `escrow_matching`, once a day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.models.case import Case
from grievances.encryption.key_pairs import Holder
from grievances.encryption.primitives import DecryptionFailed
from grievances.intake import drafts
from grievances.intake.escrow_models import (
    MOST_NAMES,
    Kept,
    KeptConcern,
    Target,
    label_of,
)
from grievances.people.models import User, with_linked_accounts
from grievances.policy import profiles, retention_schedule
from workflow.calendar import local_date
from workflow.steps import Refused

PLACES = range(MOST_NAMES)
"""The places of one account: each open concern names at least one target."""
KEPT_CLASS = "kept_concern"
"""The class of the retention schedule, also for how long a name counts."""
MONTHS = (3, 6, 12)
"""What a writer may choose, as far as the retention schedule allows it."""

TOO_MANY_NAMES = (
    "TOO_MANY_NAMES",
    gettext_noop(
        "You can name {most} people or teams in 12 months. A name that you take back counts too. "
        "Choose fewer names, or send your concern now."
    ),
)
ONESELF = ("ONESELF", gettext_noop("You cannot name yourself. Choose another person or team."))
FILES_TOO = (
    "FILES_TOO",
    gettext_noop(
        "We cannot keep files back. Remove the files from your draft first, and add them when you "
        "send your concern."
    ),
)
NO_TARGET = ("NO_TARGET", gettext_noop("Choose at least one person or team."))


@dataclass(frozen=True)
class Wish:
    """What a writer chooses: whom they name, how many people, and how long.

    `months` is one of `MONTHS`. `address` is a personal email address, or empty.
    """

    targets: Sequence[Target]
    threshold: int
    months: int
    address: str = ""


@dataclass(frozen=True)
class Own:
    """A kept concern as its writer sees it: its place, and what the service knows."""

    number: int
    kept: Kept


def names_left(person: User, today: date) -> int:
    """Return how many more names this person may give now, over all their accounts."""
    people = sorted(with_linked_accounts({person.pk}))
    rows = KeptConcern.objects.filter(label__in=[label_of(pk, n) for pk in people for n in PLACES])
    known = [row.kept for row in rows]
    return MOST_NAMES - sum(each.named for each in known if _counts(each, today))


def months_allowed(today: date) -> tuple[int, ...]:
    """Return for how many months a concern may be kept."""
    longest = retention_schedule.months_of(KEPT_CLASS, today)
    return tuple(each for each in MONTHS if each <= longest)


@transaction.atomic
def keep_back(case: Case, caller: Caller, wish: Wish, *, now: datetime) -> int:
    """Keep a draft back from sending, and delete the draft.

    Raises NotAllowed without an account and its open key.

    Returns:
        The place of the kept concern.

    Raises:
        Refused: It is against oneself, or has too many names or none.
    """
    person, holder = caller.person, _holder(caller)
    today = local_date(now, profiles.zone())
    one_person = _locked(person)
    _require_targets(case, wish, one_person)
    targets = tuple(dict.fromkeys(wish.targets))
    place = next((n for n in PLACES if _is_free(person, n, today)), None)
    if place is None or len(targets) > names_left(person, today):
        raise Refused(TOO_MANY_NAMES[0], gettext(TOO_MANY_NAMES[1]).format(most=MOST_NAMES))
    row = KeptConcern(label=label_of(person.pk, place))
    row.seal(_kept(person, wish, targets, today))
    row.seal_words(holder.public, drafts.read_draft(case, caller))
    row.save()
    drafts.delete_draft(case, caller, now=now)
    return place


def _kept(person: User, wish: Wish, targets: tuple[Target, ...], today: date) -> Kept:
    """Return what is sealed of a concern that is kept back from today on."""
    return Kept(
        person_id=person.pk,
        named=len(targets),
        counts_until=_counts_until(today),
        targets=targets,
        threshold=wish.threshold,
        until=today + relativedelta(months=wish.months),
        address=wish.address,
    )


def own_kept(person: User, today: date) -> list[Own]:
    """Return what this account keeps back now, in the order of its places."""
    rows = {row.label: row for row in KeptConcern.objects.filter(label__in=_labels(person))}
    found = [(n, rows.get(label_of(person.pk, n))) for n in PLACES]
    known = [Own(n, row.kept) for n, row in found if row is not None]
    return [each for each in known if _is_running(each.kept, today)]


@transaction.atomic
def words_of(caller: Caller, number: int) -> dict[str, object] | None:
    """Return the answers of a kept concern; None when the key to them has changed.

    Raises:
        NotAllowed: there is no such concern of this person.
    """
    row = _row(caller, number)
    try:
        return row.words(_holder(caller))
    except DecryptionFailed:
        return None


@transaction.atomic
def make_draft(caller: Caller, number: int, *, now: datetime) -> Case:
    """Make a kept concern a draft again.

    Nothing is sent: its writer sees it first, with the people who would read it.

    Returns:
        The draft, as its writer sees it.

    Raises:
        NotAllowed: It is not theirs, or its words do not open.
    """
    _locked(caller.person)
    words = words_of(caller, number)
    if words is None:
        raise NotAllowed
    case = drafts.open_draft(caller.person, caller, now=now)
    drafts.save_draft(case, caller, words, now=now)
    _empty(_row(caller, number))
    return case


@transaction.atomic
def take_back(caller: Caller, number: int) -> None:
    """Delete the words of a kept concern. Raises NotAllowed when it is not theirs."""
    _locked(caller.person)
    _empty(_row(caller, number))


@transaction.atomic
def keep_on(caller: Caller, number: int, months: int, *, now: datetime) -> None:
    """Go on keeping a concern for so many months from today.

    Its writer is told again only when there are more people. Raises NotAllowed when it is not
    theirs.
    """
    _locked(caller.person)
    row = _row(caller, number)
    today = local_date(now, profiles.zone())
    until = today + relativedelta(months=months)
    # The name counts as long as the concern is kept, and may be compared.
    counts = max(row.kept.counts_until, _counts_until(today))
    kept = replace(row.kept, until=until, counts_until=counts, is_asked=False, is_warned=False)
    row.seal(kept)
    row.save()


def emptied(kept: Kept) -> Kept:
    """Return what is left of one that has ended: how many names still count."""
    return Kept(kept.person_id, kept.named, kept.counts_until)


def _empty(row: KeptConcern) -> None:
    row.seal(emptied(row.kept))
    row.sealed_words = b""
    row.save()


def _row(caller: Caller, number: int) -> KeptConcern:
    """Return a concern of this person, locked: the comparison writes all rows anew.

    Raises:
        NotAllowed: It is not theirs, or has ended.
    """
    rows = KeptConcern.objects.select_for_update()
    row = rows.filter(label=label_of(caller.person.pk, number)).first()
    if row is None or not row.kept.is_open:
        raise NotAllowed
    return row


def _labels(person: User) -> list[str]:
    return [label_of(person.pk, number) for number in PLACES]


def _require_targets(case: Case, wish: Wish, one_person: set[int]) -> None:
    """Refuse a draft with files, without a target, or against oneself.

    Raises:
        Refused: It is one of these.
    """
    if case.evidence.exists():
        raise Refused(*FILES_TOO)
    if not wish.targets:
        raise Refused(*NO_TARGET)
    if any(each.kind == "person" and each.pk in one_person for each in wish.targets):
        raise Refused(*ONESELF)


def _locked(person: User) -> set[int]:
    """Lock the accounts of one person: two tabs may not name more.

    Returns:
        Their ids.
    """
    accounts = with_linked_accounts({person.pk})
    rows = User.objects.select_for_update().filter(pk__in=accounts).order_by("pk")
    list(rows.values_list("pk", flat=True))
    return accounts


def _is_free(person: User, number: int, today: date) -> bool:
    rows = KeptConcern.objects.select_for_update()
    row = rows.filter(label=label_of(person.pk, number)).first()
    return row is None or not (row.kept.is_open or _counts(row.kept, today))


def _is_running(kept: Kept, today: date) -> bool:
    return kept.is_open and kept.until is not None and today <= kept.until


def _counts(kept: Kept, today: date) -> bool:
    return today <= kept.counts_until


def _counts_until(today: date) -> date:
    return today + relativedelta(months=retention_schedule.months_of(KEPT_CLASS, today))


def _holder(caller: Caller) -> Holder:
    if caller.holder is None:
        raise NotAllowed
    return caller.holder
