"""OpenWhistle's own audits (peers.md 2), v1.1.1 to 1.2.1: what they found is not here."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from grievances.audit.models import Event
from grievances.cases.access import eligibility
from grievances.cases.actions.actor import NotAllowed
from grievances.cases.models.case import Case
from grievances.cases.models.exclusions import Exclusions, excluded_from
from grievances.casework import reading
from grievances.deadlines.sweep import run_clocks
from grievances.people.models import User
from grievances.vocabulary import Role
from notifications.models import Notice
from tests.attacks.at_the_start import at_the_start
from tests.factories import cases, edge_cases
from tests.factories.cases import START, at, done
from tests.factories.people import PASSWORD, Staff
from tests.intake.raising import page_of
from tests.signing_in import sign_in
from workflow.steps import Refused

__all__ = ["at_the_start"]


def test_ghsa_q3v3_5xf4_xjqr_any_report_by_its_id(staff: Staff) -> None:
    """Another case's file under the address of one's own case, and rows by number."""
    case, other = cases.in_investigation(staff), cases.raised(staff, who="complainant2")
    done(staff, other, "triage2", "acknowledge", START, declare=True)
    client = sign_in(Client(), staff, "triage2")
    file = _a_file(staff, case)
    for reference in (case.reference, other.reference):
        assert client.get(f"/cases/{reference}/evidence/{file}/").status_code == 404
    for path in (f"/cases/{case.pk}/", f"/api/v1/cases/{case.pk}/", f"/cases/{case.reference}/"):
        assert client.get(path).status_code == 404


def _a_file(staff: Staff, case: Case, name: str = "notes.txt") -> str:
    file = SimpleUploadedFile(name, b"What I wrote down.")
    reading.add_file(case, staff.caller("complainant1"), file, now=START)
    return str(case.evidence.latest("at").pk)


def test_ghsa_g3xj_3929_r45h_promoting_oneself(staff: Staff) -> None:
    case = cases.in_allocation(staff)
    client = sign_in(Client(), staff, "triage1")
    for role in ("lead", "triage", "superuser"):
        client.post(
            f"/cases/{case.reference}/offer/", {"role": role, "candidate": staff["triage1"].pk}
        )
    extra = {"is_superuser": "on", "is_staff": "on", "office": "lead", "role": "lead"}
    for page in ("/account/", "/account/recovery-code/", f"/cases/{case.reference}/message/"):
        client.post(page, {**extra, "text": "x", "password": PASSWORD})
    person = User.objects.get(pk=staff["triage1"].pk)
    assert (person.is_superuser, person.is_staff) == (False, False)
    assert {a.office for a in person.appointments.all()} == {"triage"}
    assert case.grants.filter(user=person).count() == 1


def test_ghsa_24hg_pf84_jj7x_script_in_a_user_name(staff: Staff) -> None:
    for who, evil in (("triage1", "prompt(2)//"), ("respondent1", "alert(1)//")):
        User.objects.filter(pk=staff[who].pk).update(name=f'"><script>{evil}')
    case = cases.acknowledged(staff)
    client = sign_in(Client(), staff, "complainant1")
    base = client.post("/raise/")["Location"].removesuffix("/what-happened/")
    client.post(f"{base}/about/", {"about": "respondent1"})
    for page in (f"/cases/{case.reference}/", f"{base}/readers/", f"{base}/check/"):
        html = page_of(client.get(page))
        assert "<script>alert" not in html
        assert "<script>prompt" not in html
        assert "&lt;script&gt;" in html, page


def test_openwhistle_reopened_cases_deleted_too_early(staff: Staff) -> None:
    case = edge_cases.reopening(staff)
    done(staff, case, "lead1", "reopen", at(40), reason="RETALIATION")
    assert cases.fresh(case).closed_on is None
    for row in case.deadlines.filter(name__in=["ARCHIVE", "RETENTION"]):
        assert row.completed_on is not None, "the old date no longer runs"


def test_openwhistle_acknowledge_repeated_to_move_the_date(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    before = list(case.deadlines.order_by("pk").values("name", "current_due", "completed_on"))
    for who in ("triage1", "triage2"):
        with pytest.raises((NotAllowed, Refused)):
            done(staff, case, who, "acknowledge", at(5), declare=True)
    after = list(case.deadlines.order_by("pk").values("name", "current_due", "completed_on"))
    assert after == before


def test_openwhistle_reminders_sent_again_every_hour(staff: Staff) -> None:
    cases.acknowledged(staff)
    for hour in range(8, 20):
        run_clocks(at(6, hour))
    sent = list(Notice.objects.filter(channel="inbox").values_list("key", flat=True))
    assert len(sent) == len(set(sent))
    per_kind = Event.objects.filter(kind__startswith="clock.").values_list("chain", "kind", "data")
    assert len({str(row) for row in per_kind}) == len(per_kind)


def test_openwhistle_lock_bypassed_by_a_fresh_session(staff: Staff) -> None:
    for _ in range(6):
        Client().post("/accounts/login/", {"login": "handler1", "password": "wrong"})
    Client().post("/accounts/login/", {"login": "handler1", "password": PASSWORD})
    fresh = Client()
    fresh.post("/accounts/login/", {"login": "handler1", "password": PASSWORD})
    assert "_auth_user_id" not in fresh.session


def test_openwhistle_jobs_run_once_for_each_replica(staff: Staff) -> None:
    cases.raised(staff)
    run_clocks(at(10))
    once = Event.objects.filter(kind__startswith="clock.").count()
    assert once
    for _ in range(3):
        run_clocks(at(10))
    assert Event.objects.filter(kind__startswith="clock.").count() == once


def test_openwhistle_cases_given_to_disabled_people(staff: Staff) -> None:
    case = cases.in_allocation(staff)
    User.objects.filter(pk=staff["handler1"].pk).update(is_active=False)
    gone = User.objects.get(pk=staff["handler1"].pk)
    listed = [c.person for c in eligibility.candidates(case, Role.HANDLER, at(0).date())]
    assert gone not in listed
    with pytest.raises(Refused):
        done(staff, case, "triage1", "offer", START, role="handler", candidate=gone)


def test_openwhistle_linked_cases_leak_what_they_are(staff: Staff) -> None:
    """Joining asks both sides: someone barred from either case stops it, and says no more."""
    earlier = cases.in_investigation(staff)
    later = cases.raised(staff, exclude="handler1")
    done(staff, later, "triage1", "acknowledge", START, declare=True)
    with pytest.raises(Refused, match="NOT_A_DUPLICATE"):
        done(staff, later, "triage1", "merge", START, into=earlier.reference)
    assert not any(Exclusions.Why.EXCLUDED in whys for whys in excluded_from(earlier).values())


def test_openwhistle_files_with_other_scripts_in_their_name(
    staff: Staff, settings: Settings, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    case = cases.acknowledged(staff)
    file = _a_file(staff, case, "доказ-証拠-é.txt")
    answer = sign_in(Client(), staff, "triage1").get(f"/cases/{case.reference}/evidence/{file}/")
    assert answer.status_code == 200
    assert "filename*=utf-8''%D0%B4" in answer["Content-Disposition"]
    assert b"".join(answer.streaming_content) == b"What I wrote down."  # type: ignore[attr-defined]
