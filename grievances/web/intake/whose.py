"""The question to whom it happened: to the writer, or to another person."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from grievances.choices import RaisedFor
from grievances.web.intake.forms import Question
from grievances.web.shared.fields import RadioList
from workflow.json_values import JsonMapping, JsonObject

NOT_AGREED = _(
    "Tick the box if they asked you to tell us. If they did not, choose “I saw it or heard it”."
)
WHO = _("Give their full name or user name. Without it we cannot keep their managers away.")


class Whose(Question):
    """The page of whom it happened to."""

    heading = gettext_noop("Who did it happen to?")
    why = gettext_noop(
        "You can tell us what happened to you, what you saw, or what someone asked you to say."
    )
    raised_for = forms.ChoiceField(
        label=_("It happened"),
        choices=RaisedFor.choices,
        initial=RaisedFor.SELF.value,
        required=False,
        widget=RadioList(
            hints={
                RaisedFor.WITNESSED.value: _(
                    "It is your concern, and you hear what we do. We do not tell the other person "
                    "that you wrote to us. An officer decides with you how to ask them."
                ),
                RaisedFor.ASKED.value: _(
                    "It becomes their concern. They confirm it or say no. Until then we only make "
                    "sure that they are safe. You keep a copy of what you wrote, and no more."
                ),
            }
        ),
    )
    affected = forms.CharField(
        label=_("Their name, if it was not you"),
        help_text=_("A full name or a user name. We keep their managers away from this."),
        required=False,
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    agreed = forms.BooleanField(
        label=_("They asked me to tell you, and they agree"),
        required=False,
    )

    def clean(self) -> dict[str, object]:
        """Return the answers; ask for what the chosen way needs."""
        cleaned = super().clean() or self.cleaned_data
        raised_for = cleaned.get("raised_for") or RaisedFor.SELF.value
        if raised_for == RaisedFor.ASKED:
            if not cleaned.get("affected"):
                self.add_error("affected", WHO)
            if not cleaned.get("agreed"):
                self.add_error("agreed", NOT_AGREED)
        return cleaned

    def answers(self) -> JsonObject:
        """Return for whom it is raised, and the name; no name where it is the writer."""
        raised_for = self.cleaned_data["raised_for"] or RaisedFor.SELF.value
        is_own = raised_for == RaisedFor.SELF
        affected = "" if is_own else self.cleaned_data["affected"].strip()
        agreed = raised_for == RaisedFor.ASKED and self.cleaned_data["agreed"]
        return {"raised_for": raised_for, "affected": affected, "agreed": agreed}


def whose_in_words(answers: JsonMapping) -> str:
    """Return to whom it happened, as the page before sending shows it."""
    raised_for = RaisedFor(answers.get("raised_for") or RaisedFor.SELF)
    lines = [gettext(raised_for.label)]
    if answers.get("affected"):
        lines.append(str(answers["affected"]))
    if raised_for is RaisedFor.ASKED:
        lines.append(gettext("They asked you, and they agree"))
    return "\n".join(lines)
