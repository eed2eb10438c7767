"""Lessons with their promises. Every word here is public and names no one."""

from __future__ import annotations

from django.db import models

from grievances.vocabulary import Office

OWNERS = [Office.EXECUTIVE, Office.LEAD, Office.ANALYST, Office.DPO]
"""The offices that may answer for a promise of the organisation."""


class Lesson(models.Model):
    """One lesson, what was promised, and the office that keeps the promise.

    `due` and `kept_on` are local dates. A promise that moved keeps its first date.
    """

    heard = models.CharField(max_length=500)
    promise = models.CharField(max_length=500)
    owner = models.CharField(
        max_length=12, choices=[(office.value, office.label) for office in OWNERS]
    )
    due = models.DateField()
    published_on = models.DateField()
    kept_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"lesson {self.pk}"


class ShownYear(models.Model):
    """A reporting year whose released figures everyone may read on the public page."""

    period = models.CharField(max_length=20, primary_key=True)
    shown_on = models.DateField()

    def __str__(self) -> str:
        return f"figures of {self.period}"
