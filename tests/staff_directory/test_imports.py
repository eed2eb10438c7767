"""A file of people against the directory: what is new, changed, gone, refused, and what follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from grievances.audit.models import SERVICE, Event
from grievances.cases.access import rules
from grievances.cases.models.assignments import holders
from grievances.people.models import Appointment, LineManagement, Training, Unit, User
from grievances.staff_directory import imports
from grievances.staff_directory.comparison import Choices
from grievances.staff_directory.imports import Doubt, Import, ImportRefused, Report
from grievances.staff_directory.plan import Change
from grievances.staff_directory.reports import sentences
from grievances.staff_directory.staff_file.layout import Layout
from grievances.staff_directory.staff_file.rows import Refusal
from grievances.staff_directory.staff_file.tables import FileRefused
from grievances.vocabulary import Office, Role
from tests.factories import cases
from tests.factories.cases import START
from tests.factories.people import Staff
from tests.staff_directory.files import as_csv

TODAY = START.date()
HEADINGS = [
    "User name", "Name", "Email", "Unit", "Grade", "Line manager", "Offices", "Certificates",
    "Leaving date",
]  # fmt: skip
DAY_FIRST = Layout(day_first=True)


def people(**changed: dict[str, object] | None) -> list[list[object]]:
    """The directory as a file, with these people changed; None leaves a person out."""
    lines: list[list[object]] = [list(HEADINGS)]
    rows = User.objects.filter(is_active=True).order_by("pk")
    for person in rows.prefetch_related("managed_by__manager", "appointments", "training"):
        if changed.get(person.username, {}) is None:
            del changed[person.username]
            continue
        assert person.unit
        line = {
            "User name": person.username,
            "Name": person.name,
            "Email": person.email,
            "Unit": person.unit.code,
            "Grade": f"Band {person.grade}",
            "Line manager": "".join(each.manager.username for each in person.managed_by.all()),
            "Offices": "; ".join(
                each.office for each in person.appointments.all() if each.office != "directory"
            ),
            "Certificates": "; ".join(
                f"{each.certificate} from {each.issued_on:%d/%m/%Y} to {each.expires_on:%d/%m/%Y}"
                for each in person.training.all()
            ),
            "Leaving date": "",
        }
        lines.append(list((line | (changed.pop(person.username, {}) or {})).values()))
    for username, more in changed.items():
        blank: dict[str, object] = dict.fromkeys(HEADINGS, "")
        lines.append(
            list((blank | {"User name": username, "Name": username.title(), "Unit": "HULL"}
                  | (more or {})).values())
        )  # fmt: skip
    return lines


def job(lines: list[list[object]], **more: Any) -> Import:
    options: dict[str, Any] = {"layout": DAY_FIRST, "exported_on": TODAY} | more
    return Import(content=as_csv(lines), **options)


def tried(lines: list[list[object]], **more: Any) -> Report:
    return imports.dry_run(job(lines, **more), now=START)


def done(lines: list[list[object]], **more: Any) -> Report:
    return imports.apply(job(lines, **more), actor="system", now=START)


def state() -> list[object]:
    """Everything an import can change."""
    tables: tuple[Any, ...] = (User, Unit, LineManagement, Appointment, Training, Event)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def test_the_file_of_the_directory_itself_changes_nothing(staff: Staff) -> None:
    report = done(people())
    assert (report.people, report.refused) == (0, [])
    assert report.unchanged == len(staff.people)


def test_a_dry_run_says_what_is_done_and_changes_nothing(staff: Staff) -> None:
    lines = people(
        staff1={"Name": "Priya Menon", "Unit": "HULL"},
        staff2={"Grade": "4", "Line manager": "director"},
        companion1=None,
        newone={"Line manager": "linemanager1", "Offices": "Triage officer from 1 March 2026",
                "Certificates": "TRIAGE to 31/12/2027, RACE-CORE to 31/12/2027"},
        complainant2={"Leaving date": "yes"},
    )  # fmt: skip
    before = state()
    report = tried(lines)
    assert state() == before
    assert report.kinds == {
        Change.ADDED: 1, Change.NAME: 1, Change.UNIT: 1, Change.GRADE: 1, Change.LINE: 2,
        Change.LEFT: 2, Change.OFFICE: 1, Change.CERTIFICATE: 1,
    }  # fmt: skip
    assert done(lines) == report
    new = User.objects.get(username="newone")
    assert new.holds(Office.TRIAGE, TODAY)
    assert not new.has_usable_password()
    assert new.training.count() == 2
    assert [line.manager.username for line in new.managed_by.all()] == ["linemanager1"]
    assert not User.objects.get(username="companion1").is_active
    assert tried(lines).people == 0


def test_every_change_is_an_event_without_a_name(staff: Staff) -> None:
    done(people(staff1={"Name": "Priya Menon"}, companion1=None))
    events = Event.objects.filter(chain=SERVICE, kind="directory.changed")
    assert sorted(event.data["what"] for event in events) == [["left"], ["name"]]
    said = str(list(Event.objects.filter(kind__startswith="directory.").values()))
    assert not any(word in said for word in ("Priya", "staff1", "companion1", "Staff 1"))
    assert Event.objects.filter(kind="directory.imported").get().data["people"] == 2


def test_a_leaver_who_is_still_named_as_a_line_manager_is_reported(staff: Staff) -> None:
    by_the_file = people(linemanager1={"Leaving date": "yes"})
    named = [at for at, line in enumerate(by_the_file, 1) if line[5] == "linemanager1"]
    report = tried(by_the_file)
    assert named
    assert [each.line for each in report.comments] == named
    assert "has left" in report.comments[0].reason
    assert report.refused == []
    said = [text for text in sentences(report) if text.startswith("Taken, but line")]
    assert len(said) == 1
    assert str(named[0]) in said[0]
    done(people(linemanager1={"Leaving date": "yes"}))
    again = people(staff1={"Line manager": "linemanager1"})
    assert [each.line for each in tried(again).comments] == [
        at for at, line in enumerate(again, 1) if line[5] == "linemanager1"
    ]
    returned = people(staff1={"Line manager": "linemanager1"}, linemanager1={})
    assert tried(returned).comments == []


REFUSED: list[tuple[str, dict[str, object]]] = [
    ("an unknown line manager", {"Line manager": "no.one"}),
    ("manage each other in turn", {"Line manager": "staff1"}),
    ("an unknown unit", {"Unit": "ATLANTIS"}),
    ("no unit", {"Unit": ""}),
    ("an unknown office: known are triage, handler", {"Offices": "Wizard"}),
    ("an unknown certificate: known are RACE-CORE", {"Certificates": "MAGIC to 1 May 2027"}),
    ("a certificate without an end", {"Certificates": "TRIAGE"}),
    ("two digits", {"Certificates": "TRIAGE to 31/12/27"}),
    ("two digits", {"Leaving date": "31/12/25"}),
    ("not a date", {"Leaving date": "soon"}),
    ("last day is before the first", {"Offices": "lead from 2 May 2026 to 1 May 2026"}),
    ("an administrator appoints", {"Offices": "directory"}),
    ("no name", {"Name": "-"}),
    ("not an email address", {"Email": "not one"}),
    ("not one number", {"Grade": "senior"}),
    ("the same office twice", {"Offices": "lead; Casework lead"}),
]


@pytest.mark.parametrize(("reason", "change"), REFUSED)
def test_a_refused_line_has_its_number_and_reason_and_stops_the_import(
    staff: Staff, reason: str, change: dict[str, object]
) -> None:
    lines = people(staff1=change, staff2={"Grade": "5"})
    number = next(at for at, line in enumerate(lines, 1) if line[0] == "staff1")
    [refusal] = tried(lines).refused
    assert refusal.line == number
    assert reason in refusal.reason
    before = state()
    with pytest.raises(ImportRefused):
        done(lines)
    assert state() == before
    assert done(lines, skip_refused=True).kinds == {Change.GRADE: 1}
    assert User.objects.get(username="staff1").is_active


def test_a_duplicate_is_refused_in_both_lines(staff: Staff) -> None:
    lines = people()
    lines.append(list(lines[-1]))
    lines[-1][0] = str(lines[-1][0]).upper()
    found = tried(lines).refused
    assert [each.line for each in found] == [len(lines) - 1, len(lines)]
    assert done(lines, skip_refused=True).people == 0


def test_managers_in_a_circle_are_refused_and_those_below_them_are_not(staff: Staff) -> None:
    lines = people(
        director={"Line manager": "staff2"},
        staff2={"Line manager": "staff1"},
        staff1={"Line manager": "linemanager1"},
        companion1={"Line manager": "staff1"},
    )
    assert len(tried(lines).refused) == 4
    done(lines, skip_refused=True)
    assert {line.manager.username for line in staff["companion1"].managed_by.all()} == {"staff1"}


def test_a_manager_whose_own_line_is_refused_is_unknown(staff: Staff) -> None:
    lines = people(boss={"Unit": "ATLANTIS"}, worker={"Line manager": "boss"})
    assert [each.reason for each in tried(lines).refused] == [
        "an unknown unit", "an unknown line manager",
    ]  # fmt: skip


def test_a_manager_may_be_given_by_a_name_that_one_person_has(staff: Staff) -> None:
    done(people(staff1={"Line manager": "Director "}, staff2={"Line manager": "Handler 1"}))
    assert staff["staff2"].managed_by.get().manager == staff["handler1"]
    User.objects.filter(username="handler2").update(name="Handler 1")
    [refusal] = tried(people(companion1={"Line manager": "Handler 1"})).refused
    assert "several people" in refusal.reason


def test_units_are_added_only_when_asked_and_moved_to_their_division(staff: Staff) -> None:
    lines = people(staff1={"Unit": "GLASGOW"})
    lines[0] += ["Region", "Division"]
    for line in lines[1:]:
        line += ["NORTH", "Scotland"] if line[3] in ("GLASGOW", "HULL") else ["", ""]
    assert "unknown unit" in tried(lines).refused[0].reason
    kept, lines[1][-2] = lines[1][-2], "North West"
    assert "an unknown region: known are NORTH, MIDLANDS" in tried(lines).refused[0].reason
    lines[1][-2] = kept
    report = done(lines, choices=Choices(new_units=True))
    assert (report.new_units, report.changed_units) == (1, 1)
    assert Unit.objects.get(code="GLASGOW").division == "SCT"
    assert Unit.objects.get(code="HULL").division == "SCT"


def test_a_new_manager_is_kept_out_of_an_open_case_at_once(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    assert rules.allows(staff["triage1"], "read_account", case)
    lines = people(complainant1={"Line manager": "triage1"})
    assert tried(lines).effects.newly_conflicted == 1
    assert rules.allows(staff["triage1"], "read_account", case)
    assert done(lines).effects.newly_conflicted == 1
    assert not rules.allows(staff["triage1"], "read", case)
    assert case.pending_readers.exists() or holders(case, Role.TRIAGE).exists()


def test_a_manager_far_above_is_kept_out_too(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    done(people(director={"Line manager": "triage1"}))
    assert not rules.allows(staff["triage1"], "read", case)


def test_a_leaver_loses_every_part_and_does_not_get_it_back_by_returning(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    report = done(people(handler1=None))
    assert report.effects.parts_ended == 1
    assert not rules.allows(staff["handler1"], "read", case)
    back = done(people(handler1={"Name": "Handler 1", "Unit": "BATH"}))
    assert back.kinds[Change.RETURNED] == 1
    person = User.objects.get(username="handler1")
    assert person.is_active
    assert not person.holds(Office.HANDLER, TODAY)


def test_the_former_manager_stays_a_conflict(staff: Staff) -> None:
    done(people(complainant1={"Line manager": "staff2"}))
    former = staff["complainant1"].managed_by.get(manager=staff["linemanager1"])
    assert former.to_date == TODAY - timedelta(days=1)


def test_a_certificate_that_is_renewed_withdrawn_or_suspended(staff: Staff) -> None:
    renewed = "RACE-CORE to 31/12/2036; INVESTIGATE to 31/12/2037"
    done(people(handler1={"Certificates": renewed}, decider1={"Certificates": ""}))
    ends = staff["handler1"].training.filter(certificate="INVESTIGATE").order_by("expires_on")
    assert ends.last().expires_on == date(2037, 12, 31)  # type: ignore[union-attr]
    assert all(each.suspended for each in staff["decider1"].training.all())


def test_people_outside_the_payroll_are_not_gone(staff: Staff) -> None:
    Appointment.objects.create(person=staff["staff2"], office=Office.DIRECTORY, from_date=TODAY)
    assert tried(people(independent1=None, staff2=None)).people == 0


def test_the_person_who_imports_cannot_change_what_they_hold(staff: Staff) -> None:
    lines = people(staff1={"Offices": "triage", "Certificates": "TRIAGE to 1 May 2030"})
    done(lines, choices=Choices(own="staff1"))
    assert not staff["staff1"].appointments.exists()


def test_an_old_file_and_one_in_which_many_are_gone_are_confirmed_again(staff: Staff) -> None:
    few = people(**{name: None for name in list(staff.people)[:8] if name != "director"})
    for line in few[1:]:
        line[5] = ""
    old = TODAY - timedelta(days=31)
    assert tried(few, exported_on=old).doubts == (Doubt.OLD_FILE, Doubt.MANY_GONE)
    assert tried(people(), exported_on=TODAY - timedelta(days=30)).doubts == ()
    for confirmed in ((), (Doubt.OLD_FILE,), (Doubt.MANY_GONE,)):
        before = state()
        with pytest.raises(ImportRefused):
            done(few, exported_on=old, confirmed=frozenset(confirmed))
        assert state() == before
    assert done(few, exported_on=old, confirmed=frozenset(Doubt)).kinds[Change.LEFT] == 7


def test_a_file_with_some_of_the_people_closes_no_one(staff: Staff) -> None:
    lines = [*people()[:1], *people(newone={})[-1:]]
    assert tried(lines, choices=Choices(keep_missing=True)).kinds == {Change.ADDED: 1}


def test_a_file_from_tomorrow_is_refused(staff: Staff) -> None:
    with pytest.raises(FileRefused):
        tried(people(), exported_on=TODAY + timedelta(days=1))


def test_the_command_prints_counts_and_lines_and_keeps_the_layout(
    staff: Staff, tmp_path: Path
) -> None:
    path, layout, said = tmp_path / "people.csv", tmp_path / "layout.json", StringIO()
    path.write_bytes(as_csv(people(staff1={"Name": "Priya Menon"}, staff2={"Unit": "ATLANTIS"})))
    layout.write_text('{"dates": "day first"}', encoding="utf-8")
    call_command("import_directory", str(path), "--layout", str(layout), stdout=said)
    assert "1 changed names" in said.getvalue()
    assert "an unknown unit." in said.getvalue()
    assert "Priya" not in said.getvalue()
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("import_directory", str(path), "--apply", stdout=said)
    call_command("import_directory", str(path), "--apply", "--skip-refused", stdout=said)
    assert User.objects.get(username="staff1").name == "Priya Menon"


def test_the_command_says_each_reason_once_with_its_lines(staff: Staff) -> None:
    refused = [Refusal(line, "no name") for line in range(2, 25)]
    refused.insert(1, Refusal(3, "no user name"))
    said = sentences(replace(tried(people()), refused=refused))
    numbers = ", ".join(map(str, range(2, 22)))
    assert said[-2:] == [f"Lines {numbers} and 3 more: no name.", "Line 3: no user name."]
