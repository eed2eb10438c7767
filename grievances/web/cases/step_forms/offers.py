"""Forms for offers of a role, answers, objections, stepping back (T15-T17, N05)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from grievances.cases.access import eligibility
from grievances.cases.access.conflicts import LIVE
from grievances.cases.guards import people, triage
from grievances.cases.models.assignments import holders
from grievances.cases.models.offers import Offer
from grievances.cases.models.readers import still_asked
from grievances.cases.models.records import Kind
from grievances.cases.step_names import StepName
from grievances.cases.steps.allocation import OFFERED_IN
from grievances.casework.declarations import RULE, names_to_declare
from grievances.choices import RerouteReason, Welcome
from grievances.deadlines.certificate_reminders import DAYS_BEFORE
from grievances.people.models import User, certified_until
from grievances.vocabulary import CAP, Role, State
from grievances.web.cases.presenters.people import JOINED
from grievances.web.shared.deadlines import in_a_sentence
from grievances.web.shared.fields import RadioList
from grievances.web.shared.step_form import YES_NO, OwnWords, PersonField, StepForm, describe

SENTENCES = {
    guard.code: guard.sentence
    for guard in (
        people.G_TRAINED,
        people.G_NO_CONFLICT,
        people.G_SEPARATION,
        people.G_EXCLUDED,
        people.G_CAPACITY,
        people.G_SENIORITY,
        people.NO_OPEN_OFFER,
    )
}
"""Why a person cannot be chosen, in the words of the guard that would refuse."""


def show_candidates(form: StepForm, name: str, role: Role) -> None:
    """Offer everyone who holds the office of a role in this field.

    Eligible people come first; the others are greyed with a reason.
    """
    found = eligibility.candidates(form.case, role, form.today)
    if form.acting_as == Role.LEAD:
        # A reason would tell the lead who the parties are; officers know them anyway.
        found = [candidate for candidate in found if not candidate.codes]
    hints = {
        str(c.person.pk): SENTENCES[c.codes[0]]
        if c.codes
        else f"Has {c.load} of at most {CAP[role]} cases.{_ends_soon(c.person, role, form.today)}"
        for c in found
    }
    unfit = [str(c.person.pk) for c in found if c.codes]
    form.person_field(name).offer([c.person for c in found], hints, unfit)


class Declaration(StepForm):
    """A form with a declaration, signed today, that there is no connection.

    See G_NO_CONFLICT, declared.
    """

    ABOUT: ClassVar[str] = "anyone named in the account, which I have read"
    NEEDED_BY = {"declare": people.DECLARED}
    declare = forms.BooleanField()

    def fill(self) -> None:
        """Say about whom the person declares."""
        said = f"I have no personal, work or social connection with {self.ABOUT}."
        self.fields["declare"].label = f"{said} I sign this today."


class HelperDeclaration(StepForm):
    """A form that helpers sign with what they write; others do not see the box."""

    ABOUT: ClassVar[dict[str, str]] = {
        Role.CO_HANDLER: "anyone named in the account, which I have read",
        Role.NOTE_TAKER: "anyone who was at this meeting",
        Role.ADVISER: "anyone named in the question, which I have read",
    }
    declare = forms.BooleanField(
        error_messages={"required": people.DECLARED_TO_HELP.sentence},
        help_text="If you do have one, write nothing. Go back to the case and open “I know a "
        "person in this case”.",
    )

    def fill(self) -> None:
        """Put the declaration last, in the words of the part."""
        super().fill()
        field = self.fields.pop("declare")
        about = self.ABOUT.get(self.acting_as)
        if about is not None:
            said = f"I have no personal, work or social connection with {about}."
            field.label = f"{said} I sign this today."
            self.fields["declare"] = field


class Acknowledge(Declaration):
    """A form with which a triage officer takes on a concern."""

    steps = (StepName.ACKNOWLEDGE,)

    intro = (
        "When you take this concern on, the complainant is told that a triage officer has it, and "
        "by which day the way forward will be agreed. The other triage officers can then no longer "
        "open it."
    )


class Reroute(StepForm):
    """A form to pass a concern on from a triage officer."""

    steps = (StepName.REROUTE,)

    CODES = ("reason",)
    NEEDED_BY = {"reason": triage.REROUTE}
    intro = (
        "A concern is passed on only when a triage officer has a conflict, is away, or was left "
        "out by the complainant. The date for the acknowledgement does not move."
    )
    person = PersonField(label="Which triage officer should no longer see this concern?")
    reason = forms.ChoiceField(label="Why?", choices=RerouteReason.choices, widget=RadioList())

    def fill(self) -> None:
        """Offer the triage officers who can see the concern."""
        self.person_field("person").offer(holders(self.case, Role.TRIAGE_POOL), {})


class OfferPart(StepForm):
    """A form to offer a role on the case to a person."""

    steps = (
        StepName.OFFER,
        StepName.OFFER_LATER,
    )

    intro = (
        "The person you ask sees only the region, the way forward and the kinds of concern. Before "
        "they accept, they see who is named. No one is marked down for saying no. The complainant "
        "is told the name and can object."
    )
    button = "Send the offer"
    role = forms.ChoiceField(label="Which part do you offer?", widget=forms.HiddenInput())
    candidate = PersonField(label="Whom do you ask?")

    def fill(self) -> None:
        """Offer the candidates for one role, and links to the other roles."""
        roles = OFFERED_IN.get(State(self.case.state), ())
        taken = set(self.case.offers.filter(status__in=LIVE).values_list("role", flat=True))
        chosen = self._chosen(roles, taken)
        self.choice_field("role").choices = [(r.value, r.label) for r in roles]
        self.initial["role"] = chosen
        if chosen is None:
            return
        label = Role(chosen).label.lower()
        self.fields["candidate"].label = f"Whom do you ask to be {label}?"
        show_candidates(self, "candidate", Role(chosen))
        self.links = [
            {"text": f"Offer the part of {r.label.lower()} instead", "href": f"?role={r.value}"}
            for r in roles
            if r != chosen
        ]

    def _chosen(self, roles: tuple[Role, ...], taken: set[str]) -> Role | None:
        wanted = self.data.get("role") or self.initial.get("role")
        free = [role for role in roles if role.value not in taken]
        named = [role for role in roles if role.value == wanted]
        return next(iter([*named, *free, *roles]), None)


class Decline(StepForm):
    """A form to decline an offer."""

    steps = (
        StepName.DECLINE,
        StepName.DECLINE_LATER,
    )

    WORDS = {"reason": Kind.REASON}
    intro = "You can say no, and no one is marked down for it. The case leaves your list at once."
    button = "Decline this case"
    connection = forms.BooleanField(
        label="I have a personal, work or social connection with someone in this case",
        help_text="You are then never asked about it again.",
        required=False,
    )
    reason = OwnWords(
        label="Your reason",
        help_text="Read by the people who work on the case. You can leave it empty.",
        required=False,
        max_length=2_000,
    )


def _ends_soon(person: User, role: Role, today: date) -> str:
    """Return a sentence on a certificate that ends soon, or nothing."""
    last = certified_until(person, role, today)
    if last is None or last > today + timedelta(days=DAYS_BEFORE[0]):
        return ""
    return f" A certificate that this part needs ends on {last:%-d %B %Y}."


class SignsByName(Declaration):
    """A declaration about the people whom the form names, before a word is read."""

    ABOUT = "the people named above"

    def fill(self) -> None:
        """Show who is named in the case, as far as this person may know it."""
        super().fill()
        self.named = names_to_declare(self.case, self.caller, self.today)
        self.saw = RULE if self.named else ""


class Accept(SignsByName):
    """A form to accept an offer."""

    steps = (StepName.ACCEPT,)

    intro = (
        "Read who is named. You have accepted only when you sign below. Then you can read what you "
        "need for your part, and the complainant is told your name. If you know one of these "
        "people, go back and decline. No one is marked down for it."
    )
    button = "Accept this case"


class BeginInvestigation(Declaration):
    """A form with which a handler begins the investigation."""

    steps = (StepName.BEGIN_INVESTIGATION,)

    intro = (
        "The complainant is told that you have begun, by which day you will meet them, and that "
        "they may bring a companion."
    )


class BeginAppeal(Declaration):
    """A form with which an appeal manager begins the appeal."""

    steps = (StepName.BEGIN_APPEAL,)

    intro = "The complainant is told that you have begun and by which day you will meet them."


class ObjectToPerson(StepForm):
    """A form with which a complainant objects to a person who was offered a role."""

    steps = (StepName.OBJECT_TO_PERSON,)

    WORDS = {"reason": Kind.REASON}
    intro = gettext_noop(
        "Tell us if you do not want one of these people to work on your concern. The casework lead "
        "answers you. Nothing begins before that; what has begun already stops if they agree."
    )
    button = gettext_noop("Object to this person")
    offer = forms.ChoiceField(label=_("Whom do you object to?"), widget=RadioList())
    reason = OwnWords(
        label=_("Why?"),
        help_text=_(
            "You do not have to say. The people who work on your concern can read this, and so can "
            "the person you name if they have said yes already."
        ),
        required=False,
        max_length=2_000,
    )

    def fill(self) -> None:
        """Offer the people to whom no objection was made."""
        self.offer_choices("offer", offers_to_choose(self, Offer.Objection.NONE))


class AnswerReader(StepForm):
    """A form with which a complainant answers the announcement of a reader."""

    steps = (StepName.ANSWER_READER,)

    CODES = ("answer",)
    intro = gettext_noop(
        "This person cannot read anything before the day we gave you. You do not have to answer: "
        "then they begin on that day. You can keep them away without a reason, and we find someone "
        "else. They are not told why."
    )
    button = gettext_noop("Send my answer")
    reader = forms.ChoiceField(label=_("Whom is it about?"), widget=RadioList())
    answer = forms.ChoiceField(
        label=_("What would you like?"), choices=Welcome.choices, widget=RadioList()
    )

    def fill(self) -> None:
        """Offer the announced readers who can still be refused."""
        rows = still_asked(self.case, self.today)
        self.offer_choices(
            "reader",
            [
                (
                    str(row.pk),
                    gettext("{person}: {role}, from {day}").format(
                        person=describe(row.person),
                        role=in_a_sentence(row.role),
                        day=date_format(row.effective_on, "j F Y"),
                    )
                    + (gettext(JOINED) if row.into_id else ""),
                )
                for row in rows
            ],
        )


class AnswerObjection(StepForm):
    """A form with which the casework lead answers an objection."""

    steps = (StepName.ANSWER_OBJECTION,)

    WORDS = {"text": Kind.EXPLANATION}
    CODES = ("offer", "answer")
    intro = (
        "Agree, and the person steps back at once and another is asked. If you do not agree, tell "
        "the complainant why."
    )
    offer = forms.ChoiceField(label="Which objection do you answer?", widget=RadioList())
    answer = forms.ChoiceField(
        label="Do you agree with the objection?", choices=YES_NO, widget=RadioList()
    )
    text = OwnWords(label="Tell the complainant why", max_length=5_000)

    def fill(self) -> None:
        """Offer the open objections."""
        self.offer_choices("offer", offers_to_choose(self, Offer.Objection.OPEN))


def offers_to_choose(form: StepForm, objection: Offer.Objection) -> list[tuple[str, str]]:
    """Return the live offers of a case, as (id, person and role)."""
    rows = form.case.offers.filter(status__in=LIVE, objection=objection)
    return [
        (str(offer.pk), f"{describe(offer.candidate)}: {in_a_sentence(offer.role)}")
        for offer in rows.select_related("candidate__unit").order_by("pk")
        if objection != Offer.Objection.NONE or form.case.is_fresh(offer, form.today)
    ]
