"""A text that begins like an email is known as one, and no other text is."""

from __future__ import annotations

import binascii

import pytest

from grievances.evidence import file_types
from grievances.evidence.file_types import NAMES_STAY
from grievances.evidence.sanitiser import enclosed
from tests.evidence.cleaned_documents import cleaned
from tests.evidence.judged import kind, refusal
from workflow.steps import Refused

WORDS = "\n\nHe said it again.\n"
HEAD = "From: Ana Lee\nSent: Monday, 4 May 2026 10:00\nTo: Bo Hall\nSubject: Rota"
GMAIL = "From: Ana <ana@example.invalid>\nDate: Mon, 4 May 2026 at 10:00\nSubject: Rota"
PASTED: dict[str, str] = {
    "Outlook": HEAD,
    "Outlook, with tabs": "From:\tB\nSent:\tMonday 10:00\nTo:\tme\nSubject:\ttone",
    "Outlook, another order": "Subject: Rota\nTo: Bo\nSent: 04/05/2026 10:00\nFrom: Ana",
    "two words": "From: ana@example.invalid\nSubject: Rota",
    "to an address": "To: hr@example.invalid\nSubject: Rota",
    "sender and time sent": "From: Ana Lee\nSent: 4 May 2026 10:00",
    "Outlook, with a blind copy": "Bcc: a@example.invalid\nSubject: x",
    "capitals": HEAD.upper(),
    "space before the colon": "From : Ana <ana@example.invalid>\nTo : Bo",
    "on one line": "From: Ana Lee Sent: 4 May 2026 10:00 To: Bo Hall Subject: Rota",
    "value below": "From:\nAna Lee\nSent:\n4 May 2026 10:00\nTo:\nBo\nSubject:\nRota",
    "original message": "-----Original Message-----\nFrom: Ana\nTo: Bo",
    "forwarded by Apple": "Begin forwarded message:\n\nFrom: Ana\nSubject: Rota",
    "forwarded by Gmail": "---------- Forwarded message ---------\n" + GMAIL,
    "forwarded by Thunderbird": "-------- Forwarded Message --------\nSubject: Rota\nFrom: Ana",
    "underlined": "_" * 32 + "\n" + HEAD,
    "diary quoting an email": "Diary\nthen this came:\nFrom: B\nSubject: x\nDate: 4 May 2026",
    "with a note": "FYI, see below.\n\n" + HEAD,
    "answer": "On Mon, 4 May 2026 at 10:00, Ana Lee <ana@example.invalid> wrote:\n> Rota",
    "answer below": "Thanks.\n\nOn 4 May 2026, at 10:00, Ana Lee wrote:\n\n> Rota",
    "answer over two lines": "On Mon, 4 May 2026 at 10:00, Ana\n<ana@example.invalid> wrote:\n> x",
    "quoted": "".join(f"> {line}\n" for line in HEAD.split("\n")),
    "Markdown": "**From:** Ana Lee  \n**Sent:** 4 May 2026 10:00  \n**To:** Bo",
    "Markdown, colon outside": "**From**: Ana Lee\n**Date**: 4 May 2026\n**Subject**: Rota",
    "Markdown table": "| From | Ana <ana@example.invalid> |\n|---|---|\n| Subject | Rota |",
    "Markdown list": "- From: Ana <ana@example.invalid>\n- Subject: Rota",
    "HTML": "<span>From:</span> Ana &lt;ana@example.invalid&gt;<br><b>Subject:</b> Rota",
    "HTML rows": "<tr><td>From:</td><td>ana@example.invalid</td><tr><td>To:</td><td>B</td>",
    "with unseen signs": "\u200eFrom:\u00a0Ana\n\u200eSent:\u00a04 May 2026\n\u200eTo:\u00a0Bo",
    "address of the Exchange": "From: Ana </O=EXCHANGE/CN=ANA>\nSent: 4.5.2026\nTo: Bo",
    "German": "Von: Ana\nGesendet: Montag, 4. Mai 2026 10:00\nAn: Bo\nBetreff: Plan",
    "German, forwarded": "-----Ursprüngliche Nachricht-----\nVon: Ana\nAn: Bo",
    "German answer": "Am 04.05.2026 um 10:00 schrieb Ana Lee <ana@example.invalid>:\n> x",
    "French": "De : Ana\nEnvoyé : lundi 4 mai 2026 10:00\nÀ : Bo\nObjet : Horaire",
    "French, forwarded": "Début du message transféré :\n\nDe: Ana\nObjet: Horaire",
    "French answer": "Le lun. 4 mai 2026 à 10:00, Ana <ana@example.invalid> a écrit :\n> x",
    "Welsh": "Oddi wrth: Ana\nAnfonwyd: 4 Mai 2026 10:00\nAt: Bo\nPwnc: Rota",
    "Welsh, forwarded": "-----Neges Wreiddiol-----\nOddi wrth: Ana\nAt: Bo",
    "Welsh answer": "Ar 4 Mai 2026 am 10:00, ysgrifennodd Ana <ana@example.invalid>:\n> x",
    "Spanish": "De: Ana\nEnviado: lunes, 4 de mayo de 2026 10:00\nPara: Bo\nAsunto: Turno",
    "Italian": "Da: Ana\nInviato: 04/05/2026 10:00\nA: Bo\nOggetto: Turno",
    "Polish": "Od: Ana\nWysłano: 4 maja 2026 10:00\nDo: Bo\nTemat: Grafik",
    "Dutch": "Van: Ana\nVerzonden: 04-05-2026 10:00\nAan: Bo\nOnderwerp: Rooster",
    "Chinese": "发件人: Ana\n发送时间: 2026/05/04 10:00\n收件人: Bo",
    "web mail": "RE: Rota\nAna Lee <ana@example.invalid>\nMon 04/05/2026 10:00\nTo: Bo Hall",
    "forwarded by Mutt": "----- Forwarded message from Ana -----\nFrom: Ana\nSubject: x",
    "named like a month": "From: May Lee\nSent: 4 May 2026 10:00\nTo: x",
}  # fmt: skip
ORDINARY: dict[str, str] = {
    "days off": "From: Monday to Friday\nI was ill.",
    "days off, two lines": "From: Monday\nTo: Friday",
    "dates off": "From: 4 May 2026\nTo: 8 May 2026",
    "leave": "Subject: leave\nDate: 1 May 2026\nFrom: Monday 4 May 2026\nTo: Friday 8 May 2026",
    "timetable": "To: Leeds\n10:00\n11:00",
    "journey": "From: Leeds\nTo: York\nDate: 4 May 2026",
    "journey, the words alone": "From: Leeds\nTo: York",
    "journey, times": "From: 10:00\nTo: 11:30\nDate: 04/05/2026",
    "ticket": "Date: 4 May 2026\nFrom: Leeds\nTo: York\nPrice: 12 pounds\nSeat: 14",
    "note with a date": "Date: 4 May 2026\nSubject: the meeting",
    "minutes": "Date: 4 May 2026\nSubject: the rota\nPresent: Ana, Bo\nApologies: none",
    "diary": "Monday: bad\nTuesday: worse\n\nSubject: me",
    "diary, quotation": "> From: B\n> To: me\n> Subject: tone\n\nI felt sick.",
    "card": "From: Colin\nTo: Ana\nHappy birthday",
    "chat": "[04/05/2026, 10:00] Ana: hi\n[04/05/2026, 10:01] Bo: from: now on, stop",
    "chat, with the words": "Ana: From: where?\nBo: To: Leeds\nAna: Sent: it",
    "chat log": "10:00 Ana: sent the rota on 4 May 2026\n10:02 Bo: to whom?",
    "contacts": "Email: ana@example.invalid\nPhone: 0113 496 0000",
    "one address": "From: ana@example.invalid",
    "an address in a sentence": "I wrote to hr@example.invalid on 4 May 2026. Subject: rota.",
    "he wrote": "On Monday Colin wrote:\nI will not work with them.",
    "he wrote, with a date": "On 4 May 2026 Colin wrote: go home",
    "he wrote at a time": "On 4 May 2026 at 10:00 Colin wrote:\non the board, in red.",
    "sent home": "Sent: home at ten on Monday 4 May 2026\nFrom: the office",
    "sent at ten": "Sent: 10:00\nFrom: Colin",
    "parcel": "To: Leeds office\nSent: 4 May 2026",
    "long note, words late": "\n".join(f"line {n}" for n in range(60)) + "\n" + HEAD,
    "lesson": "Subject: law\nDate: 4 May 2026\nFrom: 9:00\nTo: 10:00",
    "German days": "Von: Montag\nAn: Freitag\nDatum: 4. Mai 2026",
    "German hours": "Von: 4.5.2026 10:00\nBis: 4.5.2026 11:00\nBetreff: Schicht",
    "French journey": "De : Lyon\nÀ : Paris\nDate : 4 mai 2026",
    "Welsh days": "O: ddydd Llun\nI: ddydd Gwener",
    "rota": "From,To,Date\n10:00,11:00,2026-05-04",
    "the original": "The original message was rude.\nFrom: then on I kept notes.",
    "told to forward": "Begin forwarded message or not, I did not know.",
    "months": "From: April\nTo: June\nSubject: numbers\nDate: 4 May 2026",
    "handbook": "From: Line 4\nTo: Line 9\nDate: 4 May 2026\nSubject: see the handbook",
    "printer": "Sent: Monday 10:00\nTo: the printer",
    "people": "Ana Lee <ana@example.invalid>\nBo Hall <bo@example.invalid>",
    "incident": "Date: 4 May 2026\nTime: 10:00\nFrom: Colin\nTo: me\nWhat: he swore",
    "rule": "----- Notes -----\nFrom: Monday on",
}  # fmt: skip


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("what", PASTED)
def test_a_text_that_begins_like_an_email_is_one(what: str, newline: str) -> None:
    body = (PASTED[what] + WORDS).replace("\n", newline)
    assert kind(body.encode()) in NAMES_STAY
    assert kind(body.encode("utf-16")) == "pasted_email"
    assert kind(("\ufeff\n\n" + body).encode()) in NAMES_STAY


@pytest.mark.parametrize("what", [each for each in PASTED if each[:3] in {"Ger", "Fre", "Spa"}])
def test_so_is_one_of_an_older_program(what: str) -> None:
    assert kind((PASTED[what] + WORDS).encode("cp1252")) == "pasted_email"


@pytest.mark.parametrize("what", ORDINARY)
def test_another_text_is_no_email(what: str) -> None:
    assert kind((ORDINARY[what] + WORDS).encode()) == "text"
    assert kind((ORDINARY[what] + WORDS).replace("\n", "\r\n").encode("utf-16")) == "text"


@pytest.mark.parametrize("body", [b"<chat>", b" \n\t\n", b"<tr><td></td></tr>", b"From:", b"\r"])
def test_a_text_without_words_is_a_text(body: bytes) -> None:
    assert kind(body) == "text"


def test_a_long_text_is_judged_by_its_first_lines() -> None:
    assert kind((HEAD + WORDS + "line\n" * 100_000).encode()) == "pasted_email"
    assert kind(("line\n" * 100_000 + HEAD).encode()) == "text"


@pytest.mark.parametrize("ending", [".txt", ".md", ".csv", ".log"])
def test_a_pasted_email_keeps_its_ending(ending: str) -> None:
    assert (
        file_types.name_to_save(f"mail{ending}", "pasted_email", is_copy=False) == f"mail{ending}"
    )


def test_a_pasted_email_with_signs_of_a_program_is_no_text() -> None:
    with pytest.raises(Refused):
        file_types.check_whole(
            file_types.KINDS["pasted_email"], lambda: [HEAD.encode() + b"\n" * 9000, b"\0\1"]
        )
    assert refusal(HEAD.encode() + b"\n\0\1\2") == "KIND_NOT_ACCEPTED"


def test_a_program_in_a_pasted_email_is_refused_as_in_an_email() -> None:
    program = b"begin 644 run.exe\n" + binascii.b2a_uu(b"MZ\x90\0" + bytes(40)) + b"`\nend\n"
    for head in (HEAD, PASTED["answer"]):
        report, _ = cleaned(head.encode() + b"\n\nsee\n\n" + program, "email")
        assert report.code == "MACROS"
        report, _ = cleaned(head.encode() + b"\n\nsee\n", "email")
        assert report.code == "looked"
        assert any("Ana Lee" in value for _, value in report.found)


def test_a_pasted_email_in_a_document_is_left_out_like_a_text() -> None:
    assert enclosed.clean("a.txt", (HEAD + WORDS).encode(), []) is None
