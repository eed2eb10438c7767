"""Forms to keep a concern back until one is not alone, and to go on keeping it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from grievances.intake import escrow
from grievances.intake.escrow import Wish
from grievances.intake.escrow_models import THRESHOLDS, Target
from grievances.people.matching import Staff
from grievances.people.models import Unit, User, with_linked_accounts
from grievances.vocabulary import Contact
from grievances.web.cases.step_forms.contact import about_address, mistake_in, without_wrapping
from grievances.web.intake.forms import OwnWords
from grievances.web.shared.fields import CheckboxList, PlainForm, RadioList
from workflow.json_values import JsonObject

MOST_FOUND = 20
"""How many people a page lists; a fuller name finds fewer."""
CONTACTS = (
    (Contact.PORTAL.value, _("Only on this site")),
    (Contact.PERSONAL_EMAIL.value, _("On this site, and by a short email to my personal address")),
)


@dataclass(frozen=True)
class Found:
    """Whom the typed lines may mean: choices, those meant, and lines unknown.

    `is_oneself`: a line means the writer, who cannot be chosen.
    """

    choices: tuple[tuple[str, str], ...]
    meant: tuple[str, ...]
    unknown: tuple[str, ...]
    is_cut: bool
    is_oneself: bool

    @classmethod
    def of(cls, typed: str, person: User) -> Found:
        """Return the people and teams in the directory, without the writer themselves."""
        named = Staff.read().people_and_units(typed)
        oneself = with_linked_accounts({person.pk})
        people = list(
            User.objects.filter(pk__in=named.everyone - oneself)
            .select_related("unit")
            .order_by("name", "pk")
        )
        # Who is surely meant comes first, so that no one of them is cut off.
        people.sort(key=lambda each: each.pk not in named.meant)
        shown = [(_value("person", each.pk), _person(each)) for each in people[:MOST_FOUND]]
        shown += [
            (_value("unit", unit.pk), gettext("Everyone in {unit}").format(unit=unit))
            for unit in named.units
        ]
        meant = [_value("person", each.pk) for each in people if each.pk in named.meant]
        meant += [_value("unit", unit.pk) for unit in named.units]
        is_oneself = bool(oneself & {*named.meant} or (oneself & {*named.everyone} and not people))
        return cls(tuple(shown), tuple(meant), named.unknown, len(people) > MOST_FOUND, is_oneself)


def in_words(threshold: int) -> str:
    """Return how many people there must be, the writer among them."""
    others = threshold - 1
    return ngettext(
        "{threshold}: you and {others} other person",
        "{threshold}: you and {others} other people",
        others,
    ).format(threshold=threshold, others=others)


class KeepBack(PlainForm):
    """The page to keep a draft back: whom it names, how many people, how long."""

    first_button = "find"

    typed = OwnWords(
        label=_("Who is your concern about?"),
        help_text=_(
            "One a line: a full name, a user name, or the name of a team or office. Then press "
            "“Look up these names”."
        ),
        required=False,
        max_length=2_000,
        rows=3,
    )
    targets = forms.MultipleChoiceField(
        label=_("Who do you mean?"),
        help_text=_("We compare the person in the staff directory, not the spelling."),
        widget=CheckboxList(),
        error_messages={"required": _("Choose at least one person or team.")},
    )
    threshold = forms.TypedChoiceField(
        label=_("How many people must there be, with you?"),
        coerce=int,
        initial=THRESHOLDS[0],
        choices=lambda: [(n, in_words(n)) for n in THRESHOLDS],
        widget=RadioList(),
    )
    months = forms.TypedChoiceField(
        label=_("How long shall we keep it?"),
        help_text=_("Then we delete it. We remind you 28 days before."),
        coerce=int,
        widget=RadioList(),
    )
    contact = forms.ChoiceField(
        label=_("How may we tell you?"),
        help_text=_("The email says only that there is an update. It does not say what about."),
        choices=CONTACTS,
        initial=Contact.PORTAL.value,
        widget=RadioList(),
    )
    address = forms.CharField(
        label=_("Your personal email address"),
        required=False,
        max_length=254,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(
        self, *args: object, found: Found, months: Sequence[int], **options: object
    ) -> None:
        super().__init__(*args, **options)
        set_choices(self.fields["targets"], found.choices)
        set_choices(self.fields["months"], month_choices(months))
        self.fields["months"].initial = max(months)
        if not found.choices:
            del self.fields["targets"]

    def clean(self) -> JsonObject:
        """Return the answers; require an address where email is chosen, and a name."""
        cleaned = super().clean() or self.cleaned_data
        if "targets" not in self.fields:
            self.add_error("typed", escrow.NO_TARGET[1])
        if cleaned.get("contact") == Contact.PERSONAL_EMAIL:
            cleaned["address"] = without_wrapping(str(cleaned.get("address") or ""))
            mistake = mistake_in(Contact.PERSONAL_EMAIL, cleaned["address"])
            if mistake:
                self.add_error("address", mistake)
        return cleaned

    def remark(self) -> str:
        """Return that an address is not kept, where one was typed and none is used."""
        return about_address(self.cleaned_data["contact"], self.cleaned_data["address"])

    def wish(self) -> Wish:
        """Return what the writer chose."""
        chosen = self.cleaned_data
        by_mail = chosen["contact"] == Contact.PERSONAL_EMAIL
        return Wish(
            targets=[_target(value) for value in chosen["targets"]],
            threshold=chosen["threshold"],
            months=chosen["months"],
            address=chosen["address"] if by_mail else "",
        )


class KeepOn(PlainForm):
    """For how long a kept concern is kept from today."""

    months = forms.TypedChoiceField(
        label=_("How long shall we keep it, from today?"), coerce=int, widget=RadioList()
    )

    def __init__(self, *args: object, months: Sequence[int], **options: object) -> None:
        super().__init__(*args, **options)
        set_choices(self.fields["months"], month_choices(months))
        self.fields["months"].initial = max(months)


def month_choices(months: Iterable[int]) -> list[tuple[int, str]]:
    """Return the choices of a time."""
    return [(each, gettext("{each} months").format(each=each)) for each in months]


def set_choices(field: forms.Field, choices: Iterable[tuple[object, str]]) -> None:
    """Give a field of a form its choices."""
    if isinstance(field, forms.ChoiceField):
        field.choices = list(choices)


def names_of(targets: Iterable[Target]) -> list[str]:
    """Return the names of the people and teams, as the directory has them now."""
    found = list(targets)
    people = User.objects.filter(pk__in=[t.pk for t in found if t.kind == "person"])
    units = Unit.objects.filter(pk__in=[t.pk for t in found if t.kind == "unit"])
    names = [_person(each) for each in people.select_related("unit").order_by("name")]
    return [
        *names,
        *(gettext("Everyone in {unit}").format(unit=unit) for unit in units.order_by("name")),
    ]


def _person(person: User) -> str:
    return f"{person}, {person.unit}" if person.unit else str(person)


def _value(kind: str, pk: int) -> str:
    return f"{kind}-{pk}"


def _target(value: str) -> Target:
    kind, _, pk = value.partition("-")
    return Target(kind, int(pk))
