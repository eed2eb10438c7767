"""Proposed policies and laws, and the two people who answer (domain.md 4)."""

from __future__ import annotations

from django.db import models

from grievances.vocabulary import Office


class PolicyProposal(models.Model):
    """A proposed version of a policy; in force only after two people approved it."""

    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    body = models.JSONField()
    digest = models.CharField(max_length=64)
    proposed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    agreed = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=models.Q(settled_at__isnull=True),
                name="one_open_proposal_per_policy",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} version {self.version}, proposed"


class PolicyAnswer(models.Model):
    """One person's approval or refusal of a proposal, given in one office."""

    proposal = models.ForeignKey(PolicyProposal, on_delete=models.CASCADE, related_name="answers")
    office = models.CharField(max_length=12, choices=Office)
    person = models.ForeignKey("grievances.User", on_delete=models.PROTECT, related_name="+")
    agreed = models.BooleanField()
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "office"], name="one_answer_per_office"),
            models.UniqueConstraint(fields=["proposal", "person"], name="one_answer_per_person"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal}: {self.office}"


class LawConfirmation(models.Model):
    """One person's confirmation that a rule of law is as the product has it.

    `digest` is the hash of the rule as it was read, so changed content needs two people again.
    """

    code = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    office = models.CharField(max_length=12, choices=Office)
    person = models.ForeignKey("grievances.User", on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "digest", "office"], name="one_confirmation_per_office"
            ),
            models.UniqueConstraint(
                fields=["code", "digest", "person"], name="one_confirmation_per_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.office}"
