"""Forms for a second person's approval: the request and the answer (N25, N26)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from grievances.cases.models.answers import Approval, Consent
from grievances.cases.models.records import Kind
from grievances.cases.step_names import StepName
from grievances.cases.steps.oversight import ASKED_BY
from grievances.choices import LinkKind
from grievances.people.models import accounts_of_one
from grievances.vocabulary import Keep
from grievances.web.shared.fields import RadioList
from grievances.web.shared.step_form import YES_NO, LineOfWords, OwnWords, StepForm

APPROVALS: dict[str, str] = {
    StepName.REDIRECT: "Pass the concern to another process",
    StepName.CLOSE_INSUFFICIENT: "Close because not enough could be learned",
    StepName.RETURN_FOR_ENQUIRIES: "Send back for further enquiries a second time",
    StepName.HOLD: "Pause for more than 10 working days, or because the other person is unwell",
    StepName.APPEAL: gettext_noop("Appeal after the time to appeal has ended"),
}
"""Steps that a second person must approve, in plain words (domain.md 5.2)."""


class AskApproval(StepForm):
    """A form to ask the casework lead to approve a step."""

    steps = (StepName.ASK_APPROVAL,)

    WORDS = {"text": Kind.APPROVAL}
    CODES = ("step",)
    intro = gettext_noop("The casework lead will approve or refuse. You can use an approval once.")
    step = forms.ChoiceField(label=_("What do you need approval for?"), widget=RadioList())
    text = OwnWords(
        label=_("Why?"),
        help_text=_("The casework lead does not see the account: write what they need to know."),
        max_length=5_000,
    )

    def fill(self) -> None:
        """Offer the steps that this role may request in this state."""
        self.choice_field("step").choices = [
            (step, gettext(APPROVALS[step]))
            for step, (roles, states) in ASKED_BY.items()
            if self.acting_as in roles and self.case.state in states
        ]


class AnswerApproval(StepForm):
    """A form to approve or refuse a request of another person."""

    steps = (StepName.ANSWER_APPROVAL,)

    WORDS = {"text": Kind.REASON}
    CODES = ("approval", "answer")
    intro = "You can only answer what someone else has asked for."
    approval = forms.ChoiceField(label="Which request?", widget=RadioList())
    answer = forms.ChoiceField(label="Do you agree?", choices=YES_NO, widget=RadioList())
    text = OwnWords(label="Your reason", max_length=5_000)

    def fill(self) -> None:
        """Offer the open requests of other people, retention requests left out."""
        rows = Approval.objects.filter(case=self.case, answered_at__isnull=True)
        rows = rows.exclude(step__in=Keep.values)
        rows = rows.exclude(asked_by__in=accounts_of_one(self.caller.person)).order_by("pk")
        self.offer_choices(
            "approval",
            [
                (str(r.pk), f"{APPROVALS.get(r.step, r.step)}, asked on {r.asked_at:%-d %B %Y}")
                for r in rows
            ],
        )


class OpenEarlier(StepForm):
    """A form to see which earlier concerns name the same person or unit."""

    steps = (StepName.OPEN_PATTERN,)

    intro = (
        "You see the references for a day. Your reason is sealed into this case, and that you "
        "looked is counted for those who check us."
    )
    button = "See which they are"
    text = OwnWords(label="Why do you need to know which they are?", max_length=2_000)


class LinkCases(StepForm):
    """A form to link a case to another one."""

    steps = (StepName.LINK_CASES,)

    intro = (
        "The link is shown to those casework leads and triage officers who may read both cases. "
        "It opens nothing to anyone."
    )
    button = "Save the link"
    into = LineOfWords(label="Reference of the other case", help_text="For example, RC-4K7P2M.")
    kind = forms.ChoiceField(
        label="How do they belong together?", choices=LinkKind.choices, widget=RadioList()
    )


class AskConsent(StepForm):
    """A form to ask both people for their agreement."""

    steps = (StepName.ASK_CONSENT,)

    CODES = ("what",)
    intro = (
        "The complainant and the person the concern is about are each asked on a page of their "
        "own. No one answers for another, and each can take a yes back."
    )
    what = forms.ChoiceField(
        label="What do you ask them to agree to?", choices=Consent.What.choices, widget=RadioList()
    )
