"""The process in which the reports are measured.

No other part uses the database meanwhile.
"""

import json
import os
from datetime import UTC, date, datetime
from functools import partial

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from bench.reports import (  # noqa: E402
    AGGREGATES,
    MAKE,
    ROUNDS,
    YEAR,
    median_ms,
    peak_mb,
    seconds_of,
)
from grievances.encryption.key_pairs import make_key_pair  # noqa: E402
from grievances.people.models import Appointment  # noqa: E402
from grievances.reports import facts  # noqa: E402
from grievances.reports.builders import Due, Run  # noqa: E402
from grievances.reports.catalogue import REPORTS  # noqa: E402
from grievances.reports.contents.sources import CONCLUDED  # noqa: E402
from grievances.reports.counting import Population, tally  # noqa: E402
from grievances.reports.fact_models import CaseFact  # noqa: E402
from grievances.reports.periods import Length, read_period  # noqa: E402
from grievances.vocabulary import Office  # noqa: E402
from tests.signing_in import keep_key  # noqa: E402

NOW = datetime(2023, 6, 1, 9, tzinfo=UTC)
BARE = """
SELECT {row}, {column}, COUNT(*), COUNT(DISTINCT person) FROM grievances_casefact
WHERE ended_on BETWEEN '2022-04-01' AND '2023-03-31' AND ending IN %s
GROUP BY GROUPING SETS (({row}, {column}), ({row}), ({column}), ())
"""
"""SQL for the same counts of concerns and people, margins included."""


def prepare(size: int) -> None:
    """Make the tables, the rules and `size` concerns."""
    call_command("migrate", verbosity=0)
    call_command("load_policy", verbosity=0)
    call_command("load_holidays", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(MAKE.format(size=size))


def in_year() -> Population:
    """Return the concerns concluded in the year."""
    year = read_period(YEAR)
    rows = CaseFact.objects.filter(ended_on__range=(year.first, year.last), ending__in=CONCLUDED)
    return Population(rows)


def bare(row: str, column: str) -> None:
    """Run the bare statement."""
    with connection.cursor() as cursor:
        cursor.execute(BARE.format(row=row, column=column).replace("%s", str(CONCLUDED)))
        cursor.fetchall()


def main() -> None:
    """Measure, and print one line of JSON."""
    size = int(os.environ["BENCH_SIZE"])
    prepare(size)
    year = read_period(YEAR)
    found: dict[str, float] = {}
    packs = ("indicators", "equality-duty", "board-summary")
    names = sorted(REPORTS, key=packs.__contains__)
    dues = [Due(REPORTS[n], year) for n in names if Length.YEAR in REPORTS[n].lengths]
    found["all_s"] = seconds_of(lambda: Run(NOW).make(dues))
    found["peak_mb"] = peak_mb()
    found["facts_s"] = seconds_of(lambda: facts.rebuild(date(2023, 3, 31)))
    for name, (row, column) in AGGREGATES.items():
        ours, theirs = [], []
        for _ in range(ROUNDS):
            theirs.append(seconds_of(partial(bare, row, column)))
            ours.append(seconds_of(partial(tally, in_year(), row, column)))
        found[f"{name} ours"], found[f"{name} bare"] = median_ms(ours), median_ms(theirs)
    client = analyst()
    open_one(client)
    found["open_ms"] = median_ms([seconds_of(lambda: open_one(client)) for _ in range(15)])
    print(json.dumps(found))


def analyst() -> Client:
    """Return the client of an analyst of HR who has signed in."""
    person = get_user_model().objects.create(username="analyst", name="Ana Lyst")
    since = date(2020, 1, 1)
    Appointment.objects.create(person=person, office=Office.ANALYST, from_date=since)
    client = Client()
    client.force_login(person)
    keep_key(client, make_key_pair(person, "a password for the benchmark"))
    return client


def open_one(client: Client) -> None:
    """Open a report as HR does, access check, event and page included."""
    answer = client.get(f"/reports/outcomes/?period={YEAR}")
    assert answer.status_code == 200, answer.status_code


if __name__ == "__main__":
    main()
