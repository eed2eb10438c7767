"""The rows that reports count: one narrow row for each concern.

The statistics job alone writes them. They are derived from the tables of the product and made again
before each report, all as of one local date. They have codes, dates and numbers, and nothing that
says who a person is.
"""

from django.db import models

from grievances.cases.models.case import Case
from grievances.choices import CameBy
from grievances.monitoring.codes import GROUPS
from grievances.people.regions import region_choices
from grievances.vocabulary import (
    CloseReason,
    Division,
    Identity,
    Route,
    Tag,
)


class Ending(models.TextChoices):
    """The ending of a concern.

    OPEN means that it has not ended. REDIRECTED is reported separately (domain.md 9).
    """

    UPHELD = "UPHELD", "Upheld"
    PARTLY = "PARTLY", "Partly upheld"
    NOT_UPHELD = "NOT_UPHELD", "Not upheld"
    AGREED = "AGREED", "Agreed without a decision"
    WITHDRAWN = "WITHDRAWN", "Withdrawn"
    OTHER = "OTHER", "Other ending"
    REDIRECTED = "REDIRECTED", "Passed to another process"
    OPEN = "OPEN", "Open"


class CaseFact(models.Model):
    """One concern as of the local date of the last rebuild.

    `person` is the lowest case id of the same complainant while reports are counted, and the id of
    this case at any other time. So a copy of the database does not tell which concerns are of one
    person. Erasing a case makes what is left of it another person's.

    `gross_days` and `net_days` are working days from receipt to the ending, or so far; net days
    exclude time on hold. `ended_on` is the decision or the closing, whichever came first.
    `ethnic_group`, `sex`, `age_band`, `religion` and `disability` are empty except within the
    transaction that makes the report on fairness.
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
    region = models.CharField(max_length=20, choices=region_choices)
    division = models.CharField(max_length=10, choices=Division)
    identity = models.CharField(max_length=12, choices=Identity, blank=True)
    came_by = models.CharField(
        max_length=8, choices=CameBy, default=CameBy.WEB, db_default=CameBy.WEB
    )
    tag = models.CharField(max_length=24, choices=Tag, blank=True)
    hold_reason = models.CharField(max_length=30, blank=True)
    pressure = models.CharField(max_length=5, blank=True)
    fast_track = models.BooleanField(default=False)
    gross_days = models.PositiveIntegerField()
    net_days = models.PositiveIntegerField()
    ethnic_group = models.CharField(max_length=8, blank=True)
    sex = models.CharField(max_length=12, blank=True, default="", db_default="")
    age_band = models.CharField(max_length=12, blank=True, default="", db_default="")
    religion = models.CharField(max_length=12, blank=True, default="", db_default="")
    disability = models.CharField(max_length=12, blank=True, default="", db_default="")

    class Meta:
        indexes = [
            models.Index(fields=["received_on"], name="fact_received"),
            models.Index(fields=["ended_on"], name="fact_ended"),
        ]

    def __str__(self) -> str:
        return f"fact of {self.received_on}"


class FrequentRespondent(models.Model):
    """A concern about a respondent of three or more concerns (domain.md 10.1).

    It serves the rule on dominance. Fewer concerns can never be 60% of a figure that is large
    enough to be shown. The table is empty except while reports are counted.
    """

    fact = models.ForeignKey(
        CaseFact, on_delete=models.DO_NOTHING, db_constraint=False, related_name="about"
    )
    respondent = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"about {self.respondent}"


class FrequentUnit(models.Model):
    """A concern about a unit whose people are named in three or more concerns.

    `unit` is the number of the unit. The table is empty except while reports are counted.
    """

    fact = models.ForeignKey(
        CaseFact, on_delete=models.DO_NOTHING, db_constraint=False, related_name="units"
    )
    unit = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"about unit {self.unit}"


class WorkingDay(models.Model):
    """The number of the last working day on or before a date.

    The difference of two numbers is a distance in working days.
    """

    division = models.CharField(max_length=10, choices=Division)
    day = models.DateField()
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["division", "day"], name="one_number_a_day")]

    def __str__(self) -> str:
        return f"{self.division} {self.day}"


class StaffCount(models.Model):
    """The staff of a region group in a quarter, as the organisation gave it."""

    quarter = models.CharField(max_length=20)
    region = models.CharField(max_length=20, choices=region_choices)
    staff = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quarter", "region"], name="one_staff_count")
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.quarter}"


class StaffGroupCount(models.Model):
    """The staff of one of the five ethnic groups in a quarter, as it was loaded."""

    quarter = models.CharField(max_length=20)
    group = models.CharField(max_length=20, choices=list(GROUPS.items()))
    staff = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quarter", "group"], name="one_staff_group_count")
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.quarter}"


class Counted(models.TextChoices):
    """What HR and the lawyers count outside this service."""

    FORMAL = "FORMAL", "A formal process was opened about them"
    SANCTION = "SANCTION", "They received a sanction"
    CLAIM = "CLAIM", "Claims of race discrimination at a tribunal"
    SETTLEMENT = "SETTLEMENT", "Claims that were settled"


class OutsideCount(models.Model):
    """People whom HR or the lawyers count in a year, as it was loaded.

    `group` is one of the five ethnic groups, or empty where it is not known or not asked. Those
    with a sanction are among those with a formal process; settled claims are among the claims.
    """

    year = models.CharField(max_length=20)
    what = models.CharField(max_length=12, choices=Counted)
    group = models.CharField(max_length=20, choices=list(GROUPS.items()), blank=True)
    people = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "what", "group"], name="one_outside_count")
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.year}"


class ClimateItem(models.TextChoices):
    """What the survey of all staff asks about the last twelve months."""

    HARASSED = "HARASSED", "Were bullied or harassed at work"
    DISCRIMINATED = "DISCRIMINATED", "Were discriminated against at work because of race"
    REPORTED = "REPORTED", "Reported that they were discriminated against"
    SATISFIED = "SATISFIED", "Are satisfied with how their report was dealt with"


class ClimateCount(models.Model):
    """A unit's answers to one item of a year's survey of all staff, as loaded.

    `answered` is how many gave an answer, and `agreed` how many of these said yes.
    """

    year = models.CharField(max_length=20)
    item = models.CharField(max_length=16, choices=ClimateItem)
    unit = models.CharField(max_length=60)
    answered = models.PositiveIntegerField()
    agreed = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "item", "unit"], name="one_climate_count")
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.unit} {self.year}"


class EndedElsewhere(models.TextChoices):
    """How a concern ended that was handled elsewhere or before."""

    UPHELD = "UPHELD", "Upheld"
    PARTLY = "PARTLY", "Partly upheld"
    NOT_UPHELD = "NOT_UPHELD", "Not upheld"
    AGREED = "AGREED", "Settled by agreement"
    WITHDRAWN = "WITHDRAWN", "Withdrawn"
    NOT_KNOWN = "NOT_KNOWN", "Not known"


class ElsewhereConcern(models.Model):
    """A closed concern of an earlier register: days and codes, and no person.

    `label` is a keyed hash of its reference there, so that the same line is known again. `in_time`
    says whether it was logged within 3 working days of first contact (domain.md 1, K10).
    """

    label = models.CharField(max_length=40, unique=True)
    first_contact_on = models.DateField()
    logged_on = models.DateField()
    closed_on = models.DateField(db_index=True)
    outcome = models.CharField(max_length=12, choices=EndedElsewhere)
    in_time = models.BooleanField()

    def __str__(self) -> str:
        return f"closed elsewhere {self.pk}"
