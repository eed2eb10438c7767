"""What happened, for good: events in hash chains, and the clocks they start and stop."""

from django.db import models

from grievances.models.case import Case
from workflow.models import AbstractChainHead, AbstractDeadline, AbstractEvent

SERVICE = "service"
"""The chain of what belongs to no case: reports opened, refusals, sign-ins."""


class ChainHead(AbstractChainHead):
    """Where each chain ends."""


class Event(AbstractEvent):
    """One thing that happened. `subject` is a reference, never a key: erasing a case leaves it."""

    head_model = ChainHead

    class Meta(AbstractEvent.Meta):
        indexes = [models.Index(fields=["subject", "at"], name="event_subject_at")]


class Deadline(AbstractDeadline):
    """One clock of one case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="deadlines")
    episode = models.PositiveSmallIntegerField(default=1)


class Heartbeat(models.Model):
    """When a sweep last ran, so that a stopped one is seen (architecture.md 6)."""

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
