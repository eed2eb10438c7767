"""Decision letters: blocks of two people, placeholders, and a PDF that everyone can read."""

from __future__ import annotations

import html
import io
import json
import re
from typing import Any

import pikepdf
import pytest
from django.test import Client
from django.utils import translation

from assets import catalogues
from grievances.audit.models import Event
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.records import Kind, read_all
from grievances.letters import blocks, composing, translating
from grievances.letters.pdf import letter_pdf
from tests.architecture.sources import ROOT
from tests.factories import cases
from tests.factories.cases import START, at, done
from tests.factories.people import Staff
from tests.page_time import pages_at
from tests.participants import hearing
from tests.signing_in import sign_in
from workflow.steps import Refused

DAY = START.date()
pytestmark = pytest.mark.django_db
REASONS = "Three people heard it. #panic() *bold* {reference} $x$"
CHOICES: dict[str, Any] = {
    "finding_1": "NOT_UPHELD",
    "reasons": REASONS,
    "letter": "Dear colleague,\n\n{findings}\n\nYour right to appeal\n\nAppeal until {appeal_by}.",
    "appeal_rights": "on",
}
_page_time = pages_at(at(3))


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def path_of(case: Case, more: str) -> str:
    return f"/cases/{case.reference}/{more}/"


def tags_of(pdf: bytes) -> list[str]:
    """The tags of a PDF in reading order, and that it says what it must of itself."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        root = document.Root
        assert root.MarkInfo.Marked
        assert str(root.Lang) == "en-GB"
        assert root.ViewerPreferences.DisplayDocTitle
        assert document.open_metadata()["pdfuaid:part"] == "1"
        found: list[str] = []
        _walk(root.StructTreeRoot.K, found)
    return found


def _walk(node: Any, found: list[str]) -> None:
    if isinstance(node, pikepdf.Array):
        for each in node:
            _walk(each, found)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            found.append(str(node.S))
        if "/K" in node:
            _walk(node.K, found)


def decided(staff: Staff, case: Case | None = None, **changed: str) -> tuple[Case, Any]:
    case = case or cases.in_decision(staff)
    client = sign_in(Client(), staff, "decider1")
    return case, client.post(path_of(case, "decide"), {**CHOICES, **changed})


def test_the_check_page_and_the_reader_see_the_letter_filled_in(staff: Staff) -> None:
    case, checked = decided(staff, check="1")
    page = text_of(checked)
    assert "We did not find enough to say that it was discrimination." in page
    assert "Appeal until 8 December 2026." in page
    assert "{findings}" not in page.split("<form")[0]
    case, sent = decided(staff, case)
    assert sent.status_code == 302
    own = text_of(sign_in(Client(), staff, "complainant1").get(path_of(case, "letter")[:-7]))
    assert "That does not mean we think you were untruthful" in own
    assert "Three people heard it. #panic() *bold* {reference} $x$" in own
    due = case.deadlines.get(name="APPEAL_WINDOW").current_due
    assert f"Appeal until {due:%-d %B %Y}." in own


@pytest.mark.parametrize("letter", ["Dear {name}", "{ findings }", "A lone { brace", "{}"])
def test_an_unknown_placeholder_is_refused_and_nothing_is_lost(staff: Staff, letter: str) -> None:
    case, refused = decided(staff, letter=letter)
    assert refused.status_code == 422
    assert "is no placeholder here" in text_of(refused)
    assert letter in refused.content.decode()
    assert cases.fresh(case).outcome == ""


def test_each_of_several_parts_has_its_own_finding_and_reasons(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    done(staff, case, "handler1", "add_allegation", START, text="The rota was changed.")
    day = START.date()
    done(staff, case, "handler1", "record_meeting", START, held_on=day, companion_asked=True)
    done(staff, case, "handler1", "record_respondent", START, asked_on=day)
    report = {"covered": ["1", "2"], "evidence_complete": True, "report": "R"}
    done(staff, case, "handler1", "submit_report", START, **report)
    client = sign_in(Client(), staff, "decider1")
    two = {**CHOICES, "finding_2": "UPHELD", "reasons": "", "because_1": "No one heard it."}
    two |= {"action": "Training", "action_owner": "staff1", "action_due_day": "4"}
    two |= {"action_due_month": "1", "action_due_year": "2027"}
    refused = client.post(path_of(case, "decide"), two)
    assert refused.status_code == 422
    assert "Give a finding and reasons for every part" in text_of(refused)
    sent = client.post(path_of(case, "decide"), {**two, "because_2": "The rota shows it."})
    assert sent.status_code == 302
    own = text_of(sign_in(Client(), staff, "complainant1").get(f"/cases/{case.reference}/"))
    first, second = own.index("Part 1: the concern"), own.index("Part 2: The rota was changed.")
    assert first < own.index("No one heard it.") < second < own.index("The rota shows it.")


def test_the_letter_is_a_tagged_pdf_for_those_who_may_read_it(staff: Staff) -> None:
    case = cases.in_decision(staff)
    assert sign_in(Client(), staff, "decider1").get(path_of(case, "letter")).status_code == 404
    decided(staff, case)
    for who in ("complainant1", "decider1", "handler1", "lead1"):
        answer = sign_in(Client(), staff, who).get(path_of(case, "letter"))
        assert answer["Content-Type"] == "application/pdf", who
    tags = tags_of(answer.content)
    assert tags[:2] == ["/Document", "/H1"]
    assert tags.count("/H2") == 2
    assert Event.objects.filter(kind="case.letter", subject=case.reference).count() == 4
    for who in ("respondent1", "decider2", "analyst1", "linemanager1"):
        assert sign_in(Client(), staff, who).get(path_of(case, "letter")).status_code == 404, who


def test_the_person_it_is_about_takes_out_their_own_letter(staff: Staff) -> None:
    case = hearing.decided_after(staff)
    token = case.hearings.get(standing="RESPONDENT").token
    own = sign_in(Client(), staff, "respondent1")
    assert own.get(f"/replies/{token}/letter/").status_code == 404
    told = {"person": staff["respondent1"], "text": "Not upheld.", "checked": True}
    done(staff, case, "decider1", "tell_respondent", at(3), **told)
    assert tags_of(own.get(f"/replies/{token}/letter/").content)[:2] == ["/Document", "/H1"]
    other = sign_in(Client(), staff, "staff1")
    assert other.get(f"/replies/{token}/letter/").status_code == 404


def test_lists_scripts_and_markup_are_set_as_they_were_typed() -> None:
    text = "Heading\n\n- one\n- two\n\n#let x = 1 \\ [[ ]] <a> @b `c`\n\nŻółć Đorđe نور"
    assert tags_of(letter_pdf("Our decision", "Fair Hearing", [], text, DAY)).count("/LI") == 2


def test_a_name_in_a_script_without_a_font_costs_no_one_their_letter() -> None:
    name = "\N{CJK UNIFIED IDEOGRAPH-7530}\N{CJK UNIFIED IDEOGRAPH-4E2D}"
    assert letter_pdf("Our decision", "Fair Hearing", [name], name, DAY).startswith(b"%PDF")


def test_a_block_is_in_force_only_once_a_second_person_approved_it(staff: Staff) -> None:
    lead, dpo = sign_in(Client(), staff, "lead1"), sign_in(Client(), staff, "dpo1")
    for who in ("decider1", "analyst1", "triage1"):
        assert sign_in(Client(), staff, who).get("/letters/").status_code == 404
    new = {"key": "CLOSING", "text": "You are free to speak. NEW-CLOSING"}
    wrong = lead.post("/letters/", {**new, "text": "Dear {first_name}"})
    assert (wrong.status_code, "Dear {first_name}" in wrong.content.decode()) == (422, True)
    assert lead.post("/letters/", new).status_code == 302
    number = str(blocks.waiting()[0].pk)
    for keeper, is_asked in ((lead, False), (dpo, True)):
        shown = keeper.get("/letters/").content.decode()
        assert ('name="answer"' in shown) is is_asked, "no one is asked about their own version"
    mine = lead.post("/letters/", {"number": number, "answer": "yes"})
    assert "A second person has to approve it" in text_of(mine)
    assert "NEW-CLOSING" not in blocks.in_force()["CLOSING"][1]  # type: ignore[index]
    assert dpo.post("/letters/", {"number": number, "answer": "yes"}).status_code == 302
    assert dpo.post("/letters/", {"number": number, "answer": "yes"}).status_code == 409
    assert "NEW-CLOSING" in text_of(lead.get("/letters/"))
    case = cases.in_decision(staff)
    form = sign_in(Client(), staff, "decider1").get(path_of(case, "decide"))
    assert "NEW-CLOSING" in text_of(form)
    kinds = list(Event.objects.filter(kind__startswith="letter.").values_list("kind", flat=True))
    assert kinds.count("letter.approved") == 1


def test_every_shipped_block_has_only_placeholders_that_exist() -> None:
    for key, text in blocks.SHIPPED.items():
        blocks.refuse_unknown(text, blocks.allowed_in(key))
    with pytest.raises(Refused):
        blocks.refuse_unknown("{findings}", blocks.OF_A_PART)


def test_the_reader_has_our_words_in_their_language_and_what_is_sealed_stays(
    staff: Staff,
) -> None:
    action = {
        "finding_1": "UPHELD", "action": "Training for all", "action_owner": "staff1",
        "action_due_day": "4", "action_due_month": "1", "action_due_year": "2027",
    }  # fmt: skip
    case, sent = decided(staff, None, letter=composing.first_draft(), **action)
    assert sent.status_code == 302
    client = sign_in(Client(), staff, "complainant1")
    client.cookies["fh_language"] = "cy"
    own = html.unescape(text_of(client.get(path_of(case, "letter")[:-7])))
    for words in (
        "Rydym yn cadarnhau'r rhan hon.",
        f"Ein rhesymau: {REASONS}",
        "- Training for all. Pwy: Staff 1. Erbyn: 4 Ionawr 2027",
        "Gallwch apelio hyd at 8 Rhagfyr 2026",
    ):
        assert words in own
    for words in ("We uphold", "Our reasons", "You can appeal", "Who: ", "Your rights"):
        assert words not in own
    with pikepdf.open(io.BytesIO(client.get(path_of(case, "letter")).content)) as document:
        assert str(document.Root.Lang) == "cy-GB"
    officer = text_of(sign_in(Client(), staff, "decider1").get(path_of(case, "letter")[:-7]))
    assert "You can appeal until 8 December 2026" in officer
    ring = Keyring.of(case, staff.holders["decider1"])
    assert "We uphold this part." in read_all(case, ring, [Kind.LETTER])[0].text


def test_every_paragraph_of_ours_is_found_again_and_no_other_is_changed() -> None:
    shipped = set(catalogues.paragraphs_in(json.loads((ROOT / catalogues.BLOCKS).read_text())))
    assert set(translating.paragraphs()) == shipped
    with translation.override("cy"):
        for text in ("You can appeal until then.", "Part of it: yes", "I uphold.", "", "\n\n\n"):
            assert translating.as_read(Kind.LETTER, text) == text
        told = "What was decided about you: \n\nMore."
        assert "amdanoch chi" in translating.as_read(Kind.OUTCOME_NOTE, told.replace(": ", ": No."))
        assert translating.as_read(Kind.MESSAGE, "Who: me") == "Who: me"
