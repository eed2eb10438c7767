"""Know a text that begins like an email: pasted, forwarded or answered.

Programs write the head of an email into the text that a person copies, in the person's language.
One such line is in many notes ("From: Monday to Friday"), so two are needed, with an address or
with the date on which it was sent.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator

MOST_LINES = 20
MOST_SIGNS = 1000
"""How many lines that are not empty are looked at, and how much of each."""
WORDS = {
    "from": "from|von|de|oddi wrth|oddiwrth|da|od|van|发件人|من",
    "sent": "sent|sent on|gesendet|gesendet am|envoyé|envoyé le|anfonwyd|enviado|enviado el|"
            "enviada em|inviato|wysłano|verzonden|发送时间|تم الإرسال",
    "to": "to|an|à|a|at|i|para|do|aan|收件人|إلى",
    "copy": "cc|bcc|kopie|kopie an|blindkopie|copie|copie à|copi|dw|udw|reply-to|reply to|"
            "antwort an|répondre à|ateb i|抄送|نسخة",
    "subject": "subject|betreff|objet|sujet|pwnc|testun|asunto|assunto|oggetto|temat|onderwerp|"
               "主题|الموضوع",
    "date": "date|datum|dyddiad|fecha|data",
}  # fmt: skip
"""What programs write before each line, in twelve languages."""
ROLE_OF = {word: role for role, words in WORDS.items() for word in words.split("|")}
ANY = "|".join(map(re.escape, sorted(ROLE_OF, key=len, reverse=True)))
LEAD = r"[\s>*_|#•+–\"-]*"
FIELD = re.compile(rf"{LEAD}({ANY})[\s*_]*[:|][\s*_]*(.*)", re.IGNORECASE)
NAMES = [each for word in ROLE_OF if len(word) > 1 for each in (word.capitalize(), word.upper())]
NEXT_FIELD = re.compile(rf"\s+(?=(?:{'|'.join(map(re.escape, NAMES))})\s?:\s)")
"""The place before the next line of a head that was pasted as one line."""
FORWARDED = re.compile(
    rf"{LEAD}(?:(?:begin |anfang der )?(?:original|forwarded|ursprüngliche|weitergeleiteten?)[ -]?"
    r"(?:message|e-?mail|nachricht)(?: from .*)?|originalnachricht|"
    r"message (?:d'origine|transféré|original)|"
    r"début du message (?:transféré|réexpédié)|(?:dechrau )?neges (?:wreiddiol|a anfonwyd ymlaen)|"
    r"mensaje (?:original|reenviado)|mensagem (?:original|encaminhada)|messaggio (?:originale|"
    r"inoltrato)|wiadomość oryginalna|(?:oorspronkelijk|doorgestuurd) bericht)[\s:*_-]*",
    re.IGNORECASE,
)
"""The line that programs put above a message that is forwarded or answered."""
WROTE = re.compile(
    rf"{LEAD}(?:on|am|le|ar|el|il|em|op|w dniu|dnia)\s(.{{3,250}}?)\b(?:wrote|schrieb|a écrit|"
    r"ysgrifennodd|escribió|ha scritto|escreveu|napisał(?:\(?a\)?)?|schreef)\b(.{0,120}?):(?=\s|$)"
    r"\s*(>?)",
    re.IGNORECASE,
)
"""The line above the quotation in an answer."""
ADDRESS = re.compile(r"[\w.+%'-]@[\w-]+\.[\w.-]*\w|/o=\w", re.IGNORECASE)
"""An address of email, or one of Exchange."""
SENDER = re.compile(r"[^:@<>]{2,60}<[\w.+'-]+@[\w.-]+>")
"""How a program begins an email without the word "From"."""
TIME = r"\d{1,2}[:.h]\d{2}"
FIGURES = r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}"
DAY = (
    rf"(?:{FIGURES}|\d{{1,2}}(?:st|nd|rd|th|\.|er)?\s+(?:de\s+)?[^\W\d_]{{3,}}\.?,?\s+(?:de\s+)?"
    rf"(?:\d{{4}}|{TIME})|[^\W\d_]{{3,}}\.?\s+\d{{1,2}},?\s+\d{{4}})"
)
SENT_ON = re.compile(
    rf"(?:[^\W\d_]{{2,12}}[.,]{{0,2}}\s+){{0,2}}{DAY}|[^\W\d_]{{2,12}}[.,]{{0,2}}\s+{TIME}"
)
"""A date and perhaps a time, as programs write it in many languages."""
IN_ANSWER = re.compile(rf"{DAY}.*{TIME}")
WEEKDAYS = (
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday|montag|dienstag|mittwoch|donnerstag|"
    "freitag|samstag|sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|today|tomorrow|now"
)
MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
NO_SENDER = re.compile(
    rf"\b(?:{WEEKDAYS})\b|{FIGURES}|{TIME}|^\d|^\D+ \d+$|^(?:{MONTHS})$", re.IGNORECASE
)
"""A time from which something is: no one's name."""
BREAK = re.compile(r"</?(?:br|p|div|tr|li)(?:\s[^<>@]*)?/?>", re.IGNORECASE)
TAG = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>@]*)?/?>", re.IGNORECASE)


def is_pasted(text: str) -> bool:
    """Return whether a text begins like an email that was pasted."""
    lines = list(first_lines(text))
    if any(is_answer(lines, number) for number in range(len(lines))):
        return True
    head = fields(lines)
    if len(head) < 2:
        return False
    if any(map(FORWARDED.fullmatch, lines)) and "from" in head:
        return True
    if any(ADDRESS.search(head.get(role, "")) for role in ("from", "to", "copy")):
        return True
    sender = head.get("from", "")
    if not sender or NO_SENDER.search(sender):
        return False
    is_dated = bool(SENT_ON.match(head.get("date", ""))) and "subject" in head
    return is_dated or bool(SENT_ON.match(head.get("sent", "")))


def people_in(text: str) -> list[str]:
    """Return the people whom the head of a pasted email names."""
    lines = list(first_lines(text))
    head = fields(lines)
    named = [head[role] for role in ("from", "to", "copy") if head.get(role)]
    answers = (WROTE.match(" ".join(lines[number:])) for number in range(len(lines)))
    return named + [f"{each[1]}{each[2]}".strip() for each in answers if each]


def first_lines(text: str) -> Iterator[str]:
    """Yield the first lines that are not empty, without tags and unseen signs.

    A head that was pasted as one line is cut into its lines.
    """
    plain = html.unescape(TAG.sub(" ", BREAK.sub("\n", text)))
    shown = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")
    lines = filter(str.strip, unicodedata.normalize("NFKC", shown).splitlines())
    for _, line in zip(range(MOST_LINES), lines, strict=False):
        cut = line[:MOST_SIGNS]
        yield from NEXT_FIELD.split(cut) if FIELD.match(cut) else [cut]


def fields(lines: list[str]) -> dict[str, str]:
    """Return the first value of each line of a head, by what it says.

    In a pasted table a value is on the line below.
    """
    head: dict[str, str] = {}
    for line, below in zip(lines, [*lines[1:], ""], strict=False):
        field = FIELD.fullmatch(line)
        if field:
            value = field[2].strip(" |*_")
            is_below = not value and not FIELD.fullmatch(below)
            head.setdefault(ROLE_OF[field[1].lower()], below.strip() if is_below else value)
        elif SENDER.match(line):
            head.setdefault("from", line.strip())
    return head


def is_answer(lines: list[str], number: int) -> bool:
    """Return whether such a line says who wrote what is quoted below it.

    People also write "On Monday he wrote:", so it needs an address, or a time and a quotation.
    """
    said = WROTE.match(" ".join(lines[number : number + 4]))
    if not said:
        return False
    named = said[1] + said[2]
    return bool(ADDRESS.search(named)) or bool(said[3] and IN_ANSWER.search(named))
