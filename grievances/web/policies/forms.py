"""The form to agree to a policy or to refuse it."""

from django import forms

from grievances.web.shared.fields import PlainForm, RadioList
from grievances.web.shared.step_form import YES_NO


class AnswerPolicy(PlainForm):
    """A yes or no to exactly what was read: `digest` is the hash of its content."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    answer = forms.ChoiceField(
        label="Do you agree that this is in force?", choices=YES_NO, widget=RadioList()
    )
