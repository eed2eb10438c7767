"""Offers of a role on a case."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_noop as _

from grievances.vocabulary import Role


class Offer(models.Model):
    """A role on a case, offered to one person, who accepts or declines it."""

    class Status(models.TextChoices):
        """Whether an offer was answered, and how."""

        SENT = "sent", _("Waiting for an answer")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Not answered in time")
        REVOKED = "revoked", _("Taken back")

    class Objection(models.TextChoices):
        """Whether the complainant objected to the candidate, and the answer."""

        NONE = "none", _("No objection")
        OPEN = "open", _("Objection to be answered")
        AGREED = "agreed", _("Objection agreed")
        OVERRULED = "overruled", _("Objection answered")

    case = models.ForeignKey("grievances.Case", on_delete=models.CASCADE, related_name="offers")
    role = models.CharField(max_length=16, choices=Role)
    candidate = models.ForeignKey(
        "grievances.User", on_delete=models.PROTECT, related_name="offers"
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.SENT)
    objection = models.CharField(max_length=10, choices=Objection, default=Objection.NONE)
    episode = models.PositiveSmallIntegerField(default=1)
    sent_on = models.DateField()
    answered_on = models.DateField(null=True)
    declared_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "role"],
                condition=models.Q(status__in=["sent", "accepted"]),
                name="one_live_offer_per_role",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.role} to {self.candidate_id}"
