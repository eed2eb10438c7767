"""What a complainant said of themselves, for statistics alone (domain.md 7).

Three tables that no page reads. A link ties a case to a random number, an answer hangs on that
number, and a copy hangs on nothing. Every answer is sealed under a server key and padded, so that a
copy of the database shows only that somebody was asked. Deleting a link deletes its answer: the
database itself sees to that (migration 0011). On PostgreSQL the tables lie in a schema and under a
role of their own (`monitoring.roles`).
"""

import uuid

from django.db import models


class MonitoringLink(models.Model):
    """That the complainant of a case was asked; where they answered, under which number."""

    class State(models.TextChoices):
        ASKED = "ASKED", "Asked and not answered"
        ANSWERED = "ANSWERED", "Answered"
        APART = "APART", "Answered, and kept without any way back to the case"
        REFUSED = "REFUSED", "Told us to keep nothing"

    monitoring_id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField(
        "grievances.Case", on_delete=models.CASCADE, related_name="monitoring"
    )
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)

    def __str__(self) -> str:
        return self.get_state_display()


class MonitoringAnswer(models.Model):
    """The answers behind a link: the codes, and apart from them what was written, both sealed."""

    monitoring_id = models.UUIDField(primary_key=True, editable=False)
    sealed_codes = models.BinaryField()
    sealed_words = models.BinaryField(default=b"")

    def __str__(self) -> str:
        return "answers"


class MonitoringCopy(models.Model):
    """Answers without any way back: coarse facts and codes, sealed, and no words at all."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sealed_codes = models.BinaryField()

    def __str__(self) -> str:
        return "answers of nobody in particular"
