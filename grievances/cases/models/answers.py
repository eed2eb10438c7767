"""What a person was asked, and the answer.

That is an interpreter, a question, an approval or consent.
"""

from typing import ClassVar

from django.db import models

from grievances.cases.models.case import Case
from grievances.vocabulary import Keep, KeepReason


class Interpreter(models.Model):
    """An interpreter for one meeting.

    The name is a sealed record. The day and the answers are not sealed. An interpreter has no
    account, no key and no page. They hear only what is said on that day.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="interpreters")
    number = models.PositiveSmallIntegerField()
    meeting_on = models.DateField()
    agreed = models.BooleanField(null=True)
    declared_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="interpreter_number")
        ]

    def __str__(self) -> str:
        return f"{self.case}: interpreter for {self.meeting_on}"


class Question(models.Model):
    """A written question to the complainant. Its words are a sealed record."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="questions")
    asked_on = models.DateField()
    answered_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.case} question of {self.asked_on}"


class Approval(models.Model):
    """A second person's yes or no to one step. It can be used once."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="approvals")
    step = models.CharField(max_length=40)
    reason = models.CharField(max_length=20, choices=KeepReason, blank=True)
    asked_by = models.ForeignKey(
        "grievances.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(
        "grievances.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    agreed = models.BooleanField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["case"],
                condition=models.Q(used_at__isnull=True, step__in=Keep.values),
                name="approval_of_keeping",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}: approval of {self.step}"


class Consent(models.Model):
    """One person's own answer to one question (G_CONSENT).

    It is yes, no, or a yes that was taken back.
    """

    class What(models.TextChoices):
        """What a person is asked to agree to."""

        MEDIATION = "mediation", "Take part in mediation"
        SETTLEMENT = "settlement", "Confirm the agreement reached in mediation"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="consents")
    episode = models.PositiveSmallIntegerField(default=1)
    token = models.CharField(max_length=40, unique=True)
    what = models.CharField(max_length=12, choices=What)
    standing = models.CharField(max_length=12)
    handle = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    agreed = models.BooleanField(null=True)
    answered_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.case}: {self.what} asked of {self.standing}"
