"""No one finds a small hidden number in whole editions with an integer solver and both audiences.

Two readers attack, written apart from the protection. One knows the rounded numbers of everything
that is shown, and which sums hold; the other also what the words say and what is missing.

One small organisation is attacked with the tests. ATTACKED_EDITIONS=2000 attacks so many reports
of organisations of every size and of all that are hard to protect; each makes a hundred and more.
`-rP` prints how many figures were tried.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable
from datetime import datetime
from math import ceil, floor, sqrt

import pytest

from grievances.reports import catalogue, snapshots
from grievances.reports.builders import Due, Run
from grievances.reports.charts.section_charts import chart_of
from grievances.reports.contents.index import PIECES, pieces_of
from grievances.reports.layout.document import Document
from grievances.reports.layout.html import write_page
from grievances.reports.periods import Length, Period
from grievances.reports.snapshot_models import Release, Snapshot
from tests.reports.attacks.organisations import some_organisation
from tests.reports.attacks.outsider import Outsider
from tests.reports.attacks.readers import Reader
from tests.reports.attacks.shapes import SHAPES, store
from tests.reports.report_factory import YEAR

NOW = datetime.fromisoformat("2023-06-01T09:00:00+00:00")
EDITIONS = int(os.environ.get("ATTACKED_EDITIONS", "1"))
FIRST = int(os.environ.get("ATTACKED_FIRST", "0"))
"""The seed of the first organisation, so that a long run can be parted."""
OF_ONE = 100
"""The editions of one organisation: all reports of four quarters and a year, and the file."""
LARGE = EDITIONS > 1
SMALL, ALL = (60, 120), (60, 1000)
ATTACKED = ("volumes", "resolution-times", "outcomes", "withdrawals")
TARGETS = 200 if LARGE else 12
"""The hidden figures attacked in each edition, spread over all of them."""
BOTH = {snapshots.INTERNAL, snapshots.PUBLISHED}
READERS = ((Outsider, BOTH), (Reader, BOTH), (Outsider, {snapshots.PUBLISHED}))


def make(periods: Iterable[Period], names: Iterable[str], edition: int = 1) -> None:
    """Make the reports of these periods, and of a year the file for everyone."""
    for period in periods:
        within = [name for name in names if period.length in catalogue.REPORTS[name].lengths]
        within = [name for name in within if pieces_of(name, period.length)]
        due = [Due(catalogue.REPORTS[name], period, edition) for name in within]
        named = [n for n in catalogue.DATASET if n in within and period.is_year and edition == 1]
        due += [Due(catalogue.REPORTS[n], period, 1, snapshots.PUBLISHED) for n in named]
        Run(NOW).make(due)


def build(seed: int) -> None:
    """Store one organisation, and make the reports of its year for both audiences."""
    some_organisation(seed, ALL if LARGE else SMALL)
    make([*YEAR.quarters()] if LARGE else [YEAR.quarters()[3]], PIECES if LARGE else ATTACKED)
    make([YEAR], PIECES if LARGE else ATTACKED)


def attacked(seed: int) -> int:
    """The number of figures that were tried and not found."""
    tried = 0
    for kind, audiences in READERS:
        reader = kind(audiences)
        targets = reader.targets()
        assert targets, "an organisation with nothing to hide attacks nothing"
        some = targets[:: max(1, len(targets) // TARGETS)]
        narrow = reader.found(some)
        names = {number: where for where, number in reader.same.items()}
        assert not narrow, [
            (seed, kind, audiences, names.get(n), reader.truth[n], low, high)
            for n, low, high in narrow
        ]
        tried += len(some)
    return tried


@pytest.mark.parametrize("seed", range(FIRST, FIRST + ceil(EDITIONS / OF_ONE)))
def test_no_one_finds_a_small_number_in_an_edition(policies: None, seed: int) -> None:
    build(seed)
    tried = attacked(seed)
    if not LARGE:
        assert Outsider(BOTH).tied > 20
    no_star_is_published()
    every_edition_has_its_certificate()
    nothing_is_drawn_or_said_beside_what_is_shown()
    made = Snapshot.objects.count()
    sys.stdout.write(f"seed {seed}: {made} editions, {tried} figures tried\n")


@pytest.mark.skipif(not LARGE, reason="only with ATTACKED_EDITIONS")
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", range(FIRST, FIRST + ceil(EDITIONS / OF_ONE)))
def test_no_one_finds_a_small_number_of_an_awkward_year(
    policies: None, seed: int, shape: str
) -> None:
    bend, at_half, at_end = SHAPES[shape]
    store(seed, YEAR, ALL, bend)
    lengths = (Length.MONTH, Length.QUARTER)
    periods = sorted((p for n in lengths for p in YEAR.parts(n)), key=lambda p: (p.last, p.length))
    make(periods[:8], PIECES)
    at_half()
    make(periods[8:], PIECES)
    at_end()
    make([YEAR], PIECES)
    make([YEAR], ("volumes", "outcomes", "withdrawals"), 2)
    tried = attacked(seed)
    every_edition_has_its_certificate()
    nothing_is_drawn_or_said_beside_what_is_shown()
    made = Snapshot.objects.count()
    sys.stdout.write(f"seed {seed}, {shape}: {made} editions, {tried} figures tried\n")


def no_star_is_published() -> None:
    """What the organisation's own reports hide, the file does not show."""
    inside = Release.objects.filter(audience=snapshots.INTERNAL, period=YEAR.name, shown=False)
    hidden = set(inside.exclude(population="").values_list("population", "box"))
    file = Release.objects.filter(audience=snapshots.PUBLISHED, shown=True, cases__gt=0)
    shown = set(file.values_list("population", "box"))
    assert hidden
    assert shown
    assert not hidden & shown


def every_edition_has_its_certificate() -> None:
    stars = 0
    for snapshot in Snapshot.objects.all():
        found = snapshot.body["certificate"]
        where = (snapshot.report, snapshot.period, snapshot.audience, snapshot.edition, found)
        assert found["solver"].startswith("HiGHS in scipy ")
        assert found["unfinished"] == 0, where
        assert found["narrowest"] is None or found["narrowest"] >= found["enough"] >= 5, where
        assert not found["tried"] or found["solver"] in snapshot.page
        stars += found["tried"]
    assert stars > 10


def nothing_is_drawn_or_said_beside_what_is_shown() -> None:
    """Page and charts follow from the shown figures alone, and so do percents and their limits."""
    for snapshot in Snapshot.objects.all():
        document = Document.from_json(json.loads(json.dumps(snapshot.body)))
        for section in document.sections:
            assert snapshot.charts.get(section.key, "") in ("", chart_of(section))
        assert snapshot.page == write_page(document, snapshot.charts)
        for figure in shares_in(snapshot.body):
            assert [figure[name] for name in ("percent", "lower", "upper")] == share_again(figure)


def shares_in(body: dict[str, object]) -> Iterable[dict[str, int | str]]:
    text = json.dumps(body)
    for found in re.finditer(r'\{"kind": "share"[^{}]*\}', text):
        yield json.loads(found[0])


def share_again(figure: dict[str, int | str]) -> list[int | str]:
    """Percent and limits worked out anew from the two counts of a share, as anyone could."""
    part, whole, each = (figure[name] for name in ("part", "whole", "each"))
    if not isinstance(part, int) or not isinstance(whole, int) or whole < 20 or part > whole:
        return ["*", "*", "*"]
    x, n, z = 100 * part / int(each), 100 * whole / int(each), 1.959964
    spread = z * sqrt(z * z + 4 * x * (1 - x / n))
    low, high = ((2 * x + z * z + sign * spread) / (2 * (n + z * z)) for sign in (-1, 1))
    lower, upper = floor(100 * max(0.0, low) + 0.5), floor(100 * min(1.0, high) + 0.5)
    if lower == upper:
        lower, upper = floor(100 * max(0.0, low)), ceil(100 * min(1.0, high))
    if part == whole:
        lower = floor(100 * low)
    if part == 0:
        upper = ceil(100 * high)
    return [floor(100 * part / whole + 0.5), min(lower, 99), max(upper, 1)]


def test_the_reader_would_find_a_number_hidden_alone(policies: None) -> None:
    reader = Reader(set())
    reader.truth, reader.low, reader.high = [3, 20, 23], [0, 18, 23], [2000, 22, 23]
    reader.sums = [([0, 1], 2)]
    assert reader.interval(0) == (1, 5)
    reader.shown, reader.least = [False, True, True], [5, 5, 5]
    assert reader.found([0]) == [(0, 1, 5)]
    reader.low[1] = reader.high[1] = 20
    assert reader.interval(0) == (3, 3)
    assert reader.found([0]) == [(0, 3, 3)]


def test_the_other_reader_would_find_what_two_headings_tell(policies: None) -> None:
    """3 and 20 make a hidden total, which another heading shows."""
    reader = Outsider(set())
    reader.truth, reader.low, reader.high = [3, 20, 23, 23], [0, 20, 0, 23], [2000, 20, 2000, 23]
    reader.sums, reader.shown = [([0, 1], 2)], [False, True, False, True]
    reader.least = [5, 5, 5, 5]
    assert reader.found([0]) == []
    reader._know([3], 2)
    assert reader.found([0]) == [(0, 3, 3)]
