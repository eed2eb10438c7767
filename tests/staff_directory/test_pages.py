"""The pages on which the directory is kept: for its keepers alone, and by the rules of a file."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grievances.audit.models import Event
from grievances.cases.access import rules
from grievances.people.models import Appointment, LineManagement, User
from grievances.staff_directory.models import WaitingFile
from grievances.vocabulary import Office
from tests.factories import cases
from tests.factories.people import Staff
from tests.signing_in import sign_in
from tests.staff_directory.files import as_csv
from tests.staff_directory.test_imports import TODAY, people

PAGES = ("/directory/", "/directory/file/", "/directory/file/check/")


@pytest.fixture
def keeper(staff: Staff) -> Client:
    Appointment.objects.create(person=staff["staff2"], office=Office.DIRECTORY, from_date=TODAY)
    return sign_in(Client(), staff, "staff2")


def entry(person: User, change: str = "") -> str:
    return f"/directory/people/{person.pk}/{change + '/' if change else ''}"


def upload(client: Client, content: bytes, *, day: object = TODAY, part: str = "all") -> str:
    answer = client.post(
        "/directory/file/",
        {
            "file": SimpleUploadedFile("people.csv", content),
            **{f"exported_on_{at}": n for at, n in zip(
                ("day", "month", "year"), f"{day:%d %m %Y}".split(), strict=True)},
            "part": part,
        },
    )  # fmt: skip
    return answer.content.decode() if answer.status_code == 422 else answer["Location"]


def date_boxes(name: str, text: str) -> dict[str, str]:
    return dict(zip((f"{name}_day", f"{name}_month", f"{name}_year"), text.split(), strict=True))


@pytest.mark.parametrize("who", ["admin1", "lead1", "dpo1", "triage1", "analyst1", "staff1"])
def test_for_everyone_else_the_directory_does_not_exist(staff: Staff, who: str) -> None:
    client = sign_in(Client(), staff, who)
    for page in (*PAGES, entry(staff["staff1"]), entry(staff["staff1"], "details")):
        assert client.get(page).status_code == 404, page
    assert client.post("/directory/", {"typed": "staff"}).status_code == 404
    assert client.post(entry(staff["staff1"], "leave"), {"sure": "on"}).status_code == 404
    assert client.post("/directory/file/", {"part": "all"}).status_code == 404
    assert User.objects.get(username="staff1").is_active


def test_a_keeper_with_another_office_keeps_nothing(staff: Staff) -> None:
    Appointment.objects.create(person=staff["lead1"], office=Office.DIRECTORY, from_date=TODAY)
    client = sign_in(Client(), staff, "lead1")
    assert client.get("/directory/").status_code == 404


def test_a_keeper_sees_no_case(staff: Staff, keeper: Client) -> None:
    case = cases.in_investigation(staff)
    assert keeper.get(f"/cases/{case.reference}/").status_code == 404
    assert case.reference not in keeper.get("/cases/").content.decode()
    assert not rules.allows(staff["staff2"], "read", case)


def test_a_person_is_found_and_their_unit_and_grade_changed(staff: Staff, keeper: Client) -> None:
    found = keeper.post("/directory/", {"typed": "complainant2"}).content.decode()
    assert entry(staff["complainant2"]) in found
    assert "Complainant 2" in keeper.get(entry(staff["complainant2"])).content.decode()
    page = entry(staff["complainant2"], "details")
    said = {"name": "Anna Bell", "email": "", "unit": "hull", "grade": "5"}
    assert keeper.post(page, said).status_code == 302
    person = User.objects.get(username="complainant2")
    assert (person.name, str(person.unit), person.grade) == ("Anna Bell", "Hull", 5)
    event = Event.objects.get(kind="directory.changed")
    assert event.data == {"what": ["email", "grade", "name", "unit"]}
    assert event.actor not in ("system", "")


def test_a_new_line_manager_is_kept_out_of_open_cases_at_once(staff: Staff, keeper: Client) -> None:
    case = cases.acknowledged(staff)
    page = entry(staff["complainant1"], "manager")
    wrong = keeper.post(page, {"manager": "no.one"})
    assert wrong.status_code == 422
    assert "unknown line manager" in wrong.content.decode()
    assert 'value="no.one"' in wrong.content.decode()
    assert keeper.post(page, {"manager": "triage1"}).status_code == 302
    assert not rules.allows(staff["triage1"], "read", case)
    assert LineManagement.objects.filter(person=staff["complainant1"]).count() == 2


def test_a_leaver_loses_their_parts_and_can_come_back_without_them(
    staff: Staff, keeper: Client
) -> None:
    case = cases.in_investigation(staff)
    assert keeper.post(entry(staff["handler1"], "leave"), {}).status_code == 422
    assert keeper.post(entry(staff["handler1"], "leave"), {"sure": "on"}).status_code == 302
    assert not User.objects.get(username="handler1").is_active
    assert not rules.allows(staff["handler1"], "read", case)
    assert keeper.post(entry(staff["handler1"], "details"), {}).status_code == 404
    assert keeper.post(entry(staff["handler1"], "return"), {"sure": "on"}).status_code == 302
    person = User.objects.get(username="handler1")
    assert person.is_active
    assert not person.holds(Office.HANDLER, TODAY)


def test_an_office_begins_and_ends_and_a_certificate_is_renewed(
    staff: Staff, keeper: Client
) -> None:
    person = staff["staff1"]
    assert keeper.post(entry(person, "appoint"), {"office": "handler"}).status_code == 302
    assert User.objects.get(pk=person.pk).holds(Office.HANDLER, TODAY)
    dates = date_boxes("begins", "1 10 2026") | date_boxes("ends", "30 9 2028")
    page = entry(person, "certificate")
    assert keeper.post(page, {"certificate": "INVESTIGATE", **dates}).status_code == 302
    assert person.training.filter(certificate="INVESTIGATE").count() == 1
    backwards = date_boxes("begins", "1 10 2028") | date_boxes("ends", "30 9 2026")
    assert keeper.post(page, {"certificate": "INVESTIGATE", **backwards}).status_code == 422
    assert keeper.post(entry(person, "end-office"), {"office": "handler"}).status_code == 302
    assert not User.objects.get(pk=person.pk).holds(Office.HANDLER, TODAY)
    again = keeper.post(entry(person, "appoint"), {"office": "handler"})
    assert again.status_code == 302
    assert User.objects.get(pk=person.pk).holds(Office.HANDLER, TODAY)


def test_keepers_change_neither_their_own_entry_nor_who_keeps_the_directory(
    staff: Staff, keeper: Client
) -> None:
    own = keeper.post(entry(staff["staff2"], "appoint"), {"office": "triage"})
    assert own.status_code == 422
    assert "your own entry" in own.content.decode()
    page = entry(staff["staff1"], "appoint")
    assert keeper.post(page, {"office": "directory"}).status_code == 422
    assert not staff["staff1"].appointments.exists()


def test_a_file_is_checked_and_imported_only_after_a_yes(staff: Staff, keeper: Client) -> None:
    content = as_csv(people(staff1={"Name": "Priya Menon"}, companion1={"Unit": "ATLANTIS"}))
    content = content.replace(b"02/01/2012", b"2012-01-02")
    assert upload(keeper, content) == "/directory/file/check/"
    assert b"Priya" not in bytes(WaitingFile.objects.get().sealed)
    page = keeper.get("/directory/file/check/").content.decode()
    assert "an unknown unit." in page
    assert User.objects.get(username="staff1").name == "Staff 1"
    assert keeper.post("/directory/file/check/", {"sure": "on"}).status_code == 422
    yes = {"sure": "on", "skip_refused": "on"}
    assert keeper.post("/directory/file/check/", yes).status_code == 302
    assert User.objects.get(username="staff1").name == "Priya Menon"
    assert not WaitingFile.objects.exists()
    assert keeper.get("/directory/file/check/")["Location"] == "/directory/file/"


def test_an_old_file_is_confirmed_a_second_time(staff: Staff, keeper: Client) -> None:
    content = as_csv(people(staff1={"Name": "Priya Menon"})).replace(b"02/01/2012", b"2012-01-02")
    upload(keeper, content, day=TODAY - timedelta(days=365))
    assert keeper.post("/directory/file/check/", {"sure": "on"}).status_code == 422
    assert User.objects.get(username="staff1").name == "Staff 1"
    yes = {"sure": "on", "old-file": "on"}
    assert keeper.post("/directory/file/check/", yes).status_code == 302
    assert User.objects.get(username="staff1").name == "Priya Menon"


def test_a_file_that_cannot_be_used_is_one_sentence(staff: Staff, keeper: Client) -> None:
    assert "Save it as one of them" in upload(keeper, b"\x00\x01\x02" * 99)
    assert "These columns are not in the file" in upload(keeper, b"a,b\n1,2\n")


def test_a_waiting_file_is_for_the_person_who_sent_it(staff: Staff, keeper: Client) -> None:
    upload(keeper, as_csv(people()).replace(b"02/01/2012", b"2012-01-02"))
    Appointment.objects.create(person=staff["staff1"], office=Office.DIRECTORY, from_date=TODAY)
    other = sign_in(Client(), staff, "staff1")
    assert other.get("/directory/file/check/").status_code == 302


def test_who_does_not_keep_the_directory_waits_for_no_change_of_it(staff: Staff) -> None:
    """A long import holds the lock: others would wait for it, and learn that the page is there."""
    client = sign_in(Client(), staff, "staff1")
    with CaptureQueriesContext(connection) as asked:
        answer = client.post(f"/directory/people/{staff['staff2'].pk}/unit/", {})
    assert answer.status_code == 404
    assert not [each for each in asked if "changelock" in each["sql"]]
