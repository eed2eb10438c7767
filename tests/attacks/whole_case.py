"""A whole case by its pages, from the first word to the last check-in, a secret in every field."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from grievances.aftercare import care
from grievances.cases.models.assignments import CaseUserObjectPermission
from grievances.cases.models.case import Case
from grievances.cases.models.offers import Offer
from grievances.cases.models.readers import Tenure
from grievances.casework import reading
from grievances.deadlines.sweep import run_clocks
from grievances.encryption.key_pairs import make_key_pair
from grievances.intake.escrow_matching import compare_kept
from grievances.people.models import LineManagement, Unit, User
from grievances.surveys import release
from grievances.surveys.comment_models import Remark
from notifications.models import Notice
from tests import signing_on
from tests.attacks.text_entry import SECRET, Hands, Typed, Typist, step_with, word_fields
from tests.cases.same_state_scenarios import WALKS
from tests.factories import cases
from tests.factories.cases import START, at, fresh
from tests.factories.people import PASSWORD, SINCE, Staff
from tests.intake.raising import begin, hidden, key_on, send, sent_anonymously
from tests.participants import hearing
from tests.signing_in import text_of

ADDRESS = "zainab.private@home.invalid"
VICTIM, CULPRIT, ONLOOKER = 987654321, 876543219, 765432198
NAMES = (
    "Zainab Okonkwo",
    "Okonkwo",
    "zokonkwo",
    "987654321",
    "Featherstonehaugh",
    "rfeather",
    "876543219",
)
"""What must not be stored beside a case: the names and numbers of its two parties."""


def add_people(staff: Staff) -> None:
    """Three people whose names and numbers are nowhere else by chance."""
    people = (
        (VICTIM, "victim", "zokonkwo", "Zainab Okonkwo"),
        (CULPRIT, "culprit", "rfeather", "Rupert Featherstonehaugh"),
        (ONLOOKER, "onlooker", "wquarrington", "Wilhelmina Quarrington"),
    )
    for pk, part, username, name in people:
        person = User.objects.create(
            pk=pk,
            username=username,
            name=name,
            email=f"{username}@work.invalid",
            unit=Unit.objects.get(code="YORK" if part == "victim" else "HULL"),
            password=make_password(PASSWORD),
        )
        staff.people[part] = person
        staff.holders[part] = make_key_pair(person, PASSWORD)
        boss = staff["linemanager1"]
        LineManagement.objects.create(person=person, manager=boss, from_date=SINCE)


def raise_by_pages(typist: Typist) -> Case:
    """The nine questions, each with a secret first and with what lets the concern be sent then."""
    client = typist.client("victim")
    base = begin(client)
    pages: tuple[tuple[str, dict[str, Any]], ...] = (
        ("what-happened", {"account": f"{SECRET} account"}),
        ("when", {"when": f"{SECRET} when"}),
        ("about", {"about": f"{SECRET} about\nrfeather", "decided": f"{SECRET} decided"}),
        ("name", {"identity": "CONFIDENTIAL", "share": "yes"}),
        ("contact", {"contact": "PHONE", "address": f"{SECRET} address"}),
        ("contact", {"contact": "PERSONAL_EMAIL", "address": ADDRESS}),
        ("keep-away", {"exclude": f"{SECRET} exclude\nstaff1"}),
        ("help", {"help": f"{SECRET} help"}),
    )
    for page, fields in pages:
        client.post(f"{base}/{page}/", fields)
    answer = send(client, base)
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    say_of_oneself(client, base.removeprefix("/raise/"))
    return Case.unguarded.get(reference=base.removeprefix("/raise/"))


def say_of_oneself(client: Client, reference: str) -> None:
    """The questions about oneself, with a secret in each field that takes words."""
    said = {"other": f"{SECRET} other", "own_words": f"{SECRET} own words", "ethnic_group": "O2"}
    answer = client.post(f"/cases/{reference}/about-you/", said)
    assert answer.status_code == 302


def kept_for_oneself(typist: Typist) -> None:
    """A concern kept back and a diary, with a secret in each field, and the night after."""
    client = typist.client("victim")
    for day in ("8", "9"):
        entry = {"day_day": day, "day_month": "11", "day_year": "2026", "text": f"{SECRET} diary"}
        assert client.post("/diary/new/", entry).status_code == 302
    chosen = {"threshold": "2", "months": "12", "contact": "PERSONAL_EMAIL", "address": ADDRESS}
    for name, part in (("victim", "culprit"), ("onlooker", "culprit")):
        client = typist.client(name)
        base = begin(client)
        client.post(f"{base}/what-happened/", {"account": f"{SECRET} kept back"})
        page = f"{base}/keep-back/"
        client.post(page, {**chosen, "typed": f"{SECRET} typed", "address": f"{SECRET} address"})
        named = {"typed": "rfeather", "targets": f"person-{typist.staff[part].pk}"}
        assert client.post(page, {**chosen, **named}).status_code == 302
        assert client.get("/raise/kept/").status_code == 200
    compare_kept(at(1))


def cared_for(typist: Typist) -> None:
    """The pages of how a person is, with a secret in each field that takes words."""
    client = typist.client("victim")
    opened = care.own(typist.staff.caller("victim"), now=at(1))[0]
    page, said = f"/aftercare/{opened.label}/", {"safe": "yes", "text": f"{SECRET} aftercare"}
    assert client.post(f"{page}baseline/", said).status_code == 302
    asked = {"kind": "COMPLAINT", "text": f"{SECRET} data request"}
    assert client.post("/my-data/", asked).status_code == 302
    reach = {"contact": "PERSONAL_EMAIL", "address": f"{SECRET} new address"}
    reference = opened.row.case.reference
    assert client.post(f"/cases/{reference}/change_contact/", reach).status_code == 422
    chosen = {"listener": "ally", "ally": f"{SECRET} ally"}
    assert client.post(f"{page}choose/", chosen).status_code == 422


def told_for_others(typist: Typist) -> None:
    """A concern that an officer types, and one for another, with a secret in each field."""
    officer, words = typist.client("triage1"), ("account", "decided", "help", "when")
    named = {name: f"{SECRET} {name}" for name in ("about", "affected", "exclude")}
    given = {"came_by": "PHONE", "raised_for": "ASKED", "agreed": "on", "region": "WALES"} | named
    given |= {name: f"{SECRET} {name} typed by an officer" for name in words}
    html = officer.post("/take-down/", {**given, "stage": "read"}).content.decode()
    once = {"shown": hidden(html, "shown"), "once": hidden(html, "once"), "read_back": "on"}
    officer.post("/take-down/", {**given, **once, "stage": "send"})
    officer.post("/take-down/", {**given, "days": f"{SECRET} days", "stage": "read"})
    teller = typist.client("victim")
    base = begin(teller)
    teller.post(
        f"{base}/whose/", {"raised_for": "ASKED", "affected": f"{SECRET} affected", "agreed": "on"}
    )


def handle_by_pages(typist: Typist, case: Case) -> Case:
    """Triage, offers, meeting, respondent, report, decision, appeal."""
    staff, take = typist.staff, typist.take
    take("triage1", case, "acknowledge")
    take("triage1", case, "check_safety", flags=["HEALTH"])
    take("triage1", case, "ask_exclusions")
    take("triage1", case, "ask_question")
    take("victim", case, "message")
    take("victim", case, "exclude", people="staff2")
    take("victim", case, "add_evidence")
    take("triage1", case, "agree_formal")
    for name, role in (("handler1", "handler"), ("decider1", "decider")):
        take("triage1", case, "offer", role=role, candidate=staff[name])
        take(name, case, "accept")
    take("victim", case, "object_to_person")
    take("lead1", case, "answer_objection", answer="no")
    take("handler1", case, "begin_investigation")
    take("handler1", case, "record_meeting", declined="")
    take("handler1", case, "record_respondent")
    take("handler1", case, "add_allegation")
    take("handler1", case, "add_evidence")
    take("handler1", case, "send_update")
    take("lead1", case, "extend", clock="INVESTIGATION")
    take("handler1", case, "hold", reason="C_LEAVE", review_on=at(9).date())
    take("lead1", case, "renew_hold", review_on=at(9).date())
    take("handler1", case, "resume")
    take("handler1", case, "submit_report")
    take("decider1", case, "decide", action_due=at(60).date(), action_owner="handler1")
    take("victim", case, "appeal")
    take("triage1", case, "offer_later", role="appeal", candidate=staff["appeal1"])
    take("appeal1", case, "accept")
    take("appeal1", case, "begin_appeal")
    take("appeal1", case, "record_appeal_meeting", declined="")
    return take(
        "appeal1",
        case,
        "decide_appeal",
        outcome="appeal_varied",
        action_due=at(90).date(),
        action_owner="handler1",
    )


def look_around(typist: Typist, case: Case) -> None:
    """Everyone with a part opens what they may; some who have none try."""
    file = case.evidence.first()
    page = f"/cases/{case.reference}/"
    for name in ("victim", "triage1", "dpo1", "culprit"):
        client = typist.client(name)
        for address in (page, f"{page}ledger/", "/inbox/"):
            client.get(address)
        if file is not None:
            b"".join(client.get(f"{page}evidence/{file.pk}/"))
            client.get(f"{page}evidence/{file.pk}/look/")
            b"".join(client.get(f"{page}evidence/{file.pk}/picture/"))
        b"".join(client.post(f"{page}export/"))


def aftercare(typist: Typist, case: Case, hands: Hands) -> None:
    """The survey and the check-ins, answered."""
    for days in (8, 40, 100, 190):
        hands.set(at(days))
        run_clocks(hands.now)
        case = fresh(case)
        if case.check_ins.filter(answered_on__isnull=True).exists():
            typist.take("victim", case, "answer_check_in")
        links = Notice.objects.filter(kind="survey", reference=case.reference, channel="inbox")
        for link in links.values_list("link", flat=True):
            said = {"q1": "agree", "q11": f"{SECRET} survey", "print": "yes"}
            assert Client().post(link, said).status_code in {200, 410}
    release.release(at(300).date(), least=1)
    prepare_remarks(typist)


def prepare_remarks(typist: Typist) -> None:
    """What was written in the survey, prepared by two with the secret in it, and printed."""
    rows = list(Remark.objects.all())
    assert rows
    for row in rows:
        address = f"/remarks/{row.pk}/"
        said = {"turn": 0, "wording": f"{SECRET} [left out]", "answer": "print"}
        assert typist.client("dpo1").post(address, said).status_code == 302
        agreed = {"turn": 1, "answer": "agree"}
        assert typist.client("independent1").post(address, agreed).status_code == 302
    page = typist.client("dpo1").get("/remarks/").content.decode()
    assert SECRET not in page


def everything_else(typist: Typist, typed: Typed) -> None:
    """The steps that a whole case does not meet: each on a case of its own, by its walk."""
    missing = {form for form, _ in word_fields() - typed.fields}
    steps = {walk.step: walk for walk in WALKS.values()}
    for form in sorted(missing):
        try:
            walk = steps[step_with(form)]
        except StopIteration:
            continue
        years_later()
        case = walk.make(typist.staff)
        typist.hands.set(walk.now)
        # What a duplicate is joined to is typed, and is looked for among all cases there are.
        is_typed = walk.step in {"merge", "announce_joining"}
        found = {} if is_typed else walk.found(typist.staff, case)
        answers = {**walk.answers, **found}
        typist.try_out(walk.who, case, walk.step, answers)


def years_later() -> None:
    """No one is busy, or has lately decided about the same people."""
    Offer.objects.update(answered_on=SINCE)
    Tenure.objects.all().delete()
    CaseUserObjectPermission.objects.all().delete()


def doors(typist: Typist) -> None:
    """Sign-in, passwords, codes, and the way back with a case key: a secret in each."""
    wrong = f"{SECRET} wrong password"
    away = Client()
    away.post("/accounts/login/", {"login": f"{SECRET} login", "password": wrong})
    away.post("/cases/RC-222222/message/", {"text": f"{SECRET} typed while signed out"})
    away.post("/cases/search/", {"words": f"{SECRET} words"})
    for name in ("victim", "triage1", "culprit"):
        sought = typist.client(name).post("/cases/search/", {"words": f"{SECRET} account"})
        assert sought.status_code == 200
        assert "victim" not in text_of(sought)  # a page that is sent piece by piece is made so
    forgotten = {"username": f"{SECRET} name", "code": f"{SECRET} code"}
    away.post("/account/forgotten/", {**forgotten, "password1": wrong, "password2": wrong})
    away.post("/return/", {"case_key": f"{SECRET} key"})
    browser, _ = sent_anonymously(
        **{"what-happened": {"account": f"{SECRET} anonymous"}, "about": {"about": "rfeather"}}
    )
    key_on(browser)
    browser.post("/raise/anonymous/key/", {"ending": f"{SECRET} ending"})
    # A person of their own: a changed password ends sessions that others still need.
    client = typist.client("staff2")
    client.post("/account/recovery-code/", {"password": wrong})
    client.post("/account/recovery-code/", {"password": PASSWORD})
    client.post("/account/recovery-code/check/", {"group": f"{SECRET} group"})
    changed = {"oldpassword": wrong, "password1": wrong, "password2": wrong}
    client.post("/accounts/password/change/", changed)
    client.post("/accounts/reauthenticate/", {"password": wrong})
    passwords = {"password1": wrong, "password2": wrong}
    away.post("/account/forgotten/without-code/", {"username": f"{SECRET} name", **passwords})
    officer = {"username": f"{SECRET} name", "number": f"{SECRET} number"}
    typist.client("lead1").post("/account/recoveries/", officer)
    typist.client("complainant2").post("/account/bring-in/", {"case_key": f"{SECRET} key"})
    elsewhere = signing_on.let_in(User.objects.create(username="sso1", password="!"))
    elsewhere.post("/account/passphrase/", {"password1": SECRET * 3, "password2": SECRET * 3})
    elsewhere.post("/account/passphrase/", {"passphrase": f"{SECRET} passphrase"})


def guests(typist: Typist) -> None:
    """Those who are let in a little: the respondent answers, a companion writes."""
    years_later()
    typist.hands.set(START)
    case = cases.in_investigation(typist.staff)
    asked = hearing.put(typist.staff, case)
    answer = {"text": f"{SECRET} statement"}
    reply = typist.client("respondent1").post(f"/replies/{asked.token}/", answer)
    assert reply.status_code == 302
    file = SimpleUploadedFile(f"{SECRET} theirs.txt", f"{SECRET} theirs".encode())
    sent = {"file": file, "others": "copy", "once": f"{SECRET} press"}
    added = typist.client("respondent1").post(f"/replies/{asked.token}/add/", sent)
    assert added.status_code == 302
    hers = SimpleUploadedFile(f"{SECRET} hers.txt", f"{SECRET} hers".encode())
    reading.add_file(case, typist.staff.caller("complainant1"), hers, now=START)
    ticked = case.evidence.exclude(compartment=asked.compartment).get()
    companion, link = hearing.invite(typist.staff, case, evidence=[str(ticked.pk)])
    _, key = hearing.keyed(link)
    visitor = Client()
    visitor.post("/accompany/", {"own_key": f"{SECRET} key"})
    assert visitor.post("/accompany/", {"own_key": key}).status_code == 302
    wrote = visitor.post(f"/accompany/with/{companion.token}/", {"text": f"{SECRET} companion"})
    assert wrote.status_code == 302
    file.seek(0)
    added = visitor.post(f"/accompany/with/{companion.token}/add/", sent)
    assert added.status_code == 302
    shared = visitor.get(f"/accompany/with/{companion.token}/files/{ticked.pk}/")
    assert b"".join(shared)
    for client, page in (
        (typist.client("respondent1"), f"/replies/{asked.token}/"),
        (visitor, f"/accompany/with/{companion.token}/"),
    ):
        where = asked.compartment if "replies" in page else companion.compartment
        own = case.evidence.get(compartment=where)
        assert b"".join(client.get(f"{page}files/{own.pk}/"))
