"""Wording that may silence a person is quoted, and never refused.

An agreement that stops a worker from speaking about discrimination is void (Employment Rights Act
1996 s202A). A program cannot tell such a sentence from an innocent one. So the writer reads it
again and decides.
"""

from __future__ import annotations

import re
from typing import ClassVar

from django import forms

from grievances.web.shared.step_form import StepForm

SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
MUST = (
    r"\b(?:must|shall|should|will|may|can|agrees?|agreed|promises?|undertakes?|required|asked"
    r"|please)"
)
SAY = r"(?:discuss|disclose|mention|repeat|reveal|share|talk|speak|tell|comment)\b"
SHUT = r"\b(?:confidential|confidentiality|private|secret|quiet|to (?:your|them)sel(?:f|ves))\b"
SILENCING = re.compile(
    rf"{MUST}\b.*{SHUT}"
    rf"|{MUST}\b.*\b(?:not|never)\b(?: to)? {SAY}"
    rf"|\b(?:not|never) to {SAY}|\bdo not {SAY}|\bdon.t {SAY}"
    rf"|^\W*(?:keep|treat) (?:this|it|the|what|all)\b.*{SHUT}"
    r"|\bnon-?\s?disclosure\b|\bNDA\b|\bgag(?:ging|ged)?\b"
    r"|\bconfidentiality (?:clause|agreement|term)",
    re.IGNORECASE,
)
ABOUT_THE_NAME = re.compile(r"\b(?:your|the complainant.s|their) name\b", re.IGNORECASE)
"""A promise to keep a name confidential silences no one."""
LONGEST_QUOTE = 200


def silencing_sentences(text: str) -> list[str]:
    """Return the sentences of a text that may ask someone to keep quiet."""
    sentences = (" ".join(found.split()) for found in SENTENCE.findall(text))
    return [
        each for each in sentences if SILENCING.search(each) and not ABOUT_THE_NAME.search(each)
    ]


class WarnsOfSilence(StepForm):
    """A form whose texts are looked at for wording that may silence a person.

    `READ_BY_OTHERS` names the texts. The question `silence_checked` comes only with a sentence.
    """

    READ_BY_OTHERS: ClassVar[tuple[str, ...]] = ()
    silence_checked = forms.BooleanField(
        label="I have read it again. It does not ask anyone to keep quiet about discrimination",
        required=False,
    )

    def fill(self) -> None:
        """Ask about the sentences that were found in what was typed."""
        super().fill()
        typed = [str(self.data.get(name) or "") for name in self.data if self._is_read(name)]
        self.silencing = [found for text in typed for found in silencing_sentences(text)]
        question = self.fields.pop("silence_checked")
        if self.silencing:
            self.fields["silence_checked"] = question

    def _is_read(self, name: str) -> bool:
        """Return whether others read this text, or one of its kind ("action_2")."""
        return name.rstrip("0123456789").rstrip("_") in self.READ_BY_OTHERS

    def clean(self) -> dict[str, object]:
        """Return the answers; warn of a sentence that the writer has not read again."""
        data = super().clean() or self.cleaned_data
        if self.silencing and not data.get("silence_checked"):
            warning = forms.ValidationError(
                f"Read this again: “{_short(self.silencing[0])}” No one may be asked to keep quiet "
                "about discrimination. Change it, or tick the box if it asks no such thing.",
                code="CONFIDENTIALITY_WARNING",
            )
            self.add_error("silence_checked", warning)
        return data

    def codes(self) -> dict[str, object]:
        """Return the codes for the trail, with the answer to the warning."""
        answered = {"silence_checked": True} if self.silencing else {}
        return {**super().codes(), **answered}


def _short(sentence: str) -> str:
    if len(sentence) <= LONGEST_QUOTE:
        return sentence
    return f"{sentence[: LONGEST_QUOTE - 1]}…"
