"""Forms of aftercare: how things are, and who asks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from grievances.aftercare import schedule
from grievances.aftercare.drafting import CHANGES
from grievances.aftercare.models import Answer, Listener
from grievances.web.intake.forms import OwnWords
from grievances.web.shared.fields import CheckboxList, PlainForm, RadioList

WORSE = (
    ("no", _("No")),
    ("yes", _("Yes")),
    ("unsure", _("I am not sure")),
    ("skip", _("I would rather not say")),
)
SAFE = (
    ("yes", _("Yes")),
    ("no", _("No")),
    ("unsure", _("I am not sure")),
    ("skip", _("I would rather not say")),
)
ACTIONS = (
    ("done", _("Yes, all of them")),
    ("some", _("Some of them")),
    ("none", _("No")),
    ("nothing", _("Nothing was agreed")),
)
NO_ONE = "no_one"
WORST_TEXT = 5_000


class HowThingsAre(PlainForm):
    """One time of asking; its `code` decides which questions there are."""

    worse = forms.ChoiceField(
        label=_("Has anything changed for the worse at work?"), choices=WORSE, widget=RadioList()
    )
    changes = forms.MultipleChoiceField(
        label=_("If so, what has changed?"),
        help_text=_("Choose all that fit."),
        choices=CHANGES,
        required=False,
        widget=CheckboxList(),
    )
    safe = forms.ChoiceField(label=_("Do you feel safe at work?"), choices=SAFE, widget=RadioList())
    actions = forms.ChoiceField(
        label=_("Has what we agreed been done?"),
        choices=ACTIONS,
        required=False,
        widget=RadioList(),
    )
    text = OwnWords(
        label=_("In your own words, if you like"), required=False, max_length=WORST_TEXT, rows=6
    )

    def __init__(self, *args: object, code: str, **options: object) -> None:
        self.code = code
        super().__init__(*args, **options)
        if code == schedule.BASELINE:
            for name in ("worse", "changes"):
                del self.fields[name]
        if not schedule.is_after_closing(code):
            del self.fields["actions"]

    def answer(self, today: date) -> Answer:
        """Return the answer of a valid form."""
        given = self.cleaned_data
        return Answer(
            code=self.code,
            day=today,
            worse=given.get("worse", "skip"),
            safe=given["safe"],
            changes=tuple(given.get("changes") or ()),
            actions=given.get("actions", ""),
            text=given["text"],
        )


class WhoAsks(PlainForm):
    """By whom a person wants to be asked, or not at all."""

    listener = forms.ChoiceField(label=_("How shall we ask you?"), widget=RadioList())
    ally = forms.CharField(
        label=_("If a colleague: their full name or user name"),
        help_text=_(
            "We tell them that you want to be asked how you are. We do not tell them why. Ask them "
            "first."
        ),
        required=False,
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: object, ways: Iterable[Listener], **options: object) -> None:
        super().__init__(*args, **options)
        choices = [*((each.value, each.label) for each in ways), (NO_ONE, gettext("Do not ask me"))]
        field = self.fields["listener"]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices
        if Listener.ALLY not in ways:
            del self.fields["ally"]

    def clean(self) -> dict[str, object]:
        """Return the answers; a colleague needs a name."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("listener") == Listener.ALLY and not cleaned.get("ally", "").strip():
            self.add_error(
                "ally", gettext("Type the full name or the user name of your colleague.")
            )
        return cleaned
