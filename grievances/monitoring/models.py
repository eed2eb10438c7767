"""What a complainant said of themselves, for statistics alone (domain.md 7).

Three tables that no page reads. A link ties a case to a random number, an answer refers to that
number, and a copy refers to nothing. Every answer is sealed under a server key and padded, so that
a copy of the database shows only that a person was asked. Deleting a link deletes its answer: the
database itself does this (migration 0011). On PostgreSQL the tables are in a schema and under a
role of their own (`monitoring.roles`).
"""

import uuid

from django.db import models


class MonitoringLink(models.Model):
    """The link of a case to its answers: a number, and whether they were asked for."""

    class State(models.TextChoices):
        """Whether a complainant was asked, and how their answers are stored."""

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
    """The answers of a link: the codes, and separately the words, both sealed."""

    monitoring_id = models.UUIDField(primary_key=True, editable=False)
    sealed_codes = models.BinaryField()
    sealed_words = models.BinaryField(default=b"")

    def __str__(self) -> str:
        return "answers"


class MonitoringCopy(models.Model):
    """Answers without a link: coarse facts and codes, sealed, and no words at all."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sealed_codes = models.BinaryField()

    def __str__(self) -> str:
        return "answers of no one in particular"
