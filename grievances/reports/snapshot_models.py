"""Reports as they were published, and what has been shown of whom (domain.md 10.2, 10.4)."""

from django.db import models


class Snapshot(models.Model):
    """A report as it was built: a protected document and its charts, never an exact count.

    The first edition of a period is what was published and is never changed; later editions are
    revisions, shown beside it.
    """

    report = models.CharField(max_length=40)
    period = models.CharField(max_length=20)
    audience = models.CharField(max_length=12)
    edition = models.PositiveSmallIntegerField(default=1)
    made_at = models.DateTimeField()
    body = models.JSONField()
    charts = models.JSONField(default=dict)
    page = models.TextField(blank=True)
    workbook = models.BinaryField(default=b"")

    class Meta:
        indexes = [models.Index(fields=["report", "period", "made_at"], name="snapshot_latest")]
        constraints = [
            models.UniqueConstraint(
                fields=["audience", "report", "period", "edition"], name="snapshot_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.period}"


class Release(models.Model):
    """One figure of one table of one period, and the numbers of the people behind it.

    `family` names the figure in whatever period, `table` the table it stood in. `people` are packed
    numbers of `NumberedPerson`, empty where there are too many to keep or where answers belong to
    nobody. A figure that was hidden is kept too: what one quarter hides must not show in the year.
    `population` and `box` say whom a figure counts, `place` where it stands in its table, `cases`
    how many it is exactly: what one table of an edition hides, no other of the same people shows.
    """

    audience = models.CharField(max_length=12)
    family = models.CharField(max_length=64)
    table = models.CharField(max_length=64)
    period = models.CharField(max_length=20)
    edition = models.PositiveSmallIntegerField(default=1)
    until = models.DateField()
    shown = models.BooleanField()
    value = models.PositiveIntegerField(default=0)
    persons = models.PositiveIntegerField()
    people = models.BinaryField(default=b"")
    population = models.CharField(max_length=64, blank=True)
    box = models.TextField(blank=True)
    place = models.CharField(max_length=12, blank=True)
    cases = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["audience", "family"], name="release_family"),
            models.Index(fields=["audience", "period", "population"], name="release_population"),
        ]

    def __str__(self) -> str:
        return f"{self.audience} {self.period}"


class ReportRun(models.Model):
    """One making of reports, and how far it has come, as the page shows."""

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    failed = models.BooleanField(default=False)
    done = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"reports {self.done} of {self.total}"


class Rebase(models.Model):
    """From which month on a chart of variation counts afresh, and why (domain.md 9)."""

    series = models.CharField(max_length=40)
    period = models.CharField(max_length=20)
    reason = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "period"], name="rebased_once_a_period")
        ]

    def __str__(self) -> str:
        return f"{self.series} from {self.period}"
