"""Days as people type them: read in one way, or refused in a sentence; never read as another."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import override

from grievances.web.shared.dates import DaysField, GovDateField
from grievances.web.shared.typed_days import read_day

MAY = date(2026, 5, 3)
WELSH = (
    *("3 Mai 2026", "3ydd o Fai 2026", "Dydd Sul, 3 Mai 2026", "dydd Sul 3ydd o Fai 2026"),
    *("Mai 3 2026", "3 o Fai 2026", "Sul 3 Mai 2026", "nos Sul, 3 Mai 2026", "3ydd o fis Mai 2026"),
    *("y 3ydd o Fai 2026", "3 Fai 26"),
)
"""A bilingual person writes either language on a page in either."""
READ = {
    "en-gb": (
        *("3rd of May 2026", "May the 3rd, 2026", "the 3rd May 2026", "Sunday 3 May 2026"),
        *("3/5/26", "3-5-2026", "3.5.2026", "3 5 2026", "2026-05-03", "2026/05/03", "2026.5.3"),
        *("2026 5 3", "3 May 26", "10 am on 3 May 2026", "3\u00a0May\u00a02026"),
        *(
            "3 May 2026 at 3.30pm",
            "15:00 3/5/2026",
            "3 May 2026 (Sunday)",
            "• 3 May 2026",
            "3.5.26",
        ),
        *("3.5.26", "2026-05-03T12:00:00Z", "٣/٥/٢٠٢٦", *WELSH),
    ),
    "cy": (*WELSH, "3 May 2026", "3/5/2026"),
}
REFUSED = (
    *("last Tuesday", "3rd of May", "early June", "mid-June 2026", "June 2026", "yesterday"),
    *("20260503", "03052026", "1 2 3", "26/5/3", "3 May 6", "5 October 226", "31 April 2026"),
    *("29 February 2026", "3 or 4 May 2026", "3–5 May 2026", "week of 5 October 2026"),
    *("before 5 October 2026", "Christmas 2025", "dydd Llun diwethaf", "ddechrau Mehefin"),
    *("5 and 6 October 2026", "5 a 6 Hydref 2026", "1 & 3 October 2026", "3 Mawrth", "٣ مايو ٢٠٢٦"),
    *("Tuesday 3 May 2026", "2 Sat 2026", "2026 Mon 5", "dydd Llun 3 Mai 2026", "Sat 3/5/2026"),
    *("31 June", "31 Mehefin 2026", "dydd Mawrth diwethaf", "5.10", "15:00 3 May"),
)


@pytest.mark.parametrize(("code", "typed"), [(code, one) for code in READ for one in READ[code]])
def test_a_whole_day_is_read(code: str, typed: str) -> None:
    with override(code):
        assert read_day(typed) == MAY


@pytest.mark.parametrize("code", ["en-gb", "cy"])
@pytest.mark.parametrize("typed", REFUSED)
def test_what_is_no_whole_day_is_quoted_in_a_sentence(code: str, typed: str) -> None:
    with override(code), pytest.raises(ValidationError) as refused:
        DaysField(most=10).clean(typed)
    assert typed in refused.value.messages[0]


def test_a_moment_in_utc_is_the_local_day() -> None:
    assert read_day("2026-05-03T23:30:00Z") == date(2026, 5, 4)
    assert read_day("2026-05-03T23:30:00+01:00") == read_day("2026-05-03T23:30") == date(2026, 5, 3)


@pytest.mark.parametrize("month", range(1, 13))
def test_every_day_that_a_page_shows_in_welsh_is_read_again(month: int) -> None:
    day = date(2026, month, 21)
    with override("cy"):
        shown = date_format(day, "j F Y")
        assert read_day(shown) == day
        assert GovDateField().clean(shown.split()) == day
        assert read_day(shown.replace("21", "21ain o")) == day


@pytest.mark.parametrize("code", ["en-gb", "cy"])
@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("dydd Mawrth 17 o Fawrth 2026", date(2026, 3, 17)),
        ("17 Mawrth 2026", date(2026, 3, 17)),
        ("5 Gorff. 2026", date(2026, 7, 5)),
        ("5 Tach 2026", date(2026, 11, 5)),
        ("1 Chwef 2026", date(2026, 2, 1)),
    ],
)
def test_a_welsh_month_is_read_on_a_page_in_any_language(code: str, typed: str, day: date) -> None:
    with override(code):
        assert DaysField(most=10).clean(typed) == [day]


@pytest.mark.parametrize("code", ["en-gb", "cy"])
def test_two_whole_days_in_one_line_are_two_days(code: str) -> None:
    with override(code):
        two = [date(2026, 10, 1), date(2026, 10, 3)]
        assert DaysField(most=10).clean("1 Hydref 2026 a 3 Hydref 2026") == two
        assert DaysField(most=10).clean("1/10/2026 and 3/10/2026") == two


def test_july_is_spelt_as_the_welsh_spell_it() -> None:
    with override("cy"):
        assert date_format(date(2026, 7, 11), "j F Y") == "11 Gorffennaf 2026"
        assert read_day("11eg o Orffennaf 2026") == date(2026, 7, 11)


@pytest.mark.parametrize("month", ["9" * 25, "-1", "13", "0x5", "٩" * 25])
def test_a_month_that_is_no_month_is_refused(month: str) -> None:
    with pytest.raises(ValidationError):
        GovDateField(label="When?").clean(["5", month, "2026"])
