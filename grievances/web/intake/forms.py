"""Questions to a person who raises a concern, one a page, each with its reason.

Nothing but the account is compulsory (domain.md 12). Every choice starts with an answer, the one
that tells the fewest people. A region that is not said stays empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from grievances.deadlines.own_days import MOST_DAYS
from grievances.people.regions import REGIONS_IN_USE
from grievances.vocabulary import Contact, Identity
from grievances.web.cases.step_forms.contact import WayOfContact
from grievances.web.shared.dates import DaysField, GovDateField, refuse_future
from grievances.web.shared.fields import LONG_TEXT_LIMIT, LongText, PlainForm, RadioList
from workflow.json_values import JsonMapping, JsonObject

CONTROL_SIGNS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

BEGIN: dict[str, object] = {
    "way": "formal",
    "identity": Identity.CONFIDENTIAL.value,
    "share": "later",
    "contact": Contact.PORTAL.value,
}
"""The answers of a person who leaves these questions open."""

SHARE = (
    ("yes", _("Yes, with the handler and the decision maker")),
    ("no", _("No")),
    ("later", _("I will decide later")),
)
WAY = (("formal", _("Formally")), ("informal", _("Informally, if that is possible")))


class OwnWords(forms.CharField):
    """A person's own words, kept as typed.

    Control characters, which no keyboard types, are left out.
    """

    def __init__(self, *, rows: int = 8, **options: Any) -> None:
        options.setdefault("max_length", LONG_TEXT_LIMIT)
        too_long = gettext(
            "This has %(show_value)d characters. We can take %(limit_value)d at a time. Nothing is "
            "lost: all of it is still in the box. Shorten it here, and send us the rest as a "
            "message afterwards."
        )
        options.setdefault("error_messages", {}).setdefault("max_length", too_long)
        super().__init__(widget=LongText(rows=rows), **options)

    def to_python(self, value: object) -> str:
        """Return the text without control characters and with one kind of line end."""
        text = str(value or "").replace("\r\n", "\n").replace("\r", "\n")
        return super().to_python(CONTROL_SIGNS.sub("", text)) or ""


class Question(PlainForm):
    """One page of the wizard: its heading, why we ask, its fields."""

    heading: ClassVar[str]
    why: ClassVar[str]

    def __init__(self, *args: object, today: date, **options: object) -> None:
        self.today = today
        super().__init__(*args, **options)

    def answers(self) -> JsonObject:
        """Return what is kept of a valid form: plain JSON by question."""
        return dict(self.cleaned_data)


class WhatHappened(Question):
    """The page of the account of what happened."""

    heading = gettext_noop("What happened?")
    why = gettext_noop(
        "You do not have to be sure it was discrimination. Tell us in your own words. Write as "
        "much or as little as you like, and do not worry about spelling."
    )
    account = OwnWords(
        label=_("In your own words"),
        rows=14,
        error_messages={"required": _("Tell us what happened, in your own words.")},
    )


class When(Question):
    """The page of when it happened: in words, the last day, and other days."""

    heading = gettext_noop("When did it happen?")
    why = gettext_noop(
        "From a day we can work out the date by which to contact Acas, if you ever want to go to a "
        "tribunal. You do not have to know. You can add days later, on the page of your concern."
    )
    when = OwnWords(
        label=_("In your own words"),
        help_text=_("For example: every Monday since the spring, or one day last year."),
        required=False,
        max_length=2_000,
        rows=3,
    )
    last_day = GovDateField(
        label=_("The last day it happened, if you know it"),
        help_text=_("For example, 27 3 2026. If it is still going on, give today's date."),
        required=False,
    )
    days = DaysField(
        label=_("Other days it happened, if you know them"),
        help_text=_("One day a line, for example 5 October 2026. Each day can have its own date."),
        required=False,
        most=MOST_DAYS,
    )

    def clean_last_day(self) -> date | None:
        """Return the last day, or None.

        Raises:
            ValidationError: For a day in the future.
        """
        day: date | None = self.cleaned_data["last_day"]
        if day is not None and day > self.today:
            raise ValidationError(gettext("The last day it happened cannot be in the future."))
        return day

    def clean_days(self) -> list[date]:
        """Return the other days; refuse one in the future."""
        days: list[date] = self.cleaned_data["days"]
        refuse_future(days, self.today)
        return days

    def answers(self) -> JsonObject:
        """Return the words, the last day (YYYY-MM-DD, or empty) and the other days."""
        day, days = self.cleaned_data["last_day"], self.cleaned_data["days"]
        return {
            "when": self.cleaned_data["when"],
            "last_day": day.isoformat() if day else "",
            "days": [each.isoformat() for each in days],
        }


class About(Question):
    """The page of whom the concern is about."""

    heading = gettext_noop("Who are you concerned about?")
    why = gettext_noop(
        "We ask so that this person, and everyone who manages them, is kept away from your "
        "concern. Everyone whose name is close to one you type is kept away too. You can leave it "
        "empty."
    )
    about = OwnWords(
        label=_("The person you are concerned about"),
        help_text=_(
            "One person a line: a full name or a user name. Titles, accents, order and small "
            "spelling mistakes do not matter. If you do not know the name, describe them. It can "
            "also be someone on probation, a visitor or a contractor."
        ),
        required=False,
        max_length=2_000,
        rows=4,
    )
    decided = OwnWords(
        label=_("Anyone who took a decision that your concern is about"),
        help_text=_(
            "For example, who turned down a promotion or an earlier complaint. One person a line. "
            "They are kept away as well."
        ),
        required=False,
        max_length=2_000,
        rows=3,
    )


class Way(Question):
    """The page of the formal or informal way."""

    heading = gettext_noop("How would you like us to look into it?")
    why = gettext_noop(
        "You can change your mind later. An informal way happens only if you ask for it."
    )
    way = forms.ChoiceField(
        label=_("Choose a way"),
        choices=WAY,
        initial=BEGIN["way"],
        widget=RadioList(
            hints={
                "formal": _(
                    "A trained manager who does not know the people looks into it, another person "
                    "decides, and you can appeal."
                ),
                "informal": _(
                    "A trained officer agrees with you what would put it right. You can ask for "
                    "the formal way at any time. Where someone may be in danger it stays formal."
                ),
            }
        ),
    )


class Name(Question):
    """The page of how the name may be used."""

    heading = gettext_noop("How may we use your name?")
    why = gettext_noop("You choose who knows your name.")
    identity = forms.ChoiceField(
        label=_("Your name"),
        help_text=_("If you choose nothing, we keep it confidential."),
        choices=[(i.value, i.label) for i in (Identity.CONFIDENTIAL, Identity.OPEN)],
        required=False,
        widget=RadioList(
            hints={
                Identity.CONFIDENTIAL.value: _(
                    "Only the triage officer knows it. The person you are concerned about is not "
                    "told. Without your name some things cannot be done: it is harder to ask about "
                    "one event without showing who was there, and there can be no mediation."
                ),
                Identity.OPEN.value: _(
                    "The people who work on your case know it. The person you are concerned about "
                    "will be told what they need in order to answer."
                ),
            }
        ),
    )
    share = forms.ChoiceField(
        label=_(
            "If you keep your name confidential, may we share it with the people who work on it?"
        ),
        help_text=_(
            "They can then meet you and hear you themselves. If you choose nothing, the triage "
            "officer asks you again."
        ),
        choices=SHARE,
        required=False,
        widget=RadioList(),
    )

    def answers(self) -> JsonObject:
        """Return how the name may be used; an open question means the careful way."""
        chosen = {name: self.cleaned_data[name] for name in ("identity", "share")}
        return {name: value or BEGIN[name] for name, value in chosen.items()}


class HowToReach(WayOfContact, Question):
    """The page of how the person may be contacted."""

    heading = gettext_noop("How may we contact you?")
    why = gettext_noop(
        "A message never says what it is about. It only says that there is something new to read "
        "on this site."
    )

    def answers(self) -> JsonObject:
        """Return the way of contact and its address.

        The address is empty where only this site is used.
        """
        return {name: self.cleaned_data[name] for name in ("contact", "address")}


class KeepAway(Question):
    """The page of people who must not read the concern."""

    heading = gettext_noop("Is there anyone who must not read this?")
    why = gettext_noop(
        "You do not have to give a reason, and we do not tell them. The software keeps them out, "
        "whatever their job is. Your own managers are kept out already."
    )
    exclude = OwnWords(
        label=_("People to keep away"),
        help_text=_(
            "One a line: a full name, a user name, or the name of a whole team or office. Everyone "
            "whose name is close to one you type is kept out too."
        ),
        required=False,
        max_length=2_000,
        rows=4,
    )


class WhatWouldHelp(Question):
    """The page of what would help."""

    heading = gettext_noop("What would help?")
    why = gettext_noop(
        "We ask so that we look for what you need. You can say it later, or change your mind."
    )
    help = OwnWords(
        label=_("What would you like to happen?"),
        help_text=_(
            "For example: to be safe at work, an apology, a change of team, that it stops."
        ),
        required=False,
        max_length=5_000,
        rows=6,
    )


class Where(Question):
    """The page of the region."""

    heading = gettext_noop("Which region do you work in?")
    why = gettext_noop(
        "We ask for nothing smaller than a region. We use it to count working days and to see "
        "where concerns come from, never to find out who you are."
    )
    region = forms.ChoiceField(
        label=_("Region"),
        choices=[*REGIONS_IN_USE.items(), ("", _("I would rather not say"))],
        required=False,
        widget=RadioList(),
    )


QUESTIONS: Mapping[str, type[Question]] = {
    "what-happened": WhatHappened,
    "when": When,
    "about": About,
    "way": Way,
    "name": Name,
    "region": Where,
    "contact": HowToReach,
    "keep-away": KeepAway,
    "help": WhatWouldHelp,
}
"""The pages by the last part of their address."""


def initial_of(answers: JsonMapping) -> JsonObject:
    """Return kept answers in the form that the fields show.

    How the name may be used is never chosen in advance.
    """
    ahead = {name: value for name, value in BEGIN.items() if name not in Name.base_fields}
    begin = {**ahead, **answers}
    if begin.get("last_day"):
        begin["last_day"] = date.fromisoformat(str(begin["last_day"]))
    begin["days"] = [date.fromisoformat(str(day)) for day in begin.get("days") or ()]
    return begin
