"""The views of the list of cases that a person has saved."""

from __future__ import annotations

from django.db import models

MOST = 10
"""Saved views of one person."""


class SavedView(models.Model):
    """One saved view: the filters as codes of an address.

    It has no name in words. A page makes its name from the filters, so that nothing about a case
    can be written here.
    """

    person = models.ForeignKey(
        "grievances.User", on_delete=models.CASCADE, related_name="saved_views"
    )
    query = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "query"], name="saved_view_once"),
        ]

    def __str__(self) -> str:
        return f"view {self.pk}"
