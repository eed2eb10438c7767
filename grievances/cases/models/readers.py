"""Who had a part in a case, kept after it ended; and who will be able to read it from a given day.

Both name staff at work and nobody who is a party to a case.
"""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q, QuerySet

from grievances.cases.models.case import Case
from grievances.people.models import User
from grievances.vocabulary import Role

REMEMBERED = (Role.TRIAGE, Role.HANDLER, Role.DECIDER, Role.APPEAL, Role.MEDIATOR)
"""The parts that make a person no longer a newcomer to a case (domain.md 5.3)."""


class Tenure(models.Model):
    """One person once held one part in one episode of a case, from a local date on.

    A grant says who holds a part today; this says who ever did, so that a part that has ended is
    a conflict in the next case with the same people (domain.md 5.3, G_NO_CONFLICT, G_SEPARATION).
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tenures")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tenures")
    role = models.CharField(max_length=16, choices=Role)
    episode = models.PositiveSmallIntegerField(default=1)
    from_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person", "role", "episode"], name="one_tenure_per_episode"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.role} of {self.person_id}"


class PendingReader(models.Model):
    """Somebody who will be able to read a case from `effective_on` (local date), announced before.

    Until then there is no grant, so nothing opens for them, and the complainant can say no
    (peers.md 3 row 2: a widening is announced before it takes effect).

    With `into` they work on an earlier case, and would read this one when it is joined to it: they
    are never let in here, and from that day on the two may be joined.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="pending_readers")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=16, choices=Role)
    announced_at = models.DateTimeField()
    effective_on = models.DateField(db_index=True)
    into = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person", "role"],
                condition=Q(into__isnull=True),
                name="one_announcement_per_role",
            ),
            models.UniqueConstraint(
                fields=["case", "person", "into"],
                condition=Q(into__isnull=False),
                name="one_announcement_to_join",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.role} from {self.effective_on}"


def still_asked(case: Case, today: date) -> QuerySet[PendingReader]:
    """The announced people about whom the complainant can still say something."""
    return case.readers_to_answer(today).select_related("person__unit").order_by("pk")


def remember(case: Case, person: User, role: str, today: date) -> None:
    """Note that a person holds a part in this episode; other roles leave no memory."""
    if role in REMEMBERED:
        Tenure.objects.get_or_create(
            case=case,
            person=person,
            role=str(role),
            episode=case.episode,
            defaults={"from_on": today},
        )
