"""Dates of a case: deadlines, check-ins, actions, pauses and days of absence."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_noop as _

from grievances.cases.models.case import Case
from grievances.cases.models.parties import Party, complainant_of
from grievances.encryption.server_keys import open_for_server, seal_for_server
from grievances.policy.clock_names import ClockName
from grievances.vocabulary import HoldReason
from workflow.deadline_row import AbstractDeadline


class Deadline(AbstractDeadline):
    """One clock of one case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="deadlines")
    episode = models.PositiveSmallIntegerField(default=1)

    class Meta(AbstractDeadline.Meta):
        indexes: ClassVar[list[models.Index]] = [
            *AbstractDeadline.Meta.indexes,
            # A list of cases reads the open dates of a case from this index alone.
            models.Index(
                fields=["case", "current_due", "name"],
                condition=models.Q(completed_on__isnull=True, paused_on__isnull=True),
                name="deadline_open",
            ),
            models.Index(
                fields=["current_due", "case"],
                condition=models.Q(
                    name=ClockName.RETENTION, completed_on__isnull=True, paused_on__isnull=True
                ),
                name="deadline_of_keeping",
            ),
        ]

    def is_over(self, today: date) -> bool:
        """Return whether the clock is running and its date has passed."""
        is_running = self.completed_on is None and self.paused_on is None
        return is_running and self.current_due < today


class CheckIn(models.Model):
    """A check-in 1, 3 or 6 months after closing.

    The answer is a code (domain.md 5.6). `is_own` tells that the person had chosen a form that only
    they can read. Then no answer reaches us, and that is no silence.
    """

    class Worse(models.TextChoices):
        """Whether something has changed for the worse since."""

        NO = "no", _("No, nothing has changed for the worse")
        YES = "yes", _("Yes, something has changed for the worse")
        TALK = "talk", _("I would rather talk to someone")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="check_ins")
    month = models.PositiveSmallIntegerField()
    asked_on = models.DateField()
    is_own = models.BooleanField(default=False, db_default=False)
    worse = models.CharField(max_length=5, choices=Worse, blank=True)
    answered_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.case}: check-in after {self.month} months"


class Action(models.Model):
    """An action promised in a decision.

    Who does what is a sealed record. The dates are not.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="actions")
    due_on = models.DateField()
    done_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.case}: action due {self.due_on}"


class HoldPeriod(models.Model):
    """One pause of a case, from one local date to another."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="holds")
    reason = models.CharField(max_length=30, choices=HoldReason)
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.case}: held from {self.from_on}"


def away_of(case: Case) -> tuple[date, date] | None:
    """Return from when until when the complainant is away (local dates), or None."""
    return days_away(complainant_of(case))


def days_away(party: Party) -> tuple[date, date] | None:
    """Return from when until when a party is away (local dates), or None."""
    sealed = bytes(party.sealed_away)
    if not sealed:
        return None
    first, last = open_for_server(sealed, f"away|{party.case_id}").decode().split()
    return date.fromisoformat(first), date.fromisoformat(last)


def keep_away_days(party: Party, days: tuple[date, date] | None) -> None:
    """Seal the days on which a party is away, or forget them."""
    words = "" if days is None else f"{days[0]} {days[1]}"
    sealed = seal_for_server(words.encode(), f"away|{party.case_id}") if words else b""
    Party.objects.filter(pk=party.pk).update(sealed_away=sealed)
