"""Form parts: the renderer, dates in three boxes, long text, choices with hints.

Every widget works without script. The markup is in ``templates/forms`` and
``templates/django/forms/widgets`` (GOV.UK Design System; dependencies 4).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from django import forms
from django.forms.renderers import TemplatesSetting
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

LONG_TEXT_LIMIT = 20_000
"""Characters in one piece of long text: about ten printed pages."""

PLAIN_REQUIRED = forms.Field.default_error_messages["required"]
"""Django's own sentence for a missing answer.

A field that has a better sentence keeps it.
"""

ENTER_A_DATE = _("Enter a date")
"""What a day says that was left out; a form adds which day it is."""

PLAIN_INVALID_CHOICE = forms.ChoiceField.default_error_messages["invalid_choice"]
"""Django's own sentence for an answer that is not offered.

It quotes what the browser sent.
"""

CHOOSE_AGAIN = _("This answer cannot be chosen any more. Choose one of those below.")


class Renderer(TemplatesSetting):
    """A form renderer with GOV.UK markup; settings name it as FORM_RENDERER."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"


class FieldOptions(TypedDict, total=False):
    """What a field of a form takes beside what its own class sets."""

    required: bool
    widget: forms.Widget | type[forms.Widget] | None
    label: str | _StrPromise | None
    initial: object
    help_text: str | _StrPromise
    error_messages: Mapping[str, str | _StrPromise]
    disabled: bool


class TextOptions(FieldOptions, total=False):
    """What a field of text takes beside that."""

    max_length: int | None


class BeginsWithTyped(forms.Form):
    """A form that begins with what was typed into it before the language changed.

    `first_button` is the name of the button that Enter presses, where it has one.
    """

    first_button: str = ""

    typed_before: QueryDict | None = None

    def begin_with(self, typed: QueryDict) -> None:
        """Begin with what was typed, if it was typed into this form."""
        seen = {name for name, field in self.fields.items() if not field.widget.is_hidden}
        names = tuple(self.add_prefix(name) for name in seen)
        if any(key.startswith(names) for key in typed):
            self.typed_before = self.data = typed

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> object:
        """Return how a field begins: as it was typed, else as the form says."""
        first = self.base_fields.get(field_name, field)
        is_mark = field.widget.is_hidden and first.initial is not None
        if self.typed_before is None or is_mark:
            return super().get_initial_for_field(field, field_name)
        return field.widget.value_from_datadict(
            self.typed_before, MultiValueDict(), self.add_prefix(field_name)
        )


class PlainForm(BeginsWithTyped):
    """A form that says which question was left out.

    Django would only say "This field is required".
    """

    def __init__(self, *args: object, **options: object) -> None:
        # A form passes on what Django's own takes, and says nothing of it.
        begin: Callable[..., None] = super().__init__
        begin(*args, **options)
        for name, field in self.fields.items():
            if field.error_messages.get("invalid_choice") == PLAIN_INVALID_CHOICE:
                field.error_messages["invalid_choice"] = CHOOSE_AGAIN
            label = str(field.label or name.replace("_", " ").capitalize())
            if field.error_messages.get("required") in (
                PLAIN_REQUIRED,
                ENTER_A_DATE,
            ):
                field.error_messages["required"] = say_missing(field, label)
            if isinstance(field, forms.IntegerField):
                _say_bounds(field)

    def remark(self) -> str:
        """Return what the person is told of answers that were accepted; mostly nothing."""
        return ""


def say_missing(field: forms.Field, label: str) -> str:
    """Return the sentence for a required question that has no answer."""
    if isinstance(field, forms.BooleanField):
        return gettext("Tick the box to go on: {label}").format(label=label)
    if isinstance(field, forms.ChoiceField):
        return gettext("Choose an answer: {label}").format(label=label)
    if isinstance(field, forms.FileField):
        return gettext("Choose a file: {label}").format(label=label)
    if field.error_messages.get("required") is ENTER_A_DATE:
        return gettext("Enter a date: {label}").format(label=label)
    return gettext("Please fill in: {label}").format(label=label)


def _say_bounds(field: forms.IntegerField) -> None:
    """Say in a plain sentence between which numbers an answer must be."""
    if field.min_value is None or field.max_value is None:
        return
    said = gettext("Give a whole number from {least} to {most}.").format(
        least=field.min_value, most=field.max_value
    )
    for code in ("min_value", "max_value"):
        field.error_messages.setdefault(code, said)


class LongText(forms.Textarea):
    """A tall text box for a person's own words.

    With a ``max_length`` on the field, the page shows a character count.
    """

    def __init__(self, attrs: dict[str, object] | None = None, rows: int = 8) -> None:
        super().__init__({"rows": rows, "spellcheck": "true", **(attrs or {})})

    def get_context(
        self, name: str, value: object, attrs: dict[str, object] | None
    ) -> dict[str, object]:
        """Return the context, with the character count described to screen readers."""
        context = super().get_context(name, value, attrs)
        own = context["widget"]["attrs"]
        if own.get("maxlength") and own.get("id"):
            described = [own.get("aria-describedby"), f"{own['id']}-info"]
            own["aria-describedby"] = " ".join(filter(None, described))
        return context


class LongTextField(forms.CharField):
    """Long text in a person's own words, kept as typed apart from blank ends."""

    widget = LongText

    def __init__(
        self, *, max_length: int = LONG_TEXT_LIMIT, **options: Unpack[FieldOptions]
    ) -> None:
        super().__init__(max_length=max_length, **options)


class _Hinted(forms.RadioSelect):
    """Choices with a hint below each; ``hints`` maps a value to its sentence."""

    def __init__(
        self,
        attrs: dict[str, object] | None = None,
        choices: Any = (),
        hints: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(attrs, choices)
        self.hints: dict[str, object] = dict(hints or {})

    def create_option(self, *args: Any, **options: Any) -> dict[str, Any]:
        """Return the option with its hint."""
        option = super().create_option(*args, **options)
        option["hint"] = self.hints.get(str(option["value"]), "")
        return option


class RadioList(_Hinted):
    """A list of radio buttons: one choice from a short list."""


class CheckboxList(_Hinted, forms.CheckboxSelectMultiple):
    """A list of checkboxes: any number of choices from a short list."""


class Confirm(PlainForm):
    """A yes to what was read; one more box for each doubt, and one to leave lines out."""

    def __init__(self, questions: dict[str, str], *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        for name, label in questions.items():
            missing = {"required": f"Tick the box to go on: {label}"}
            self.fields[name] = forms.BooleanField(label=label, error_messages=missing)
