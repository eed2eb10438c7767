"""A reader who knows what the words of the reports mean, and what a missing figure tells.

Beside the sums of each table, this reader knows which headings count the same concerns, which
count a part of others, that quarters make a year, that there are no more people than concerns, and
from how many concerns a curve is drawn or a group is compared. Nothing here reads a certificate or
a box.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from grievances.reports.disclosure.registry import family_of
from grievances.reports.periods import read_period
from grievances.reports.snapshot_models import Snapshot
from tests.reports.attacks.readers import MOST, Reader

ALL = "All"
RECEIVED = "Concerns received"
CONCLUDED = "Concerns concluded"
OF_CONCLUDED = "Upheld or partly upheld, of those concluded"
OF_DECIDED = "Upheld or partly upheld, of those decided"
WITHDRAWN = "Withdrawn, of those received"
APPEALED = "Appealed, of those decided"
FIVE = (
    "White",
    "Mixed or multiple ethnic groups",
    "Asian or Asian British",
    "Black, Black British, Caribbean or African",
    "Other ethnic group",
)
UNITS = tuple(
    f"{region}, part {part}"
    for region in ("North", "Midlands", "South", "London", "Wales")
    for part in "ABC"
)
"""The units of the made-up survey of all staff."""
Address = tuple[str, str, str, str]
"""Report, section, row and column of a figure."""

SAME: tuple[tuple[Address, ...], ...] = (
    (
        ("volumes", f"flow/{RECEIVED}", ALL, ALL),
        *(("volumes", key, ALL, ALL) for key in ("by-region", "kinds", "identity", "came-by")),
        ("withdrawals", f"withdrawn/{WITHDRAWN}", ALL, ALL),
        *(("fairness", key, ALL, ALL) for key in ("asked", "answered", "declared")),
        ("backlog", f"flow/{RECEIVED}", ALL, ALL),
        ("near-silence", "by-region", ALL, ALL),
        ("climate", "said-and-raised", ALL, ALL),
    ),
    (
        ("volumes", f"flow/{CONCLUDED}", ALL, ALL),
        ("outcomes", "routes", ALL, ALL),
        ("outcomes", "tags", ALL, ALL),
        ("outcomes", f"upheld/{OF_CONCLUDED}", ALL, ALL),
    ),
    (
        ("outcomes", f"upheld/{OF_DECIDED}", ALL, ALL),
        ("appeals", f"appealed/{APPEALED}", ALL, ALL),
        ("fairness", "whole/Said their ethnic group, of those decided", ALL, ALL),
    ),
    (
        ("outcomes", f"upheld/{OF_CONCLUDED}", ALL, "Yes"),
        ("outcomes", f"upheld/{OF_DECIDED}", ALL, "Yes"),
        ("actions", "after-upheld", ALL, ALL),
    ),
    *(
        tuple(("outcomes", key, ALL, ending) for key in ("routes", "tags"))
        for ending in ("Upheld", "Partly upheld", "Not upheld", "Withdrawn", "Other ending")
    ),
    (("backlog", "open", ALL, ALL), ("backlog", "holds", ALL, ALL)),
    *(
        tuple(("fairness", key, group, column) for key in ("raising", "raising-compared"))
        for group in (*FIVE, ALL)
        for column in (ALL,)
    ),
    *(
        tuple(("fairness", f"respondents-{key}", group, sanction) for key in ("formal", "sanction"))
        for group in (*FIVE, "Ethnic group not known", ALL)
        for sanction in ("Received a sanction", "Received none, or not yet", ALL)
    ),
    *(
        (
            ("resolution-times", "stages/MEETING", ALL, side),
            ("resolution-times", "first-meeting/MEETING", ALL, side),
        )
        for side in ("Over", "Still running", ALL)
    ),
    *(
        (("volumes", "by-region", region, ALL), ("fairness", "asked", region, ALL))
        for region in ("North", "Midlands", "South", "London", "Wales")
    ),
)
"""Figures that count the same concerns."""

SUMS: tuple[tuple[tuple[Address, ...], Address], ...] = (
    (
        (("outcomes", "routes", ALL, "Upheld"), ("outcomes", "routes", ALL, "Partly upheld")),
        ("outcomes", f"upheld/{OF_CONCLUDED}", ALL, "Yes"),
    ),
    (
        (
            ("outcomes", f"upheld/{OF_DECIDED}", ALL, "Yes"),
            ("outcomes", "routes", ALL, "Not upheld"),
        ),
        ("outcomes", f"upheld/{OF_DECIDED}", ALL, ALL),
    ),
)
"""Figures that add up to another."""

INSIDE: tuple[tuple[Address, Address], ...] = (
    *pairwise(("fairness", key, ALL, "Yes") for key in ("declared", "answered", "asked")),
    *(
        pair
        for region in ("North", "Midlands", "South", "London", "Wales")
        for pair in pairwise(
            ("fairness", key, region, "Yes") for key in ("declared", "answered", "asked")
        )
    ),
    *(
        (("climate", f"climate-{after}", unit, ALL), ("climate", f"climate-{before}", unit, "Yes"))
        for before, after in pairwise(("discriminated", "reported", "satisfied"))
        for unit in (*UNITS, ALL)
    ),
    (("fairness", "raising", ALL, ALL), ("fairness", "declared", ALL, "Yes")),
    (
        ("volumes", "people", ALL, ALL),
        ("volumes", f"flow/{CONCLUDED}", ALL, ALL),
    ),
    (
        ("appeals", f"appealed/{APPEALED}", ALL, "Yes"),
        ("outcomes", f"upheld/{OF_DECIDED}", ALL, ALL),
    ),
    (
        ("fairness", "whole/Said their ethnic group, of those decided", ALL, "Yes"),
        ("outcomes", f"upheld/{OF_DECIDED}", ALL, ALL),
    ),
)
"""Figures that count a part of what another counts."""

OF_A_YEAR: tuple[Address, ...] = (
    ("volumes", f"flow/{CONCLUDED}", ALL, ALL),
    ("outcomes", f"upheld/{OF_CONCLUDED}", ALL, "Yes"),
    ("outcomes", f"upheld/{OF_DECIDED}", ALL, ALL),
    *(
        ("outcomes", "routes", route, ending)
        for route in ("Informal", "Mediation", "Formal", "None", ALL)
        for ending in ("Upheld", "Partly upheld", "Not upheld", "Withdrawn", "Other ending", ALL)
    ),
    ("allocation", "offers", ALL, ALL),
    ("overrides", "second-yes", ALL, ALL),
)
"""Figures of quarters that add up to that of their year."""

CURVE_FROM, GROUP_FROM = 30, 20
DECLARED: tuple[tuple[Address, Address], ...] = (
    (("fairness", "raising", ALL, ALL), ("volumes", f"flow/{RECEIVED}", ALL, ALL)),
    (
        ("fairness", "whole/Said their ethnic group, of those decided", ALL, "Yes"),
        ("fairness", "whole/Said their ethnic group, of those decided", ALL, ALL),
    ),
)
"""Figures of which a rate by ethnic group says that the first is 60 in 100 of the second."""


class Outsider(Reader):
    """A reader of these audiences who knows what the words mean."""

    def __init__(self, audiences: set[str]) -> None:
        super().__init__(audiences)
        self.audiences = audiences
        self.tied = 0
        for period, edition in sorted({(row.period, row.edition) for row in self.rows}):
            self._tie(period, edition)
        self._tell()

    def at(self, period: str, edition: int, address: Address) -> int | None:
        """The unknown of a figure, or None where no report has it."""
        return self.same.get((period, edition, family_of(*address)))

    def _tie(self, period: str, edition: int) -> None:
        def found(address: Address) -> int | None:
            return self.at(period, edition, address)

        for group in SAME:
            there = [number for one in group if (number := found(one)) is not None]
            for first, second in pairwise(dict.fromkeys(there)):
                self._know([first], second)
        for parts, whole in SUMS:
            self._know([found(part) for part in parts], found(whole))
        for inner, outer in INSIDE:
            self._know([found(inner)], found(outer), inside=True)
        quarters = read_period(period).quarters() if read_period(period).is_year else ()
        # Rates by ethnic group are given of whole years alone.
        for part, whole in DECLARED if quarters else ():
            self._know_share(found(part), found(whole))
        for address in OF_A_YEAR if quarters else ():
            of_quarters = [self.at(quarter.name, edition, address) for quarter in quarters]
            self._know(of_quarters, found(address))

    def _know(
        self, parts: Sequence[int | None], whole: int | None, *, inside: bool = False
    ) -> None:
        """Note a sum that the words tell, where it holds and all its figures are there."""
        numbers = [number for number in parts if number is not None]
        if whole is None or len(numbers) < len(parts) or not numbers or numbers == [whole]:
            return
        if inside:
            numbers.append(self._rest(self.truth[whole] - sum(self.truth[n] for n in numbers)))
        if self._adds(numbers, whole):
            self.sums.append((numbers, whole))
            self.tied += 1

    def _know_share(self, part: int | None, whole: int | None) -> None:
        """Note that a part is at least six tenths of its whole, where a rate says so."""
        if part is None or whole is None or 10 * self.truth[part] < 6 * self.truth[whole]:
            return
        tenfold = self._rest(10 * self.truth[part])
        over = self._rest(10 * self.truth[part] - 6 * self.truth[whole])
        self.sums += [([part] * 10, tenfold), ([whole] * 6 + [over], tenfold)]
        self.tied += 1

    def _rest(self, truth: int) -> int:
        """A new unknown: how many more the whole has than its part."""
        self.truth.append(truth)
        self.low.append(0)
        self.high.append(MOST)
        self.least.append(0)
        self.shown.append(False)
        return len(self.truth) - 1

    def _tell(self) -> None:
        """Note what follows from a curve that is drawn or not, and from a group that is shown."""
        for period, edition, address, at_least in self._thresholds():
            number = self.at(period, edition, address)
            if number is None or not self.shown[number]:
                continue
            limit, drawn = at_least
            if drawn and self.truth[number] >= limit:
                self.low[number] = max(self.low[number], limit)
            elif not drawn and self.truth[number] < limit:
                self.high[number] = min(self.high[number], limit - 1)

    def _thresholds(self) -> Iterator[tuple[str, int, Address, tuple[int, bool]]]:
        for snapshot in Snapshot.objects.filter(audience__in=self.audiences):
            where = snapshot.period, snapshot.edition
            for section in snapshot.body["sections"]:
                for item in section["items"]:
                    figure = item["figure"]
                    if section["key"] == "duration":
                        drawn = any(point[1] != "*" for point in figure["points"])
                        column = "net_days" if "off" in item["label"] else "gross_days"
                        address = (snapshot.report, f"duration/{column}", ALL, ALL)
                        yield *where, address, (CURVE_FROM, drawn)
                    elif section["key"] == "fair-upheld" and figure["kind"] == "share":
                        address = (snapshot.report, "fair-upheld", item["label"], ALL)
                        yield *where, address, (GROUP_FROM, True)
