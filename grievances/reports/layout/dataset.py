"""The yearly file for publication: figures, dictionary and metadata.

The figures are those of the reports for the published audience: nothing under ten. The metadata is
CSV on the Web (W3C, "Metadata Vocabulary for Tabular Data"). Plain Python: a page may write it.
"""

import csv
import io
from typing import Any

from grievances.reports import snapshots
from grievances.reports.catalogue import DATASET, REPORTS
from grievances.reports.layout.exports import FILE_COLUMNS, figures_of, safe
from grievances.reports.periods import Length, Period, read_period
from grievances.reports.snapshots import PUBLISHED, Built

COLUMNS = {
    "report": "Which report the figure belongs to.",
    "period": "The financial year, 1 April to 31 March.",
    "counted until": "The last day counted, as YYYY-MM-DD.",
    "section": "Which part of the report.",
    "figure": "What is counted, in words.",
    "measure": "Which number of the figure: a count, a percent, or a limit of its 95% interval.",
    "value": "The number. * is not shown; no data means that there was nothing to count.",
}
RULES = (
    "Counts are rounded to the nearest 5, each by itself, and may not add up. A star stands for "
    "every figure that is not shown: nothing under 10 concerns or 10 people is, nor what would let "
    "one be worked out. Shares are worked out from the rounded counts, and only of 20 or more. "
    "People and not concerns are the trials of an interval. "
    "Rounding alone can move a share of fewer than 50 by up to 17 points, and one of 50 or more by "
    "up to 8. "
    "Recorded concerns are not incidence."
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
    return _built(year)[0].document.mark


def write_figures(year: str) -> str:
    """Return every figure of the year as CSV.

    Raises LookupError where there is no file for it.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(FILE_COLUMNS)
    for built in _built(year):
        for words in figures_of(built.document):
            writer.writerow([safe(word) for word in words])
    return out.getvalue()


def write_dictionary(year: str) -> str:
    """Return the meaning of every report and column, as CSV.

    Raises LookupError where there is no such file.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("kind", "name", "meaning"))
    writer.writerows(("column", name, meaning) for name, meaning in COLUMNS.items())
    for built in _built(year):
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


def describe(year: str) -> dict[str, Any]:
    """Return the metadata of the file, for machines.

    Raises LookupError where there is no such file.
    """
    built = _built(year)
    columns = [
        {
            "name": name.replace(" ", "_"),
            "titles": name,
            "dc:description": COLUMNS[name],
            "datatype": "date" if name == "counted until" else "string",
            "required": True,
        }
        for name in FILE_COLUMNS
    ]
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": f"concerns-{year}.csv",
        "dc:title": f"Race-discrimination concerns, {year}",
        "dc:description": f"{built[0].document.mark} {RULES}".strip(),
        "dc:issued": max(one.made_at for one in built).date().isoformat(),
        "dc:temporal": read_period(year).label,
        "notes": [{"dictionary": f"concerns-{year}-dictionary.csv"}],
        "dialect": {"header": True, "encoding": "utf-8", "lineTerminators": ["\r\n"]},
        "null": ["*", "no data", "not yet reached"],
        "tableSchema": {"columns": columns},
    }


def _built(year: str) -> list[Built]:
    found = [snapshots.published(name, year, PUBLISHED) for name in DATASET]
    built = [one for one in found if one is not None]
    if not built:
        raise LookupError(f"There is no published file for {year}.")
    return built
