"""The form that publishes a lesson."""

from __future__ import annotations

from django import forms

from grievances.lessons.models import Lesson
from grievances.web.shared.dates import GovDateField
from grievances.web.shared.fields import PlainForm, RadioList


class PublishLesson(PlainForm):
    """A lesson, the promise, the office that keeps it, and the day."""

    heard = forms.CharField(
        label="What did you hear?",
        help_text="In general words. Do not write about one case.",
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
    )
    promise = forms.CharField(
        label="What will change?", max_length=500, widget=forms.Textarea({"rows": 3})
    )
    owner = forms.ChoiceField(
        label="Who keeps this promise?",
        choices=Lesson._meta.get_field("owner").choices or [],
        widget=RadioList(),
    )
    due = GovDateField(label="By when?")
