"""Optional questions about the person, each with the answer "rather not".

Texts come from the lists (data) and are translated here.
"""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grievances.monitoring.answers import OWN_WORDS_LIMIT
from grievances.monitoring.codes import (
    PREFER_NOT,
    SELF_DESCRIBED,
    CodeSet,
    Question,
    other_questions,
)
from grievances.web.shared.fields import LongText, LongTextField, PlainForm, RadioList


class AboutYou(PlainForm):
    """A form with ethnic group, a self-description, and seven optional questions."""

    # The page says so once, above the questions.
    all_optional = True

    ethnic_group = forms.ChoiceField(
        label=gettext_lazy("What is your ethnic group?"),
        help_text=gettext_lazy(
            "Choose one option that best describes your ethnic group or background."
        ),
        required=False,
        widget=RadioList(attrs={"class": "govuk-radios--small"}),
    )
    other = forms.CharField(
        label=gettext_lazy("If you chose an “any other” answer, which is it?"),
        required=False,
        max_length=OWN_WORDS_LIMIT,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    own_words = LongTextField(
        label=gettext_lazy("In your own words"),
        help_text=gettext_lazy(
            "How you would describe yourself, whatever you chose above. If caste or descent "
            "matters to you, you can say so here. Up to 200 characters."
        ),
        required=False,
        max_length=OWN_WORDS_LIMIT,
        widget=LongText(rows=3),
    )

    def __init__(self, *args: object, code_set: CodeSet, **options: object) -> None:
        super().__init__(*args, **options)
        self.code_set = code_set
        # A text that is too long is refused in a sentence; a browser would cut it off without a
        # word.
        self.fields["other"].widget.attrs.pop("maxlength", None)
        choices = [
            (_(heading), [(choice.code, _(choice.label)) for choice in group])
            for heading, group in code_set.groups
        ]
        field = self.fields["ethnic_group"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [*choices, (_("Or"), [(PREFER_NOT, _("Prefer not to say"))])]
        for question in other_questions():
            self.fields[question.name] = field_of(question)

    def codes(self) -> dict[str, str]:
        """Return question name -> code for each answer, with the code of the list."""
        names = ["ethnic_group", *(question.name for question in other_questions())]
        said = {name: str(self.cleaned_data[name]) for name in names if self.cleaned_data[name]}
        if "ethnic_group" not in said and any(self.words().values()):
            said["ethnic_group"] = SELF_DESCRIBED
        return {**said, "set": self.code_set.code} if said else {}

    def words(self) -> dict[str, str]:
        """Return what was written in own words, by field."""
        return {name: self.cleaned_data[name] for name in ("other", "own_words")}


def field_of(question: Question) -> forms.ChoiceField:
    """Return the field of one of the other questions."""
    choices = [(choice.code, _(choice.label)) for choice in question.choices]
    return forms.ChoiceField(
        label=_(question.label),
        help_text=_(question.hint) if question.hint else "",
        choices=[*choices, (PREFER_NOT, _("Prefer not to say"))],
        required=False,
        widget=RadioList(attrs={"class": "govuk-radios--small"}),
    )
