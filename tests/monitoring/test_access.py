"""No one who decides a case finds what its complainant said of themselves (domain.md 13.5)."""

from __future__ import annotations

import json

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from grievances.cases.models.case import Case
from grievances.deadlines.sweep import run_clocks
from grievances.intake import drafts
from grievances.monitoring import answers, roles
from grievances.monitoring.codes import code_sets, other_questions
from grievances.monitoring.models import MonitoringAnswer, MonitoringCopy, MonitoringLink
from grievances.monitoring.statistics import read_declared, unlink_expired
from tests.architecture.sources import imports, modules, touches
from tests.attacks.address_rules import RULES, addresses
from tests.factories import cases, edge_cases
from tests.factories.cases import START, at
from tests.factories.people import Staff
from tests.page_time import pages_at
from tests.participants import hearing
from tests.services import NOT_THIS_PASS
from tests.signing_in import sign_in

TODAY = START.date()
DECIDING = (
    "triage1", "handler1", "decider1", "appeal1", "lead1", "linemanager1", "director",
    "respondent1", "dpo1", "auditor1", "analyst1", "executive1", "admin1",
)  # fmt: skip
SAID = {
    "ethnic_group": "W4",
    "religion": "BUDDHIST",
    "sex": "FEMALE",
    "age": "55_64",
    "disability": "YES",
    "grade": "PRACTITIONER",
    "nationality": "OCEANIA",
    "language": "WELSH",
    "set": "ENG_WLS-2021",
}
OWN = {"own_words": "Romani from Gisborne", "other": "Vlax"}
_page_time = pages_at(at(60))


def needles() -> set[str]:
    """Every word that only the questions about oneself use: fields, codes, labels, own words."""
    labels = {choice.label for each in code_sets() for choice in each.choices}
    labels |= {choice.label for question in other_questions() for choice in question.choices}
    # Words that a page may say for reasons of its own.
    labels -= {"Yes", "No", "White", "Indian", "African", "English", "Welsh", "Manager"}
    labels -= {"Female", "Male", "Irish", "British", "Roma", "Arab", "Polish", "Scottish"}
    labels -= {"Chinese", "Jewish", "Sikh", "Senior manager", "Filipino", "Pakistani"}
    fields = {"ethnic_group", "own_words", "sealed_codes", '"nationality"', '"religion"'}
    return {*labels, *fields, *OWN.values(), "BUDDHIST", "55_64", "OCEANIA", "PRACTITIONER"}


def found_on(text: str, words: set[str]) -> set[str]:
    return {word for word in words if word in text}


@pytest.mark.slow
def test_every_page_and_answer_is_free_of_demographic_fields_for_those_who_decide(
    staff: Staff,
) -> None:
    case = hearing.decided_after(staff)
    answers.keep(case, SAID, OWN, TODAY)
    words, seen = needles(), 0
    for person in DECIDING:
        client = sign_in(Client(), staff, person)
        for path in [*pages(case), *found_links(client, case)]:
            answer = client.get(path, follow=False)
            if answer.streaming or answer.status_code in {302, 404, 405}:
                continue
            seen += 1
            text = answer.content.decode()
            assert found_on(text, words) == set(), (person, path)
    assert seen > 100


def pages(case: Case) -> list[str]:
    """Every address of the product that names no case or this one; reports hold totals alone."""
    of_case = {"reference": case.reference}
    found = []
    for name, pattern in addresses().items():
        wanted = set(pattern.pattern.regex.groupindex)
        if not wanted and name not in {"exit", "account_logout", "reports"}:
            found.append(reverse(name))
        elif wanted == {"reference"}:
            found.append(reverse(name, kwargs=of_case))
    assert len(found) > len(RULES) / 2
    return found


def found_links(client: Client, case: Case) -> list[str]:
    """The pages of the steps that this person is offered on the case."""
    answer = client.get(f"/api/v1/cases/{case.reference}/")
    if answer.status_code != 200:
        return []
    steps = json.loads(answer.content).get("actions", [])
    names = [each if isinstance(each, str) else each.get("name", "") for each in steps]
    return [f"/cases/{case.reference}/{name}/" for name in names if name]


def test_the_search_would_find_such_a_field_on_the_page_that_asks(staff: Staff) -> None:
    case = cases.raised(staff)
    page = sign_in(Client(), staff, "complainant1").get(f"/cases/{case.reference}/about-you/")
    assert len(found_on(page.content.decode(), needles())) > 20


def test_the_export_and_the_letters_of_a_case_carry_none_of_it(staff: Staff) -> None:
    case = hearing.decided_after(staff)
    answers.keep(case, SAID, OWN, TODAY)
    run_clocks(at(20))
    for person in ("handler1", "decider1", "triage1", "lead1"):
        client = sign_in(Client(), staff, person)
        for path in ("/inbox/", "/api/v1/cases/", f"/api/v1/cases/{case.reference}/"):
            assert found_on(client.get(path).content.decode(), needles()) == set(), path


READERS = {
    "grievances.models",
    "grievances.monitoring.answers",
    "grievances.monitoring.roles",
    "grievances.monitoring.statistics",
    "grievances.operations.key_rotation",
    "grievances.demo.past_years.survey",
}
"""Who knows the tables: what registers, writes and reads them, and what renews their seals."""
STATISTICS = {"grievances.tasks"}
"""Who reads answers: the nightly task; the reports may as well."""


def test_only_the_page_and_the_statistics_know_of_it() -> None:
    tables, writers, readers = set(), set(), set()
    for name, tree in modules().items():
        for imported, _ in imports(tree):
            tables |= {name} if touches(imported, "grievances.monitoring.models") else set()
            writers |= {name} if touches(imported, "grievances.monitoring.answers") else set()
            reads = touches(imported, "grievances.monitoring.statistics")
            readers |= {name} if reads else set()
    assert tables == READERS
    of_the_page = {
        "grievances.web.monitoring.views",
        "grievances.web.monitoring.forms",
        "grievances.monitoring.statistics",
        "grievances.demo.past_years.survey",
        "grievances.demo.survey_answers",
    }
    assert writers == of_the_page
    outside = {name for name in readers if not touches(name, "grievances.reports")}
    assert outside == STATISTICS


def test_no_page_opens_an_answer() -> None:
    """`answers`, which the page uses, can seal and cannot open."""
    for name in ("grievances.monitoring.answers", "grievances.web.monitoring.views"):
        taken = {imported.rsplit(".", 1)[-1] for imported, _ in imports(modules()[name])}
        assert not {"open_for_server", "open_words", "vault"} & taken


class TestTwoRoles:
    """On PostgreSQL the role that serves the pages cannot join an answer to a case."""

    @pytest.fixture(autouse=True)
    def _parted(self, db: None) -> None:
        if connection.vendor != "postgresql":
            pytest.skip(NOT_THIS_PASS)
        with connection.cursor() as cursor:
            cursor.execute("CREATE ROLE web_of_test LOGIN")
            cursor.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO web_of_test")
            cursor.execute("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO web_of_test")
            for statement in roles.statements("web_of_test", "statistics_of_test"):
                cursor.execute(statement)

    def become(self, role: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {role}")

    def refused(self, sql: str) -> bool:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)
        except ProgrammingError as error:
            return "permission denied" in str(error)
        return False

    def test_the_pages_work_and_can_read_nothing(self, staff: Staff) -> None:
        case = cases.raised(staff)
        nameless, _ = edge_cases.anonymous(staff)
        client = sign_in(Client(), staff, "complainant1")
        self.become("web_of_test")
        about = f"/cases/{case.reference}/about-you/"
        assert client.get(about).status_code == 200
        assert client.post(about, {"ethnic_group": "B1"}).status_code == 302
        assert client.post(about, {"ethnic_group": "B2"}).status_code == 302
        answers.keep(nameless, {"ethnic_group": "A1"}, {}, TODAY)
        assert answers.state_of(case) == "ANSWERED"
        for sql in (
            "SELECT * FROM monitoring.grievances_monitoringanswer",
            "SELECT monitoring_id FROM monitoring.grievances_monitoringanswer",
            "SELECT monitoring_id FROM monitoring.grievances_monitoringlink",
            "SELECT * FROM monitoring.grievances_monitoringlink",
            "SELECT sealed_codes FROM monitoring.grievances_monitoringcopy",
            "SELECT a.sealed_codes FROM monitoring.grievances_monitoringlink l "
            "JOIN monitoring.grievances_monitoringanswer a USING (monitoring_id)",
            "UPDATE monitoring.grievances_monitoringlink SET case_id = 0",
            "DELETE FROM monitoring.grievances_monitoringanswer",
            "DELETE FROM monitoring.grievances_monitoringlink WHERE true RETURNING monitoring_id",
            "CREATE TABLE monitoring.mine (a int)",
        ):
            assert self.refused(sql), sql
        assert not self.refused("SELECT case_id, state FROM monitoring.grievances_monitoringlink")
        assert client.post(f"{about}delete/").status_code == 302
        self.become("statistics_of_test")
        assert read_declared() == {case.pk: {"ethnic_group": "NOT_ANSWERED"}}
        assert not MonitoringAnswer.objects.exists()
        assert MonitoringCopy.objects.count() == 1

    def test_the_role_of_the_pages_erases_without_reading(self, staff: Staff) -> None:
        case = cases.raised(staff)
        self.become("web_of_test")
        answers.keep(case, {"ethnic_group": "B1"}, {}, TODAY)
        MonitoringLink.objects.filter(case=case).delete()
        self.become("statistics_of_test")
        assert not MonitoringAnswer.objects.exists()

    def test_the_statistics_read_and_part_and_see_no_more_of_a_case(self, staff: Staff) -> None:
        case = cases.closed(staff)
        answers.keep(case, {"ethnic_group": "M1"}, {}, TODAY)
        self.become("statistics_of_test")
        assert read_declared()[case.pk]["ethnic_group"] == "M1"
        assert unlink_expired(at(400).date()) == 1
        for table in ("record", "party", "event", "user", "sealedkey"):
            sql = f"SELECT * FROM public.grievances_{table}"  # noqa: S608 - names from above
            assert self.refused(sql), table
        assert self.refused("SELECT reference FROM public.grievances_case")

    def test_the_check_says_whether_the_roles_are_parted(self) -> None:
        with pytest.raises(roles.RolesNotParted, match="can read"):
            roles.require_parted()
        self.become("web_of_test")
        roles.require_parted()
        self.become("statistics_of_test")
        with pytest.raises(roles.RolesNotParted, match="can read"):
            roles.require_parted()

    def test_a_name_that_is_no_name_of_a_role_is_refused(self) -> None:
        with pytest.raises(ValueError, match="no plain name"):
            roles.statements("web; DROP TABLE x", "statistics")


def test_concerns_are_sent_without_a_word_of_it(staff: Staff) -> None:
    """The form of the concern takes no such answer, even if a browser sends one."""
    draft = drafts.open_draft(staff["complainant1"], staff.caller("complainant1"), now=START)
    client = sign_in(Client(), staff, "complainant1")
    client.post(f"/raise/{draft.reference}/what-happened/", {"account": "x", **SAID})
    stored = drafts.read_draft(draft, staff.caller("complainant1"))
    assert not set(SAID) & set(stored)
    assert not MonitoringLink.objects.exists()
