"""The made-up concerns of `generator` as rows of an empty database.

They exist only while the reports are counted. These are the rows that the reports read, with the
constraints of their tables. Only `shipped_years` writes them, and it removes all of them again: a
case that is kept is changed by its actions alone.
"""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from django.db.models import Model

from grievances.cases.models.case import Allegation, Case
from grievances.cases.models.parties import Party, seal_person
from grievances.demo.organisation import CERTIFICATES
from grievances.demo.past_years.generator import BEGIN, END, LEADING_UP, YEARS, Concern, Drawing
from grievances.demo.past_years.outside_counts import write_outside_counts
from grievances.demo.past_years.survey import Voices
from grievances.demo.past_years.workload import Work, moment
from grievances.demo.staff_counts import SHARES, count_staff
from grievances.demo.staff_pool import POOLS
from grievances.demo.year import PUBLISHED
from grievances.people.models import Training, Unit, User
from grievances.policy import profiles
from grievances.reports.periods import read_period
from grievances.vocabulary import Division, Office, Role, Standing, State

SEED = 7
BATCH = 400
AFTERWARDS = timedelta(days=400)
"""How long after the last day a concern may still be open."""
TEAMS = 5
"""Units for each hundredth of the staff: 500 in all."""
LARGER = 1.6
"""The factor of officers compared with `year`, because there are more concerns."""
OFFICES = {
    Role.HANDLER: Office.HANDLER,
    Role.DECIDER: Office.DECIDER,
    Role.APPEAL: Office.APPEAL,
}


def write_past(until: date = END, seed: int = SEED) -> str:
    """Return a digest of all rows written, up to a local date of receipt.

    The same seed writes the same facts; keys and seals differ. Holidays must be loaded.
    """
    drawing = Drawing(random.Random(seed), working_days())  # noqa: S311 - made up, to be repeated
    concerns = [one for one in drawing.concerns() if one.day(0) <= until]
    officers = write_officers(random.Random(seed))  # noqa: S311 - made up, to be repeated
    for year in map(read_period, (LEADING_UP, *YEARS)):
        count_staff(PUBLISHED.people, max(BEGIN, year.first), year.last)
        write_outside_counts(PUBLISHED.people, year, seed)
    number_of = write_respondents({one.about for one in concerns if one.about})
    cases = Case.unguarded.bulk_create(map(case_of, concerns), batch_size=BATCH)
    rows = [
        row
        for case, concern in zip(cases, concerns, strict=True)
        for row in rows_of(case, concern, officers, seed, number_of)
    ]
    write_all(rows)
    return digest_of([*cases, *rows])


def digest_of(rows: Iterable[Model]) -> str:
    """Return a digest of these rows without keys and seals.

    Keys and seals differ each time.
    """
    digest = hashlib.sha256()
    for row in rows:
        plain = (f for f in row._meta.concrete_fields if not f.is_relation and not f.primary_key)
        said = {f.name: str(getattr(row, f.name)) for f in plain if not f.name.startswith("sealed")}
        digest.update(f"{row._meta.model_name} {said}\n".encode())
    return digest.hexdigest()


def working_days() -> Sequence[date]:
    """Return the working days of the first division from the first day on, in order."""
    calendar = profiles.calendar(Division.ENG_WLS)
    last = END + AFTERWARDS
    every = (BEGIN + timedelta(days=n) for n in range((last - BEGIN).days))
    return [day for day in every if calendar.is_working(day)]


def write_respondents(made_up: Iterable[str]) -> dict[str, int]:
    """Return the account number of each made-up respondent; each is in a unit."""
    units = Unit.objects.bulk_create(
        Unit(code=f"TEAM-{region}-{n}", name=f"{region} {n}", region=region)
        for region, share in SHARES.items()
        for n in range(share * TEAMS)
    )
    names = sorted(made_up)
    people = User.objects.bulk_create(
        (
            User(username=f"past-{name}", name=name, unit=units[_digest(name) % len(units)])
            for name in names
        ),
        batch_size=BATCH,
    )
    return {name: person.pk for name, person in zip(names, people, strict=True)}


def rows_of(
    case: Case,
    concern: Concern,
    officers: Mapping[Role, Sequence[User]],
    seed: int,
    number_of: Mapping[str, int],
) -> Iterator[Model]:
    """Yield every row that belongs to a case. Each concern has its own random numbers.

    `number_of` are the accounts of respondents; one without is a number drawn from the name.
    """
    chance = random.Random(f"{seed}/{concern.number}")  # noqa: S311 - made up, to be repeated
    yield _party(case, Standing.COMPLAINANT, concern.person, _digest(concern.person))
    if concern.about:
        number = number_of.get(concern.about, _digest(concern.about))
        yield _party(case, Standing.RESPONDENT, concern.about, number)
    yield Allegation(case=case, number=1, tag=concern.tag, finding=concern.outcome)
    yield from Work(chance, officers).rows(case, concern)
    yield from Voices(chance).rows(case, concern)


def _party(case: Case, standing: Standing, made_up: str, number: int) -> Party:
    """Return a party of a made-up name with the number of their account."""
    sealed = seal_person(case.pk, number)
    return Party(case=case, standing=standing, handle=made_up, sealed_person=sealed)


def _digest(made_up: str) -> int:
    return int.from_bytes(hashlib.sha256(made_up.encode()).digest()[:7], "big")


def write_all(rows: Iterable[Model]) -> None:
    """Write rows of any tables, table by table."""
    by_table: dict[type[Model], list[Model]] = defaultdict(list)
    for row in rows:
        by_table[type(row)].append(row)
    for table, found in by_table.items():
        table._default_manager.bulk_create(found, batch_size=BATCH)


def write_officers(chance: random.Random) -> dict[Role, Sequence[User]]:
    """Return the officers who may be offered each part.

    They are in every region and have their certificates.
    """
    units = [Unit(code=f"PAST-{region}", name=region, region=region) for region in SHARES]
    units = Unit.objects.bulk_create(units)
    found: dict[Role, Sequence[User]] = {}
    for office, (name, size, grade) in POOLS.items():
        people = [
            User(
                username=f"past-{name}{number}",
                name=f"{name} {number}",
                unit=chance.choices(units, list(SHARES.values()))[0],
                grade=grade,
            )
            for number in range(round(size * LARGER))
        ]
        people = User.objects.bulk_create(people, batch_size=BATCH)
        write_all(
            Training(person=person, certificate=each, issued_on=BEGIN, expires_on=END + AFTERWARDS)
            for person in people
            for each in CERTIFICATES[office]
        )
        found |= {role: people for role, filled_by in OFFICES.items() if filled_by == office}
    return found


def case_of(concern: Concern) -> Case:
    """Return the case of a concern, as the product would have left it in the end."""
    received, ended = concern.day(0), concern.day(concern.ends)
    return Case(
        reference=f"RC-{concern.number:06}",
        state=State.CLOSED,
        identity=concern.identity,
        route=concern.route,
        region=concern.region,
        created_at=moment(received),
        touched_on=received,
        received_at=moment(received),
        received_on=received,
        outcome=concern.outcome,
        outcome_on=ended if concern.outcome else None,
        appealed_on=None if concern.appealed is None else concern.day(concern.appealed),
        closed_on=concern.day(concern.closes),
        close_reason=concern.reason,
        pressure=concern.pressure,
    )
