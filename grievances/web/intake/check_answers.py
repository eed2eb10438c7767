"""The answers of a concern in words, as the page before sending lists them."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from grievances.people.regions import REGION_NOT_SAID, REGIONS
from grievances.vocabulary import Contact, Identity
from grievances.web.intake.forms import SHARE, WAY, initial_of
from grievances.web.intake.whose import whose_in_words
from grievances.web.intake.wizard_storage import ROWS, WizardStorage
from workflow.json_values import JsonObject

LABELS: dict[str, dict[str, object]] = {
    "way": {**dict(WAY)},
    "identity": {i.value: i.label for i in Identity},
    "share": {**dict(SHARE)},
    "contact": {c.value: c.label for c in Contact},
    "region": {**REGIONS, "": REGION_NOT_SAID},
}


def answer_rows(sheet: WizardStorage, answers: JsonObject) -> list[JsonObject]:
    """Return a line for each answer and one for the files, with links to change them."""
    return [
        {
            "key": label,
            "value": _in_words(name, answers),
            "actions": [
                {
                    "text": gettext("Change"),
                    "href": f"{sheet.href(page)}?to=check",
                    "hidden": gettext(label).lower(),
                }
            ],
        }
        for page, name, label in ROWS
        if page in (*sheet.pages, *sheet.optional)
    ] + [
        {
            "key": gettext("Files"),
            "value": files_in_words(sheet) or gettext("No files"),
            "actions": [
                {"text": gettext("Change"), "href": sheet.href("files"), "hidden": gettext("files")}
            ],
        }
    ]


def files_in_words(sheet: WizardStorage) -> str:
    """Return how many files a draft holds, "" for none."""
    count = sheet.file_count
    return (
        ngettext("{number} file added", "{number} files added", count).format(number=count)
        if count
        else ""
    )


def _in_words(name: str, answers: JsonObject) -> str:
    value = str(answers.get(name) or "")
    if name == "raised_for":
        return whose_in_words(answers)
    shown = gettext(str(LABELS[name].get(value, value))) if name in LABELS else value
    lines = [shown]
    if name == "when" and answers.get("last_day"):
        lines.append(
            gettext("Last day: {last_day}").format(
                last_day=date_format(initial_of(answers)["last_day"], "j F Y")
            )
        )
    if name == "when" and answers.get("days"):
        others = ", ".join(date_format(day, "j F Y") for day in initial_of(answers)["days"])
        lines.append(gettext("Other days: {others}").format(others=others))
    if name == "identity" and value == Identity.CONFIDENTIAL:
        lines.append(
            gettext("Share it with those who work on it: {share}").format(
                share=LABELS["share"][answers["share"]]
            )
        )
    if name == "contact":
        lines.append(str(answers.get("address") or ""))
    return "\n".join(filter(None, lines)) or gettext("Nothing written")
