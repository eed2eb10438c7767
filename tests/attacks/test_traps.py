"""The traps that others fell into (peers.md 4), each attacked here under its own number.

Traps of time are held in tests/deadlines and tests/notifications, those of evidence (27), recovery
(23, 24), the trail, erasure and files (5, 8, 26) in tests/retention/test_traps.py.
"""

from __future__ import annotations

import logging
import re

import pytest
from django.core import mail
from django.db.models import ProtectedError
from django.test import Client
from pytest_django import Settings

from grievances.audit.models import Event
from grievances.cases.access import eligibility, rules
from grievances.cases.actions.actor import NotAllowed
from grievances.cases.actions.perform import StepInput, perform
from grievances.cases.models.assignments import grant
from grievances.cases.models.case import Case
from grievances.cases.models.exclusions import excluded_from
from grievances.cases.models.records import Kind
from grievances.cases.notices import sending
from grievances.casework import reading
from grievances.intake import drafts
from grievances.people.models import Appointment, User
from grievances.vocabulary import Office, Role, State
from grievances.web.shared import clock
from notifications.delivery import drain
from tests.attacks.address_rules import OUTSIDERS, READERS, addresses
from tests.attacks.at_the_start import at_the_start
from tests.factories import cases, edge_cases
from tests.factories.cases import START, at, done
from tests.factories.people import Staff
from tests.intake.raising import page_of, sent_anonymously
from tests.signing_in import come_back, sign_in
from workflow.steps import Refused

__all__ = ["at_the_start"]

MARK = "PLANTED-SECRET-ACCOUNT"


def pages_of(case: Case) -> tuple[str, ...]:
    base = f"/cases/{case.reference}"
    return (f"{base}/", f"{base}/ledger/", f"/api/v1{base}/")


def test_trap_01_login_sees_everything(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    seen = set()
    for name in (*READERS, *OUTSIDERS):
        client = sign_in(Client(), staff, name)
        listed = case.reference in client.get("/cases/").content.decode()
        opened = [client.get(page).status_code for page in pages_of(case)]
        assert listed == (200 in opened), name
        if listed:
            seen.add(name)
    assert seen == READERS


def test_trap_02_side_doors_leak_what_the_page_hides(staff: Staff) -> None:
    earlier, later = edge_cases.twice_raised(staff)
    done(staff, later, "triage1", "merge", START, into=earlier.reference)
    drain(now=at(1), addresses_of=sending.addresses_for)
    for event in Event.objects.filter(chain=later.reference):
        assert earlier.reference not in str(event.data), "a linked case is not named in the trail"
    client = sign_in(Client(), staff, "triage2")
    for page in ("/", "/cases/", "/inbox/", "/reports/", "/api/v1/cases/"):
        html = client.get(page).content.decode()
        assert earlier.reference not in html, page
    for letter in mail.outbox:
        assert not any(case.reference in str(letter.message()) for case in (earlier, later))


def test_trap_03_exclusion_by_exact_name_that_a_manager_can_undo(staff: Staff) -> None:
    case = cases.in_allocation(staff, exclude="handler1")
    User.objects.filter(pk=staff["handler1"].pk).update(name="Somebody Else", username="renamed")
    handler = User.objects.get(pk=staff["handler1"].pk)
    assert "EXCLUDED_BY_COMPLAINANT" in eligibility.Panel(case, Role.HANDLER, at(0).date()).unfit(
        handler
    )
    before = excluded_from(case)
    for step in rules.RULES:
        answers = {"role": "handler", "candidate": handler, "person": handler, "reason": "ABSENT"}
        try:
            perform(
                step,
                case_id=case.pk,
                caller=staff.caller("lead1"),
                now=START,
                step_input=StepInput(answers=answers),
            )
        except (NotAllowed, Refused, KeyError):
            continue
    after = excluded_from(case)
    assert all(whys <= after[pk] for pk, whys in before.items()), "no step lifts an exclusion"
    assert not rules.actions_allowed(handler, case)


def test_trap_04_a_deny_rule_weaker_than_a_role(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    person = staff["respondent1"]
    for role in Role:
        grant(case, person, role)
    User.objects.filter(pk=person.pk).update(is_superuser=True, is_staff=True)
    staff.people["respondent1"] = User.objects.get(pk=person.pk)
    client = sign_in(Client(), staff, "respondent1")
    assert [client.get(page).status_code for page in pages_of(case)] == [404, 404, 404]
    assert case.reference not in client.get("/cases/").content.decode()


def test_trap_06_logging_only_the_first_view_or_no_views(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, base = cases.acknowledged(staff), ""
    client = sign_in(Client(), staff, "triage1")
    base = f"/cases/{case.reference}"
    for minute, page in enumerate((f"{base}/", f"{base}/", f"{base}/message/", f"/api/v1{base}/")):
        monkeypatch.setattr(clock, "now", lambda m=minute: START.replace(minute=m))
        assert client.get(page).status_code == 200
        looks = Event.objects.filter(chain=case.reference, kind="case.opened", role="triage")
        assert looks.count() == minute + 1, page


def test_trap_07_deleted_record_dumped_into_logs(
    staff: Staff, caplog: pytest.LogCaptureFixture
) -> None:
    client = sign_in(Client(), staff, "complainant1")
    with caplog.at_level(logging.DEBUG):
        base = client.post("/raise/")["Location"].removesuffix("/what-happened/")
        client.post(f"{base}/what-happened/", {"account": MARK})
        client.post(f"{base}/delete/")
    assert not Case.unguarded.exists()
    assert MARK not in caplog.text
    assert MARK not in str(list(Event.objects.values()))


def test_trap_09_user_deletion_cascades_to_cases(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    for name in ("handler1", "decider1", "triage1"):
        with pytest.raises(ProtectedError):
            staff[name].delete()
    staff["complainant1"].delete()
    assert cases.fresh(case).state == State.INVESTIGATION
    assert "read" in rules.actions_allowed(staff["handler1"], case)


def test_trap_18_closing_silences_the_complainant(staff: Staff) -> None:
    case = cases.closed(staff)
    client = sign_in(Client(), staff, "complainant1")
    assert client.post(f"/cases/{case.reference}/message/", {"text": "One more thing."}).status_code
    opened = reading.open_case(staff.caller("triage1"), case.reference, now=at(1))
    assert "One more thing." in [words.text for words in opened.words]


def test_trap_19_anonymous_path_without_dialogue_unless_a_box_was_ticked(staff: Staff) -> None:
    _, case_key = sent_anonymously()
    case = Case.unguarded.get()
    ask = (Kind.MESSAGE, "Can you say more?")
    done(staff, case, "triage1", "message", START, ask, text="Can you say more?")
    client = come_back(Client(), case_key)
    page = f"/cases/{case.reference}/"
    assert "Can you say more?" in page_of(client.get(page))
    client.post(f"{page}message/", {"text": "It was in the yard."})
    opened = reading.open_case(staff.caller("triage1"), case.reference, now=at(1))
    assert "It was in the yard." in [words.text for words in opened.words]


def test_trap_20_code_lost_is_voice_lost(staff: Staff) -> None:
    client, case_key = sent_anonymously()
    page = "/raise/anonymous/key/"
    for _ in range(3):
        assert client.post(page, {"ending": "!!!!"}).status_code == 422
        assert case_key in page_of(client.get(page)), "it stays until it is kept"
    assert client.post(page, {"ending": case_key[-4:]}).status_code == 302
    back = Client().post("/return/", {"case_key": case_key.upper().replace("-", " ")})
    assert back.status_code == 302


def test_trap_21_anonymous_but_verified_or_traceable(staff: Staff) -> None:
    questions = "".join(
        page_of(Client().get(f"/raise/anonymous/{page}/"))
        for page in ("what-happened", "when", "about", "way", "region", "keep-away", "help")
    )
    assert 'type="email"' not in questions
    assert "your name" not in questions.lower().replace("your name</a>", "")
    assert "employer" in page_of(Client().get("/safety/"))
    assert "network" in page_of(Client().get("/safety/")).lower()


def test_trap_22_sequential_numbers_reveal_volume_and_order(staff: Staff) -> None:
    made = [drafts.new_reference() for _ in range(300)]
    assert len(set(made)) == 300
    assert sum(a < b for a, b in zip(made, made[1:], strict=False)) in range(110, 190)
    case = cases.raised(staff)
    html = page_of(sign_in(Client(), staff, "triage1").get(f"/cases/{case.reference}/"))
    assert not re.search(rf'(href|value)="[^"]*/{case.pk}/', html)


def test_trap_25_staff_editable_templates_that_execute(staff: Staff) -> None:
    text = "{{ settings.SECRET_KEY }} {% debug %} {{ 7|add:35 }}"
    case = cases.acknowledged(staff)
    sign_in(Client(), staff, "triage1").post(f"/cases/{case.reference}/message/", {"text": text})
    html = page_of(sign_in(Client(), staff, "complainant1").get(f"/cases/{case.reference}/"))
    assert "{{ 7|add:35 }}" in html
    assert not [name for name in addresses() if "template" in name]


def test_trap_28_third_party_script_on_the_page_with_the_reference(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    client = sign_in(Client(), staff, "complainant1")
    for page in ("/", "/raise/", f"/cases/{case.reference}/", "/who-can-see/", "/support/"):
        answer = client.get(page)
        parts = r'<(?:script|link|img|iframe)[^>]*(?:src|href)="([^"]+)"'
        loads = re.findall(parts, page_of(answer))
        assert loads, page
        assert all(each.startswith(("/static/", "/session/mark.css")) for each in loads), loads
        assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_trap_29_bulk_action_wider_than_the_selection(staff: Staff) -> None:
    first, second = edge_cases.twice_raised(staff)
    client = sign_in(Client(), staff, "triage1")
    more = {"reference": second.reference, "case_id": second.pk, "case": [first.pk, second.pk]}
    client.post(f"/cases/{first.reference}/ask_exclusions/", more)
    kinds = Event.objects.filter(kind="case.ask_exclusions").values_list("chain", flat=True)
    assert list(kinds) == [first.reference]
    assert not [name for name in addresses() if "bulk" in name or "batch" in name]


def test_trap_30_whole_database_csv_for_everyone(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    patterns = {name: str(p.pattern) for name, p in addresses().items()}
    files = [name for name, path in patterns.items() if re.search(r"csv|xlsx|export|suffix", path)]
    assert all(name.startswith("report") for name in files if name != "export")
    # One case at a time, to those who may read the whole of it, and its complainant sees it.
    assert patterns["export"].startswith("cases/<reference:reference>/")
    for name in ("analyst1", "lead1", "admin1", "dpo1"):
        client = sign_in(Client(), staff, name)
        assert client.post(f"/cases/{case.reference}/export/").status_code == 404
        for path in ("/reports/resolution-times.csv", "/cases.csv", "/cases/?format=csv"):
            body = client.get(path).content
            assert MARK.encode() not in body
            assert name in READERS or case.reference.encode() not in body


def test_trap_33_notice_mail_that_can_be_answered(staff: Staff, settings: Settings) -> None:
    cases.raised(staff)
    drain(now=at(1), addresses_of=sending.addresses_for)
    assert mail.outbox
    for letter in mail.outbox:
        assert "no-reply" in letter.from_email
        assert not letter.reply_to
        assert "This mailbox is not read" in letter.body


def test_trap_34_misconfigured_channel_drops_a_report(staff: Staff) -> None:
    Appointment.objects.filter(office=Office.TRIAGE).delete()
    case = cases.raised(staff)
    assert rules.people_for(case, "acknowledge") == {staff["independent1"]}
    Appointment.objects.filter(office=Office.INDEPENDENT).delete()
    before = Case.unguarded.count()
    with pytest.raises(Refused, match="NOBODY_LEFT"):
        cases.raised(staff, who="complainant2")
    assert Case.unguarded.exclude(state=State.DRAFT).count() == before, "kept as a draft"
