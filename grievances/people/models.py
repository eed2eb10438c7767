"""The staff directory: people, units, line managers, training and offices."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from functools import cache
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import connection, models
from django.db.models import Q

from grievances.people.regions import region_choices
from grievances.vocabulary import CERTIFICATES_FOR, Certificate, Division, Office, Role
from workflow.sql.compiled_sql import CompiledQuery, bound_list, listed

LINE_MEMORY = timedelta(days=731)
"""How long a former line manager is a conflict: 24 months.

domain.md 5.3, G_NO_CONFLICT.
"""


class Unit(models.Model):
    """An office or team. Its region group is the finest place a report ever shows."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=100)
    region = models.CharField(max_length=20, choices=region_choices)
    division = models.CharField(max_length=10, choices=Division, default=Division.ENG_WLS)

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A member of staff. `is_staff` and `is_superuser` give nothing on a case."""

    name = models.CharField(max_length=120)
    password = models.CharField("password", max_length=255)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="people")
    grade = models.PositiveSmallIntegerField(default=1)
    # The language they chose on the pages, for mail; empty for that of the service.
    language = models.CharField(max_length=12, blank=True, default="", db_default="")

    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.username

    def holds(self, office: Office, today: date) -> bool:
        """Return whether the person is appointed to `office` on the local date `today`."""
        return any(a.office == office and a.is_current(today) for a in self.appointments.all())


def in_units_of(person_ids: Iterable[int], at_most: int = 0) -> set[int]:
    """Return the ids of everyone in the units of these people.

    With `at_most` they are that many at most.
    """
    given = listed("person", sorted(person_ids), 0)
    rows = _team(len(given), at_most).rows(**given)
    return {row.pk for row in rows}


@cache
def _team(room: int, at_most: int) -> CompiledQuery[User]:
    people = bound_list("person", room, models.BigIntegerField())
    units = User.objects.filter(Q(pk__in=people), unit__isnull=False).values("unit")
    team = User.objects.filter(unit__in=units).order_by().only("pk")
    return CompiledQuery(lambda: team[:at_most] if at_most else team)


class Appointment(models.Model):
    """A person's appointment to an office, from one day to another (both included)."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="appointments")
    office = models.CharField(max_length=20, choices=Office)
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "office", "from_date"], name="one_appointment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_office_display()}"

    def is_current(self, today: date) -> bool:
        """Return whether the appointment is current on the local date `today`."""
        return self.from_date <= today and (self.to_date is None or today <= self.to_date)


class LineManagement(models.Model):
    """A line manager of a person, and when; a former manager is a conflict too."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="managed_by")
    manager = models.ForeignKey(User, on_delete=models.CASCADE, related_name="manages")
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.manager} manages {self.person}"


class LinkedAccounts(models.Model):
    """Two accounts that belong to one person, as the organisation has recorded it.

    A person who may not see a case with one account may not see it with the other.
    """

    first = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="one_link_of_two_accounts")
        ]

    def __str__(self) -> str:
        return f"{self.first} and {self.second} are one person"


Links = Collection[tuple[int, int]]


class AccountLinks(tuple[tuple[int, int], ...]):
    """Pairs of account ids as read at one moment, and lines worked out of them."""

    lines: dict[tuple[frozenset[int], date], frozenset[int]]


def account_links() -> Links:
    """Return every pair of account ids that belong to one person."""
    return linked((row.first_id, row.second_id) for row in _LINKED.rows())


_LINKED = CompiledQuery(lambda: LinkedAccounts.objects.order_by())


def linked(pairs: Iterable[tuple[int, int]]) -> Links:
    """Return the links of these pairs of account ids, which were just read."""
    links = AccountLinks(pairs)
    links.lines = {}
    return links


def join_linked(person_ids: Iterable[int], links: Links) -> set[int]:
    """Return these accounts and every other account of the same people."""
    found = set(person_ids)
    while fresh := {pk for link in links if found.intersection(link) for pk in link} - found:
        found |= fresh
    return found


def with_linked_accounts(person_ids: Iterable[int]) -> set[int]:
    """Return these accounts and every other account of the same people, in one query."""
    found = set(person_ids)
    return join_linked(found, account_links()) if found else found


def accounts_of_one(person: User) -> set[int]:
    """Return this account and every other account of the same person, by id.

    Where two people must agree, all of these count as one.
    """
    return with_linked_accounts({person.pk})


class Training(models.Model):
    """A training certificate (domain.md 11.2).

    It is valid while issued, unexpired and not suspended.
    """

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="training")
    certificate = models.CharField(max_length=20, choices=Certificate)
    issued_on = models.DateField()
    expires_on = models.DateField()
    suspended = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.person}: {self.certificate}"

    def is_valid(self, today: date) -> bool:
        """Return whether the certificate is valid on the local date `today`."""
        return self.issued_on <= today <= self.expires_on and not self.suspended


class Leave(models.Model):
    """Days on which a member of staff is away, both included (local dates).

    It says no reason.
    """

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="leave")
    from_on = models.DateField()
    until_on = models.DateField()

    def __str__(self) -> str:
        return f"{self.from_on} to {self.until_on}"

    @classmethod
    def touching(
        cls, person_ids: Iterable[int | None], first: date, last: date
    ) -> models.QuerySet["Leave"]:
        """Return the leave of these people that has a day between two local dates."""
        rows = cls.objects.filter(person__in=[pk for pk in person_ids if pk is not None])
        return rows.filter(from_on__lte=last, until_on__gte=first)


def in_office(office: Office, today: date) -> models.QuerySet[User]:
    """Return active people appointed to `office` on the local date `today`."""
    current = Q(appointments__to_date__isnull=True) | Q(appointments__to_date__gte=today)
    return (
        User.objects.filter(current, appointments__office=office, is_active=True)
        .filter(appointments__from_date__lte=today)
        .distinct()
        .order_by("pk")
    )


def appointed(offices: Iterable[Office], today: date) -> list[tuple[Office, User]]:
    """Return (office, person) for each active appointment on the local date `today`."""
    current = Q(to_date__isnull=True) | Q(to_date__gte=today)
    rows = Appointment.objects.filter(current, office__in=list(offices), from_date__lte=today)
    rows = rows.filter(person__is_active=True).select_related("person__key_pair")
    return list(dict.fromkeys((Office(row.office), row.person) for row in rows.order_by("person")))


def is_certified(person: User, role: Role, today: date) -> bool:
    """Return whether every certificate the role needs is valid on `today`.

    This is G_TRAINED (domain.md 5.3).
    """
    valid = {t.certificate for t in person.training.all() if t.is_valid(today)}
    return all(needed in valid for needed in CERTIFICATES_FOR[role])


def certified_until(person: User, role: Role, today: date) -> date | None:
    """Return the first day on which a certificate that the role needs ends."""
    held = [each for each in person.training.all() if each.is_valid(today)]
    ends = {each.certificate: each.expires_on for each in sorted(held, key=lambda t: t.expires_on)}
    return min((ends[name] for name in CERTIFICATES_FOR[role] if name in ends), default=None)


LINE = """
WITH RECURSIVE line(id) AS (
    SELECT manager_id FROM {table}
    WHERE person_id IN ({marks}) AND {counts}
    UNION
    SELECT above.manager_id FROM {table} above JOIN line ON above.person_id = line.id
    WHERE {counts}
)
SELECT id FROM line
"""
"""The management line upwards in one query.

UNION, not UNION ALL, so that managers who manage each other end the recursion.
"""
COUNTS = """from_date <= %s AND (
    to_date IS NULL OR to_date >= %s
    OR EXISTS (SELECT 1 FROM {people} own WHERE own.id = person_id AND NOT own.is_active)
)"""
"""Which rows count: the line now and of the last 24 months.

Of a person who has left the whole former line counts. EXISTS, not IN, so that PostgreSQL looks each
person up by the index: with IN it read the lines of everyone at each level.
"""


def line_chain(person_ids: Iterable[int], today: date, links: Links | None = None) -> set[int]:
    """Return the ids of every line manager of these people, at any level.

    A manager counts who manages them now or did in the last 24 months. Of a person who has left,
    every former manager counts. All accounts of one person count as one, below and above. `links`
    are the `account_links`, where they were read before. The line of the same people is worked out
    once from them.
    """
    ids = frozenset(person_ids)
    if links is None:
        links = account_links() if ids else ()
    known = links.lines if isinstance(links, AccountLinks) else {}
    if (ids, today) not in known:
        known[ids, today] = frozenset(_line_of(ids, today, links))
    return set(known[ids, today])


def _line_of(ids: Iterable[int], today: date, links: Links) -> set[int]:
    people, found = join_linked(ids, links), set[int]()
    while people:
        above = _managers_above(people, today)
        linked = join_linked(above, links)
        people = linked - above - found
        found |= linked
    return found


def _managers_above(people: set[int], today: date) -> set[int]:
    tables = {"table": LineManagement._meta.db_table, "marks": ", ".join(["%s"] * len(people))}
    counts = COUNTS.format(people=User._meta.db_table)
    within = [today, today - LINE_MEMORY]
    with connection.cursor() as cursor:
        cursor.execute(LINE.format(**tables, counts=counts), [*sorted(people), *within, *within])
        return {row[0] for row in cursor.fetchall()}
