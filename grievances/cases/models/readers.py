"""Role history of a case, and readers who are announced for a later day.

Both name staff at work and no one who is a party to a case.
"""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q, QuerySet

from grievances.cases.models.case import Case
from grievances.people.models import User
from grievances.vocabulary import LIMITED, Role, State
from workflow.sql.bulk_sql import insert_rows

REMEMBERED = (Role.TRIAGE, Role.HANDLER, Role.DECIDER, Role.APPEAL, Role.MEDIATOR, *LIMITED)
"""The roles after which a person is no longer new to a case.

Source: domain.md 5.3.
"""


BEGUN = (State.INVESTIGATION, State.DECISION, State.APPEAL)
"""The states in which work is lost when a person leaves without a note."""


class Tenure(models.Model):
    """One person held one role in one episode of a case, from a local date on.

    A grant tells who holds a role today. This row tells who ever did, so that a role that has ended
    is a conflict in the next case with the same people. Source: domain.md 5.3, G_NO_CONFLICT,
    G_SEPARATION.
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
    """A person who will be able to read a case from `effective_on` (local date).

    They are announced before. Until then there is no grant, so nothing opens for them, and the
    complainant can say no. Source: peers.md 3 row 2, a widening is announced before it takes
    effect.

    With `into` they work on an earlier case, and would read this one when it is merged into it.
    They are never admitted here. From `effective_on` the two cases may be merged.
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


class Handover(models.Model):
    """A role that someone left in the middle of the work, without a note yet.

    Or they are about to leave it. `has_left` is False for a person who still holds the role: their
    leave begins, or their training has ended. It names a role and no one.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="handovers")
    role = models.CharField(max_length=16, choices=Role)
    has_left = models.BooleanField()
    owed_on = models.DateField()
    settled_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "role", "has_left"],
                condition=Q(settled_on=None),
                name="one_handover_owed",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case}: hand-over of the {self.role}"


HANDED_OVER = (Role.HANDLER, Role.DECIDER, Role.APPEAL)
"""The roles whose work someone else goes on with."""


def owe_handover(case: Case, role: str, today: date, *, has_left: bool) -> bool:
    """Record that a note is owed for a role on begun work.

    Returns:
        Whether it is new. False also for a role without a hand-over.
    """
    if role not in HANDED_OVER:
        return False
    _, is_new = case.handovers.get_or_create(
        role=role, has_left=has_left, settled_on=None, defaults={"owed_on": today}
    )
    return is_new


def still_asked(case: Case, today: date) -> QuerySet[PendingReader]:
    """Return the announced readers about whom the complainant can still answer."""
    return case.readers_to_answer(today).select_related("person__unit").order_by("pk")


def remember(case: Case, person: User, role: str, today: date) -> None:
    """Record that a person holds a role in this episode.

    Roles that are not in `REMEMBERED` are not recorded.
    """
    if role in REMEMBERED:
        row = Tenure(case=case, person=person, role=str(role), episode=case.episode, from_on=today)
        insert_rows([row], ignores_conflicts=True)
