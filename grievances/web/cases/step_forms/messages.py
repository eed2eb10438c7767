"""Forms of messages, names, informal steps and check-ins (T10, T11, N01-N10)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from grievances.cases.access.readers_preview import inside
from grievances.cases.guards import people as people_guards
from grievances.cases.models.deadlines import CheckIn
from grievances.cases.models.records import Kind
from grievances.cases.step_names import StepName
from grievances.people.matching import Staff
from grievances.people.models import User
from grievances.web.cases.step_forms.contact import WayOfContact
from grievances.web.shared.dates import GovDateField
from grievances.web.shared.fields import RadioList
from grievances.web.shared.step_form import YES_NO, Confirm, OwnWords, StepForm


class Message(StepForm):
    """A form to write a message in the case."""

    steps = (StepName.MESSAGE,)

    WORDS = {"text": Kind.MESSAGE}
    intro = gettext_noop(
        "Everyone who works on this concern can read it. Nothing of it is sent by email."
    )
    button = gettext_noop("Send the message")
    text = OwnWords(label=_("Your message"))


class AskInformal(Confirm):
    """A form with which a complainant asks for the informal way."""

    steps = (StepName.ASK_INFORMAL,)

    intro = gettext_noop(
        "Only you can ask for this. You can switch to the formal way at any time, without a reason."
    )


class ShareName(StepForm):
    """A form on which a complainant decides whether to share their name."""

    steps = (StepName.SHARE_NAME,)

    CODES = ("share",)
    intro = gettext_noop(
        "Only the triage officer knows your name now. The handler, the decision maker and, if you "
        "appeal, the appeal manager can do more when they know it. Once shared, this cannot be "
        "undone."
    )
    button = gettext_noop("Save my answer")
    share = forms.ChoiceField(
        label=_("May the people who look into it and decide know your name?"),
        choices=YES_NO,
        widget=RadioList(),
    )


class ChangeContact(WayOfContact, StepForm):
    """A form on which a complainant changes how to be contacted."""

    steps = (StepName.CHANGE_CONTACT,)

    CODES = ("contact",)
    intro = gettext_noop(
        "You can change this at any time. A message never says what it is about. It only says that "
        "there is something new to read on this site. The triage officer sees the new way."
    )
    button = gettext_noop("Save")


class SayAway(StepForm):
    """A form on which a complainant says when they are away."""

    steps = (StepName.SAY_AWAY,)

    intro = gettext_noop(
        "No decision and no hard letter is given to you on these days or just before them, unless "
        "you want it. Only the dates are kept, sealed. Leave both empty when this no longer holds."
    )
    button = gettext_noop("Save")
    from_on = GovDateField(
        label=_("From which day are you away?"),
        help_text=_("For example, 27 11 2026."),
        required=False,
    )
    until_on = GovDateField(
        label=_("Until which day?"), help_text=_("For example, 27 11 2026."), required=False
    )


class UseName(StepForm):
    """A form with which a complainant uses their name openly."""

    steps = (StepName.USE_NAME,)

    NEEDED_BY = {"confirm": people_guards.CONFIRMED}
    is_grave = True
    intro = gettext_noop(
        "Everyone who works on your concern then knows your name, the casework lead as well, and "
        "the person you are concerned about is told what they need in order to answer. Once open, "
        "this cannot be undone."
    )
    confirm = forms.BooleanField(label=_("Use my name openly. This is my own wish"))


class ConfirmConcern(StepForm):
    """A form to confirm a concern that another person raised for the complainant."""

    steps = (StepName.CONFIRM_CONCERN,)

    NEEDED_BY = {"confirm": people_guards.CONFIRMED}
    intro = gettext_noop(
        "Another person told us this for you. Only you can say that we may go on. When you "
        "confirm it, it is your concern. You decide about it, and you can still withdraw it."
    )
    confirm = forms.BooleanField(label=_("It happened to me, and I want you to look into it"))


class HearPerson(StepForm):
    """A form on which an officer records that they spoke with the person."""

    steps = (StepName.HEAR_PERSON,)

    NEEDED_BY = {"confirm": people_guards.CONFIRMED}
    intro = gettext_noop(
        "Another person told us this, and they have seen the case key. So find the person it "
        "happened to yourself. Ring them or meet them. Do not use a number or an address that came "
        "with this concern. Ask them for the last 4 characters of the case key they have now, and "
        "for no more of it. Until you have spoken, no one can confirm it, refuse it or withdraw it."
    )
    button = gettext_noop("Record it")
    confirm = forms.BooleanField(
        label=_("I found this person myself, spoke with them, and they know of this concern")
    )
    ending = forms.CharField(
        label=_("The last 4 characters of the case key they have now"),
        help_text=_(
            "They say these to you when you speak. They show that no one else holds the key in use."
        ),
        max_length=10,
        widget=forms.TextInput(
            {"class": "govuk-input--width-5", "autocomplete": "off", "spellcheck": "false"}
        ),
    )


class RefuseConcern(StepForm):
    """A form to close a concern that another person raised, and that is not wanted."""

    steps = (StepName.REFUSE_CONCERN,)

    NEEDED_BY = {"confirm": people_guards.CONFIRMED}
    intro = gettext_noop(
        "We close it and do nothing more. We do not ask why. You can tell us yourself at any time."
    )
    confirm = forms.BooleanField(label=_("I do not want you to look into this"))


class Exclude(StepForm):
    """A form on which a complainant names people to keep away."""

    steps = (StepName.EXCLUDE,)

    WORDS = {"people": Kind.EXCLUSION}
    intro = gettext_noop(
        "Everyone with a name you type, or with one close to it, is shut out at once and cannot "
        "see that this concern exists. You do not have to say why."
    )
    people = OwnWords(
        label=_("Whom do you want kept away?"),
        help_text=_("Names, user names, or the name of a whole team or office, one on each line."),
        max_length=2_000,
    )

    def clean_people(self) -> str:
        """Return the typed text; set `matched` to the accounts that it fits.

        Raises:
            ValidationError: For a name that fits no one in the directory.
        """
        typed = str(self.cleaned_data["people"])
        named = Staff.read().people_and_units(typed)
        if named.unknown:
            names = "; ".join(named.unknown[:5])
            raise forms.ValidationError(
                gettext(
                    "We could not find anyone for: {names}. Check the spelling, or use the user "
                    "name. Nothing has been saved yet."
                ).format(names=names)
            )
        out = named.everyone | inside(named.units)
        self.cleaned_data["matched"] = list(User.objects.filter(pk__in=out).order_by("pk"))
        return typed


class ExtendInformal(StepForm):
    """A form with which a complainant gives the informal way more time."""

    steps = (StepName.EXTEND_INFORMAL,)

    CODES = ("days",)
    intro = gettext_noop(
        "Only you can give it more time. You can switch to the formal way at any time."
    )
    days = forms.IntegerField(
        label=_("How many more working days?"),
        min_value=1,
        max_value=15,
        widget=forms.TextInput({"class": "govuk-input--width-2", "inputmode": "numeric"}),
        error_messages={
            "invalid": _("Give a whole number of working days, such as 5."),
            "min_value": _("Give at least 1 working day."),
            "max_value": _("You can add up to 15 working days at a time."),
        },
    )


class ConfirmResolved(StepForm):
    """A form with which a complainant confirms that it is resolved."""

    steps = (StepName.CONFIRM_RESOLVED,)

    NEEDED_BY = {"confirm": people_guards.CONFIRMED}
    intro = gettext_noop(
        "No one can confirm this for you. Your concern is closed, and we will ask how you are "
        "after 1, 3 and 6 months."
    )
    confirm = forms.BooleanField(label=_("It is resolved, and this is my own wish"))


class SwitchToFormal(Confirm):
    """A form with which a complainant switches to the formal way."""

    steps = (StepName.SWITCH_TO_FORMAL,)

    intro = gettext_noop(
        "You do not have to give a reason. We will find a trained manager to look into it."
    )


class SayStalled(Confirm):
    """A form with which a complainant reports that nothing has happened."""

    steps = (StepName.SAY_STALLED,)

    intro = gettext_noop(
        "The casework lead is told today that you have heard nothing, and must answer."
    )
    button = gettext_noop("Tell the casework lead")


class AnswerCheckIn(StepForm):
    """A form to answer a check-in."""

    steps = (StepName.ANSWER_CHECK_IN,)

    WORDS = {"text": Kind.CHECK_IN}
    CODES = ("worse",)
    intro = gettext_noop(
        "Think of duties, shifts, appraisal, promotion, leave, being left out, or things said. "
        "Your answer goes to a triage officer and never to your managers."
    )
    button = gettext_noop("Send my answer")
    worse = forms.ChoiceField(
        label=_("Has anything changed for the worse since then?"),
        choices=CheckIn.Worse.choices,
        widget=RadioList(),
    )
    text = OwnWords(label=_("What happened?"), required=False)


class MediationNote(StepForm):
    """A form for a mediator's own notes."""

    steps = (StepName.WRITE_MEDIATION_NOTE,)

    WORDS = {"text": Kind.MEDIATION_NOTE}
    intro = "Only you can ever read this."
    text = OwnWords(label="Your note")
