"""What the reports count: one narrow row for each concern, made by the statistics job alone.

The rows are derived from the tables of the product and made anew before each report, all of them
as of one local date. They hold codes, dates and numbers; who somebody is, they do not know.
"""

from django.db import models

from grievances.cases.models.case import Case
from grievances.vocabulary import CloseReason, Division, Identity, Region, Route, Tag


class Ending(models.TextChoices):
    """How a concern ended. OPEN: it has not. REDIRECTED is reported apart (domain.md 9)."""

    UPHELD = "UPHELD", "Upheld"
    PARTLY = "PARTLY", "Partly upheld"
    NOT_UPHELD = "NOT_UPHELD", "Not upheld"
    AGREED = "AGREED", "Agreed without a decision"
    WITHDRAWN = "WITHDRAWN", "Withdrawn"
    OTHER = "OTHER", "Other ending"
    REDIRECTED = "REDIRECTED", "Passed to another process"
    OPEN = "OPEN", "Open"


class NumberedPerson(models.Model):
    """The number under which the complainant of a case is told apart from others.

    The same person has the same number on every case. Erasing a case takes its number along: what
    is left of it is counted as somebody else's.
    """

    case = models.OneToOneField(
        Case,
        primary_key=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="numbered",
    )
    person = models.PositiveIntegerField(db_index=True)

    def __str__(self) -> str:
        return f"number {self.person}"


class CaseFact(models.Model):
    """One concern as of the local date of the last rebuild.

    `gross_days` and `net_days` are working days from receiving to the ending, or so far; net is
    without those on hold. `ended_on` is the decision or the closing, whichever came first.
    `ethnic_group` is empty but within the transaction that makes the report on fairness.
    """

    case = models.OneToOneField(
        Case,
        primary_key=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="fact",
    )
    person = models.PositiveIntegerField()
    received_on = models.DateField()
    ended_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    appealed_on = models.DateField(null=True)
    ending = models.CharField(max_length=12, choices=Ending)
    close_reason = models.CharField(max_length=30, choices=CloseReason, blank=True)
    route = models.CharField(max_length=10, choices=Route)
    region = models.CharField(max_length=20, choices=Region)
    division = models.CharField(max_length=10, choices=Division)
    identity = models.CharField(max_length=12, choices=Identity, blank=True)
    tag = models.CharField(max_length=24, choices=Tag, blank=True)
    hold_reason = models.CharField(max_length=30, blank=True)
    pressure = models.CharField(max_length=5, blank=True)
    fast_track = models.BooleanField(default=False)
    gross_days = models.PositiveIntegerField()
    net_days = models.PositiveIntegerField()
    ethnic_group = models.CharField(max_length=8, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["received_on"], name="fact_received"),
            models.Index(fields=["ended_on"], name="fact_ended"),
        ]

    def __str__(self) -> str:
        return f"fact of {self.received_on}"


class FrequentRespondent(models.Model):
    """A concern about somebody whom three or more concerns are about (dominance, domain.md 10.1).

    Fewer can never make up 60% of a figure that is large enough to be shown.
    """

    fact = models.ForeignKey(
        CaseFact, on_delete=models.DO_NOTHING, db_constraint=False, related_name="about"
    )
    respondent = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"about {self.respondent}"


class WorkingDay(models.Model):
    """The number of the last working day on or before a date: two of them make a distance."""

    division = models.CharField(max_length=10, choices=Division)
    day = models.DateField()
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["division", "day"], name="one_number_a_day")]

    def __str__(self) -> str:
        return f"{self.division} {self.day}"


class StaffCount(models.Model):
    """How many people worked in a region group in a quarter, as the organisation says."""

    quarter = models.CharField(max_length=20)
    region = models.CharField(max_length=20, choices=Region)
    staff = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quarter", "region"], name="one_staff_count")
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.quarter}"
