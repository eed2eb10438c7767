"""The yearly file for publication: figures, dictionary, description and notes.

The figures are those of the reports for the published audience: nothing under ten. The description
is CSV on the Web (W3C, "Metadata Vocabulary for Tabular Data"). Plain Python: a page may write it.
"""

import csv
import io

from django.conf import settings

from grievances.reports import snapshots
from grievances.reports.catalogue import DATASET, REPORTS
from grievances.reports.layout.exports import FILE_COLUMNS, NUMBERS, figures_of, safe
from grievances.reports.layout.tidy import MARKERS
from grievances.reports.periods import Length, Period, read_period
from grievances.reports.snapshots import PUBLISHED, Built
from workflow.json_values import JsonObject

COLUMNS = {
    "report": "Which report the figure belongs to.",
    "period": "The financial year, 1 April to 31 March.",
    "counted until": "The last day counted, as YYYY-MM-DD.",
    "section": "Which part of the report.",
    "geography": "The region group of the figure, or Everywhere.",
    "group": "The ethnic group of the figure, or All.",
    "figure": "What is counted, in words.",
    "category": "The row of a table, or All.",
    "subcategory": "The column of a table, or All.",
    "measure": "Which number of the figure.",
    "unit": "What the number is in: count, percent, working days, a rate.",
    "value": "The number. It is empty where the marker says why.",
    "lower bound": "The lower limit of the interval of the number; empty where it has none.",
    "upper bound": "The upper limit of the interval of the number; empty where it has none.",
    "marker": "; ".join(f"{marker} {words}" for marker, words in MARKERS.items()) + ".",
    "note": "What the number says, in words; empty for most.",
}
KEY = ("report", "section", "figure", "category", "subcategory", "measure")
"""The columns that together name a row of one year."""
MAY_BE_EMPTY = (*NUMBERS, "marker", "note")
SOURCE = (
    "Administrative records of concerns about race discrimination that staff raised in one "
    "organisation, and the anonymous survey of those who raised them."
)
COUNTED = (
    "Every concern that was sent. Duplicates are left out; concerns passed to another process are "
    "counted apart. Who never came forward is in no figure."
)
METHODS = (
    "Intervals of shares are Wilson's, of differences Newcombe's, both of 95%, or of 99.8% where "
    "three or more groups are compared with one. How long concerns take is an actuarial "
    "Kaplan-Meier estimate with open concerns counted, made of rounded counts. Rates are of the "
    "mean staff of the period, and of a year. A promise is kept when it was met by the date that "
    "fell in the year."
)
LIMITS = (
    "A region and an ethnic group are what was recorded. No rate by ethnic group is given where "
    "fewer than 60 in 100 said theirs. The survey is voluntary and not weighted. Withdrawals are "
    "taken to be like other concerns in the curve, which they may not be."
)
RULES = (
    "Counts are rounded to the nearest 5, each by itself, and may not add up. The marker [c] is in "
    "place of every figure that is not shown: nothing under 10 concerns or 10 people is, nor what "
    "would let one be worked out. Shares are worked out from the rounded counts, and only of 20 or "
    "more. "
    "People and not concerns are the trials of an interval. "
    "Rounding alone can move a share of 50 or more by up to 8 points; of a share of fewer than 50 "
    "the file says between which shares it was before rounding, and marks it [u]. "
    "Recorded concerns are not incidence."
)
REVISIONS = (
    "A year is published once its surveys have closed and is never rewritten. Years of Volumes, "
    "Outcomes and Withdrawals are counted again one and two years later, inside the organisation; "
    "a revision is shown beside what was published. A figure that a few people moved keeps its "
    "value for a year."
)


def years() -> list[Period]:
    """Return the years that have a file, newest first."""
    found = {period for name in DATASET for period in snapshots.periods(REPORTS[name], PUBLISHED)}
    return sorted(
        (p for p in found if p.length is Length.YEAR), key=lambda p: p.first, reverse=True
    )


def mark_of(year: str) -> str:
    """Return the mark of a year whose figures are not the organisation's own.

    It is empty for all other years.
    """
    return built_in(year)[0].document.mark


def write_figures(year: str) -> str:
    """Return every figure of the year as CSV.

    Raises LookupError where there is no file for it.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(FILE_COLUMNS)
    for built in built_in(year):
        writer.writerows(figures_of(built.document))
    return out.getvalue()


def write_dictionary(year: str) -> str:
    """Return the meaning of every report and column, as CSV.

    Raises LookupError where there is no such file.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("kind", "name", "meaning"))
    writer.writerows(("column", name, safe(meaning)) for name, meaning in COLUMNS.items())
    for built in built_in(year):
        report = REPORTS[built.document.report]
        writer.writerow(("report", report.name, report.question))
        for words in (*report.definition, *report.limits):
            writer.writerow(("report", report.name, safe(words)))
        for section in built.document.sections:
            meaning = safe(f"{section.heading}. {section.note}")
            writer.writerow(("section", f"{report.name}/{section.key}", meaning))
        if built.document.certificate is not None:
            words = safe(built.document.certificate.words)
            writer.writerow(("section", f"{report.name}/certificate", words))
    return out.getvalue()


def describe(year: str) -> JsonObject:
    """Return the description of the file, for machines.

    Raises LookupError where there is no such file.
    """
    built = built_in(year)
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": f"concerns-{year}.csv",
        "dc:title": f"Race-discrimination concerns, {year}",
        "dc:description": f"{built[0].document.mark} {RULES}".strip(),
        "dc:issued": _issued(built),
        "dc:temporal": read_period(year).label,
        "dc:license": {"@id": settings.DATA_LICENCE},
        **_publisher(),
        "notes": [
            {"dictionary": f"concerns-{year}-dictionary.csv"},
            {"quality and methods": f"concerns-{year}-notes.txt"},
        ],
        "dialect": {"header": True, "encoding": "utf-8", "lineTerminators": ["\r\n"]},
        "tableSchema": table_schema(),
    }


def table_schema() -> JsonObject:
    """Return what each column of a file of figures is, for machines."""
    return {
        "columns": [_column(name) for name in FILE_COLUMNS],
        "primaryKey": [_machine_name(name) for name in KEY],
    }


def _column(name: str) -> dict[str, object]:
    return {
        "name": _machine_name(name),
        "titles": name,
        "dc:description": COLUMNS[name],
        "datatype": _datatype(name),
        "required": name not in MAY_BE_EMPTY,
    }


def _machine_name(name: str) -> str:
    return name.replace(" ", "_")


def _datatype(name: str) -> str:
    if name == "counted until":
        return "date"
    return "decimal" if name in NUMBERS else "string"


def _publisher() -> dict[str, object]:
    """Return who publishes the file and who answers questions, where that was set."""
    found: dict[str, object] = {}
    if settings.PUBLISHER:
        found["dc:publisher"] = {"schema:name": settings.PUBLISHER}
    if settings.PUBLISHER_CONTACT:
        found["dcat:contactPoint"] = {"vcard:hasEmail": f"mailto:{settings.PUBLISHER_CONTACT}"}
    return found


def _issued(built: list[Built]) -> str:
    return max(one.made_at for one in built).date().isoformat()


def about(year: str) -> tuple[tuple[str, str], ...]:
    """Return what a reader must know of a year's file: pairs of a heading and a text.

    Raises LookupError where there is no such file.
    """
    built = built_in(year)
    mark = [("The figures", built[0].document.mark)] if built[0].document.mark else []
    return (
        *mark,
        ("Period", read_period(year).label),
        ("Published", _issued(built)),
        ("Publisher", settings.PUBLISHER or "Not set: ask where you found this file."),
        ("Contact", settings.PUBLISHER_CONTACT or "Not set: ask where you found this file."),
        ("Licence", settings.DATA_LICENCE),
        ("Source", SOURCE),
        ("Who is counted", COUNTED),
        ("Rules", RULES),
        ("Methods", METHODS),
        ("Known limits", LIMITS),
        ("Revisions", REVISIONS),
    )


def write_notes(year: str) -> str:
    """Return the note on quality and methods as plain text.

    Raises LookupError where there is no such file.
    """
    title = f"Race-discrimination concerns, {year}: quality and methods"
    parts = [title, *(f"{heading}\n{words}" for heading, words in about(year))]
    return "\n\n".join(parts) + "\n"


def built_in(year: str) -> list[Built]:
    """Return the published reports of a year.

    Raises:
        LookupError: There is no file for the year.
    """
    found = [snapshots.published(name, year, PUBLISHED) for name in DATASET]
    built = [one for one in found if one is not None]
    if not built:
        raise LookupError(f"There is no published file for {year}.")
    return built
