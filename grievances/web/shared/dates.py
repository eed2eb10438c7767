"""Dates as people type them: in three boxes, in numbers or in words."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Unpack

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from grievances.web.shared.fields import ENTER_A_DATE, LongText, TextOptions
from grievances.web.shared.typed_days import in_living_memory, read_day, read_month, read_number

BETWEEN_DAYS = re.compile(r"\s*(?:;|,|\band\b|\bac?\b|&)\s*", re.IGNORECASE)


class GovDate(forms.MultiWidget):
    """A date widget of three boxes: ``<name>_day``, ``_month`` and ``_year``.

    It asks the browser not to suggest earlier answers, because the machine may be shared.
    """

    template_name = "forms/gov_date.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        boxes: dict[str, forms.Widget | type[forms.Widget]] = {
            "day": forms.TextInput(self._box(_("Day"), 2)),
            "month": forms.TextInput(self._box(_("Month"), 2)),
            "year": forms.TextInput(self._box(_("Year"), 4)),
        }
        super().__init__(boxes, attrs)

    @staticmethod
    def _box(label: object, width: int) -> dict[str, object]:
        return {
            "label": label,
            "class": f"govuk-date-input__input govuk-input--width-{width}",
            "inputmode": "numeric",
            "autocomplete": "off",
        }

    def decompress(self, value: object) -> list[object]:
        """Return a date as [day, month, year], or three empty texts."""
        if isinstance(value, date):
            return [value.day, value.month, value.year]
        return ["", "", ""]


class GovDateField(forms.Field):
    """A calendar date (local) typed as day, month and year.

    Its value is a ``date`` or ``None``. A month may be typed as a number or by its name. Each
    mistake has a sentence of its own.
    """

    widget = GovDate
    default_error_messages = {
        "required": ENTER_A_DATE,
        "incomplete": _("The date must have a day, a month and a year, such as 27 3 2026"),
        "words": _(
            "We could not read “%(typed)s” as a day. The date must have a day, a month and a year, "
            "such as 27 3 2026"
        ),
        "invalid": _("Enter a real date, such as 27 3 2026"),
        "short_year": _("The year must have 4 numbers, as in 27 3 2026"),
    }

    def to_python(self, value: Any) -> date | None:
        """Return the date, or None when all boxes are empty.

        Raises:
            ValidationError: With a sentence of its own for a missing part, a short year, or a date
                that does not exist.
        """
        if value is None or isinstance(value, date):
            return value
        parts = [str(part or "").strip() for part in value]
        if not any(parts):
            return None
        if not all(parts):
            return self._whole(parts)
        day, month, year = parts
        if len(year) != 4 or not year.isdecimal():
            raise self._mistake("short_year")
        try:
            return in_living_memory(date(int(year), read_month(month), read_number(day)))
        except ValueError as error:
            raise self._mistake("invalid") from error

    def _whole(self, parts: list[str]) -> date:
        """Return the whole date that was typed into one of the boxes.

        Raises:
            ValidationError: When it is none.
        """
        typed = [part for part in parts if part]
        try:
            if len(typed) == 1:
                return read_day(typed[0])
        except ValueError:
            pass
        if len(typed) == 1 and not typed[0].isdecimal():
            raise self._mistake("words", typed=shortened(typed[0]))
        raise self._mistake("incomplete")

    def _mistake(self, code: str, **params: str) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params=params)


def shortened(text: str, most: int = 60) -> str:
    """Return a text for quoting, cut after `most` characters."""
    line = text.strip()
    return line if len(line) <= most else f"{line[:most]}..."


class DaysField(forms.CharField):
    """Several calendar dates (local), one a line, typed in words or numbers.

    Its value is a sorted list of ``date``. Nothing that was typed is lost with a mistake.
    """

    def __init__(self, *, most: int, rows: int = 4, **options: Unpack[TextOptions]) -> None:
        self.most = most
        options.setdefault("max_length", 4_000)
        options["widget"] = LongText({"spellcheck": "false"}, rows=rows)
        super().__init__(**options)

    def prepare_value(self, value: object) -> object:
        """Return the days as lines in words; typed text stays as it is."""
        if isinstance(value, list | tuple):
            return "\n".join(date_format(day, "j F Y") for day in value)
        return value

    def to_python(self, value: object) -> Any:
        """Return the days, each once, in order.

        Raises:
            ValidationError: With one sentence that quotes the first line that is no day.
        """
        text = str(super().to_python(value) or "")
        days = {day for line in text.splitlines() if line.strip() for day in self._days(line)}
        if len(days) > self.most:
            raise ValidationError(
                gettext(
                    "You can give up to {most} days. Put the other days in your own words."
                ).format(most=self.most)
            )
        return sorted(days)

    def run_validators(self, value: object) -> None:
        """Check nothing more: the validators of texts do not fit days."""

    @staticmethod
    def _days(line: str) -> list[date]:
        for texts in ([line], BETWEEN_DAYS.split(line.strip())):
            try:
                return [read_day(text) for text in texts if text]
            except ValueError:
                continue
        raise ValidationError(
            gettext(
                "We could not read “{short}” as a day. Write each day like 5 October 2026. If you "
                "do not know the day, leave it out."
            ).format(short=shortened(line))
        )


def refuse_future(days: list[date], today: date) -> None:
    """Refuse a day after today.

    Raises:
        ValidationError: With a sentence that names the first such day.
    """
    later = [day for day in days if day > today]
    if later:
        raise ValidationError(
            gettext("{later} has not come yet. Give only days on which it has happened.").format(
                later=date_format(later[0], "j F Y")
            )
        )
