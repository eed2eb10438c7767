"""The form that proposes a new version of a block."""

from __future__ import annotations

from django import forms

from grievances.choices import LetterBlockKey
from grievances.web.shared.fields import PlainForm
from grievances.web.shared.step_form import OwnWords


class ProposeBlock(PlainForm):
    """A block, and its new text."""

    key = forms.ChoiceField(label="Which block?", choices=LetterBlockKey.choices)
    text = OwnWords(
        label="The new text",
        help_text="Plain words that hold for every case. A second person approves it.",
        max_length=4_000,
    )
