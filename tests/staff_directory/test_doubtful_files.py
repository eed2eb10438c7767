"""Files that could be read in two ways, or in part: said in a sentence, no one is lost by it."""

from __future__ import annotations

from datetime import date

import pytest

from grievances.people.models import User
from grievances.staff_directory.imports import Doubt, ImportRefused
from grievances.staff_directory.plan import Change
from grievances.staff_directory.reports import sentences
from grievances.staff_directory.staff_file.dates import DateRefused, read_date
from grievances.staff_directory.staff_file.layout import Layout, find_columns
from grievances.staff_directory.staff_file.tables import FileRefused, read_table
from tests.factories.people import Staff
from tests.staff_directory.files import as_csv
from tests.staff_directory.test_imports import HEADINGS, done, people, state, tried


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("Line manager", "manager"), ("Manager ID", "manager"), ("Reports to", "manager"),
        ("Team", "unit"), ("Department", "unit"), ("End date", "left"), ("Pay band", "grade"),
        ("Work email", "email"), ("Roles", "offices"), ("Training", "certificates"),
        ("Full name", "name"), ("Staff number", "username"),
    ],
)  # fmt: skip
def test_two_columns_of_one_meaning_are_not_left_unread(
    staff: Staff, heading: str, meaning: str
) -> None:
    """Neither was read before, so that no line changed and no one left, and nothing was said."""
    lines = people()
    lines[0].append(heading)
    for line in lines[1:]:
        line.append("x")
    with pytest.raises(FileRefused, match=f"Several columns.*{meaning}.*layout"):
        tried(lines)
    columns = ('"username": "User name", "name": "Name"', f'"{meaning}": "{heading}"')
    if heading not in HEADINGS and meaning not in ("username", "name"):
        layout = Layout.read(f'{{"columns": {{{", ".join(columns)}}}}}')
        assert find_columns(read_table(as_csv(lines)), layout).places[meaning] == (9,)


def test_a_column_that_no_one_knows_is_named(staff: Staff) -> None:
    lines = people()
    lines[0][5] = "Supervisor"
    said = [each for each in sentences(tried(lines)) if "read" in each]
    assert said == ["Columns that are not read: supervisor. Name them in a layout if they matter."]
    assert not [each for each in sentences(tried(people())) if "read" in each]


def test_the_headings_again_on_each_page_are_no_person(staff: Staff) -> None:
    lines = people()
    lines[8:8] = [list(HEADINGS)]
    assert tried(lines).refused == []


@pytest.mark.parametrize("form", ['="{}"', "'{}", " {}\u00a0"])
def test_a_user_name_that_was_forced_to_be_text_is_read(staff: Staff, form: str) -> None:
    lines = people()
    for line in lines[1:]:
        line[0], line[5] = form.format(line[0]), line[5] and form.format(line[5])
    report = tried(lines)
    assert (report.people, report.refused) == (0, [])


@pytest.mark.parametrize("spoilt", ["1.2E+05", "staff 1", "", "=A1"])
def test_no_one_leaves_because_their_own_line_is_spoilt(staff: Staff, spoilt: str) -> None:
    """A refused line may be about the very person who is not in the file."""
    lines = people(staff1={"User name": spoilt})
    report = tried(lines)
    assert report.kinds == {Change.LEFT: 1}
    assert report.doubts == (Doubt.LOST_LINE,)
    before = state()
    with pytest.raises(ImportRefused, match="may be about someone who would be gone"):
        done(lines, skip_refused=True)
    assert state() == before
    done(lines, skip_refused=True, confirmed=frozenset({Doubt.LOST_LINE}))
    assert not User.objects.get(username="staff1").is_active


@pytest.mark.parametrize(
    "last", [["Total", "", ""], ["", "", "24"], ["Report run on 1 December 2026", "", ""]]
)
def test_a_line_of_totals_keeps_no_one_from_leaving(staff: Staff, last: list[object]) -> None:
    lines = [*people(staff1=None), last + [""] * 6]
    report = tried(lines)
    assert [each.reason for each in report.refused] == ["no name"]
    assert report.doubts == ()


@pytest.mark.parametrize(
    "name", ["Zo\ufffd Hall", "Zo? Hall", "ZoÃ« Hall", "Oâ€™Neill", "SiÃ¢n Rhys", "MÃ¼ller"]
)
def test_a_name_whose_letters_were_lost_is_refused(staff: Staff, name: str) -> None:
    """A person who is named in a concern is found by the letters of the name."""
    [refused] = tried(people(staff1={"Name": name})).refused
    assert "letters were lost" in refused.reason


@pytest.mark.parametrize("name", ["Zoë Hall", "Siân Rhys", "João Ávila", "Ãngela Sá", "Nguyễn Ân"])
def test_a_name_with_accents_is_none_of_these(staff: Staff, name: str) -> None:
    assert tried(people(staff1={"Name": name})).refused == []


@pytest.mark.parametrize(
    "never",
    [
        "31/12/9999", "31.12.9999", "9999-12-31", "31/12/4712", "00/00/0000", "n/a", "None",
        "31-Dec-9999", "9999-12-31T00:00:00", "99991231", "31-Dec-4712", "31/12/2999",
    ],
)  # fmt: skip
def test_what_an_hr_system_writes_for_no_last_day_is_no_last_day(staff: Staff, never: str) -> None:
    report = tried(people(staff1={"Leaving date": never}))
    assert (report.people, report.refused) == (0, [])


def test_the_number_of_a_day_is_told_from_words() -> None:
    for number in ("46371", "1", "99999"):
        with pytest.raises(DateRefused, match="not a date"):
            read_date(number, day_first=True)
    with pytest.raises(DateRefused, match="format the column as dates"):
        read_date("46371", day_first=True)
    assert read_date(date(2026, 12, 15), day_first=None) == date(2026, 12, 15)


@pytest.mark.parametrize("other", ["staff2", "newone"])
def test_an_address_of_two_accounts_is_remarked(staff: Staff, other: str) -> None:
    """A link for a first password would come to both of them."""
    both: dict[str, dict[str, object] | None] = {
        "staff1": {"Email": "Same@example.org"},
        other: {"Email": "same@Example.org"},
    }
    lines = people(**both)
    comments = tried(lines).comments
    assert len(comments) == 2
    assert all("another account has too" in each.reason for each in comments)
    User.objects.filter(username="companion1").update(email="left@example.org", is_active=False)
    lines = people(staff9={"Email": "left@example.org"})
    assert len(tried(lines).comments) == 1
    assert tried(people()).comments == []
