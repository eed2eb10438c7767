"""Files of days off: all of a file or nothing, and a fault with its line and reason."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from grievances.audit.models import Event
from workflow.models import Holiday

HEAD = "division,day,name\n"


def load(tmp_path: Path, text: str, *more: str) -> str:
    path = tmp_path / "days.csv"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    out = StringIO()
    call_command("load_holidays", str(path), *more, stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("policies")
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("day,name\n", "line 1: the columns are division,day,name"),
        ("", "line 1: the columns are division,day,name"),
        (HEAD + "SCT,2026-06-31,X\n", "line 2: '2026-06-31' is not a date"),
        (HEAD + "SCT,15/06/2031,X\n", "line 2: '15/06/2031' is not a date"),
        (HEAD + "SCT,2031-06-16,X\nFRA,2031-06-17,X\n", "line 3: 'FRA' is not one of ENG_WLS"),
        (HEAD + "SCT,2031-06-16,X\n\nSCT,2031-06-16,Y\n", "line 4: 2031-06-16 is there twice"),
        (
            HEAD + "ALL,2031-06-16,X\nNIR,2031-06-16,Y\n",
            "line 3: 2031-06-16 is there twice for NIR",
        ),
        (HEAD + "SCT,2031-06-16\n", "line 2: the name has between 1 and 100"),
        (HEAD + f"SCT,2031-06-16,{'x' * 101}\n", "line 2: the name has between 1 and 100"),
        (HEAD + "SCT,2031-06-16,\x07\n", "line 2: the name has between 1 and 100"),
        (HEAD + "SCT,2031-06-16,\udcff\n", "cannot be read"),
        (HEAD + 'SCT,2031-06-16,"open\n', "cannot be read"),
        (HEAD + "SCT,2036-06-16,X\n", "SCT 2036 has 1 of its bank holidays"),
    ],
)
def test_a_faulty_file_loads_nothing(tmp_path: Path, text: str, reason: str) -> None:
    before = Holiday.objects.count(), Event.objects.count()
    with pytest.raises(CommandError, match=reason.replace("(", r"\(")):
        load(tmp_path, text)
    assert (Holiday.objects.count(), Event.objects.count()) == before


@pytest.mark.usefixtures("policies")
def test_days_of_closing_are_for_one_place_or_all(tmp_path: Path) -> None:
    said = load(tmp_path, HEAD + "ALL,2036-06-16,Privilege day\nSCT,2031-06-17,X\n", "--closed")
    assert said == "4 days of closing added, 0 dates moved later.\n"
    assert Holiday.objects.filter(kind=Holiday.Kind.CLOSURE).count() == 4
    said = load(tmp_path, HEAD + "ALL,2036-06-16,Privilege day\n", "--closed")
    assert said.startswith("0 days")


@pytest.mark.usefixtures("policies")
def test_closing_without_a_file_is_refused() -> None:
    with pytest.raises(CommandError, match="needs a file"):
        call_command("load_holidays", "--closed")


@pytest.mark.usefixtures("db")
def test_a_whole_year_lengthens_the_calendar_and_the_first_load_leaves_no_mark() -> None:
    call_command("load_holidays", stdout=StringIO())
    assert not Holiday.objects.filter(known_from__isnull=False).exists()
