"""Published reports, and the record of shown figures (domain.md 10.2, 10.4)."""

from django.db import models


class Snapshot(models.Model):
    """A report as it was built: a protected document and its charts.

    It never has an exact count. The first edition of a period is what was published, and is never
    changed. Later editions are revisions, shown beside it.
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
    """One released figure of one table of one period, and the people behind it.

    `family` names the figure in every period, `table` the table that it was in. `people` are
    numbers of `CaseFact.person`, sealed for the server; empty where there are too many to keep or
    where answers belong to no person. A hidden figure is kept too, because what one quarter hides
    must not show in the year. `population` and `box` say which people a figure counts. `place` is
    its place in the table, and `cases` its exact count. What one table of an edition hides, no
    other table of the same people may show.
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

    @property
    def place_of_people(self) -> str:
        """The associated data to which `people` is bound."""
        return f"release|{self.audience}|{self.family}|{self.period}|{self.edition}"


class ReportSubscription(models.Model):
    """A person of an office that reads reports, and a report they want to hear of."""

    person = models.ForeignKey("User", on_delete=models.CASCADE, related_name="+")
    report = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "report"], name="report_subscription_once")
        ]

    def __str__(self) -> str:
        return f"subscription to {self.report}"


class FigureNote(models.Model):
    """A note of HR on a figure of the dashboard in one period: a reason from a list.

    There is no free text, because a sentence in a person's own words could name someone.
    """

    figure = models.CharField(max_length=40)
    period = models.CharField(max_length=20)
    reason = models.CharField(max_length=20)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["figure", "period", "reason"], name="figure_note_once")
        ]

    def __str__(self) -> str:
        return f"note on {self.figure} in {self.period}"


class ReportRun(models.Model):
    """One run that makes reports, and its progress, for the page."""

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    failed = models.BooleanField(default=False)
    done = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"reports {self.done} of {self.total}"


class Rebase(models.Model):
    """A reset of the limits of a chart: from which month, and why (domain.md 9)."""

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
