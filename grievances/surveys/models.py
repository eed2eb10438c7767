"""Survey invitations with coded facts of a case, and answers to the survey.

An answer leads to no case and no person.
"""

import uuid

from django.db import models

from grievances.people.regions import region_choices
from grievances.vocabulary import Identity, Route


class Form(models.TextChoices):
    """The complainant's survey by its time."""

    AFTER_OUTCOME = "A", "After the outcome"
    SIX_MONTHS = "B", "Six months later"


class Pace(models.TextChoices):
    """Whether an answer came before or after any reminder (domain.md 8, non-response)."""

    EARLY = "early", "Answered in the first 14 days"
    LATE = "late", "Answered later"


class Invitation(models.Model):
    """A single-use token, hashed, with the coarse facts its answer may carry.

    The hash is deleted when the answers are released: then a mail no longer leads to its
    invitation.
    """

    token_hash = models.CharField(  # noqa: DJ001 - unique, and gone after the release
        max_length=64, unique=True, null=True
    )
    form = models.CharField(max_length=1, choices=Form)
    quarter = models.CharField(max_length=7)
    region = models.CharField(max_length=20, choices=region_choices)
    route = models.CharField(max_length=10, choices=Route)
    closure = models.CharField(max_length=30)
    identity = models.CharField(max_length=12, choices=Identity)
    opens_on = models.DateField()
    closes_on = models.DateField()
    used = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"invitation of {self.quarter}"


class Response(models.Model):
    """One answered survey: no token, case, account or exact time (domain.md 8).

    `pace` is all that is kept of when it was answered, for complainants alone. It is empty
    otherwise, and for answers given before it was kept. Its key is random, so that the keys do not
    tell in which order people answered.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    form = models.CharField(max_length=1, choices=Form)
    quarter = models.CharField(max_length=7)
    region = models.CharField(max_length=20, choices=region_choices)
    route = models.CharField(max_length=10, choices=Route)
    closure = models.CharField(max_length=30)
    identity = models.CharField(max_length=12, choices=Identity)
    pace = models.CharField(max_length=5, choices=Pace, blank=True)
    answers = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"response of {self.quarter}"
