"""A report as it is stored: words and protected objects.

Page, charts and files all use it. Plain Python. Nothing in it is exact: every figure is a protected
object or derived from one.
"""

from dataclasses import asdict, dataclass, field, replace
from datetime import date

from grievances.reports.certificates.certificate import Certificate
from grievances.reports.stored_objects import Protected, read_protected
from workflow.json_values import JsonMapping, JsonObject


@dataclass(frozen=True)
class Target:
    """A figure to beat: a whole percent and where it comes from."""

    percent: int
    source: str


@dataclass(frozen=True)
class Item:
    """One figure with its words.

    `bounds` are whole percents: the lowest and the highest the share could be if all had answered
    (domain.md 8). `hint` is the text under the label.
    """

    label: str
    figure: Protected
    bounds: tuple[int, int] | None = None
    target: Target | None = None
    hint: str = ""

    def to_json(self) -> JsonObject:
        """Return the item as plain JSON data."""
        return {
            "label": self.label,
            "figure": self.figure.to_json(),
            "bounds": list(self.bounds) if self.bounds else None,
            "target": asdict(self.target) if self.target else None,
            "hint": self.hint,
        }

    @classmethod
    def from_json(cls, data: JsonMapping) -> "Item":
        """Return the item that `to_json` wrote."""
        bounds, target = data["bounds"], data["target"]
        return cls(
            data["label"],
            read_protected(data["figure"]),
            (bounds[0], bounds[1]) if bounds else None,
            Target(**target) if target else None,
            data.get("hint", ""),
        )


@dataclass(frozen=True)
class Section:
    """Figures that belong together.

    `heading` is the message, `note` says what the figures count.
    """

    key: str
    heading: str
    note: str
    items: tuple[Item, ...]

    def to_json(self) -> JsonObject:
        """Return the section as plain JSON data."""
        return {
            "key": self.key,
            "heading": self.heading,
            "note": self.note,
            "items": [item.to_json() for item in self.items],
        }

    @classmethod
    def from_json(cls, data: JsonMapping) -> "Section":
        """Return the section that `to_json` wrote."""
        items = tuple(Item.from_json(item) for item in data["items"])
        return cls(data["key"], data["heading"], data["note"], items)


NOT_WHOLE = (
    "The first concern was received after the first month of this period, so the period may not be "
    "whole: its numbers may be those of fewer months. Do not compare them with whole periods."
)


@dataclass(frozen=True)
class Document:
    """One report for one period.

    `until` is the last local date counted; an unfinished period ends after it. `lead` is the answer
    in a sentence, `warning` what a reader must know first. `mark` says what the figures are where
    they are not the organisation's own; it is empty for all others. `certificate` says how well its
    hidden figures are protected. `whole` is false where the first concern came only after the first
    month of the period.
    """

    report: str
    period: str
    until: date
    threshold: int
    lead: str
    warning: str = ""
    sections: tuple[Section, ...] = field(default=())
    mark: str = ""
    certificate: Certificate | None = None
    whole: bool = True

    @property
    def caution(self) -> str:
        """What a reader must know first, in sentences; empty where there is nothing."""
        return " ".join(filter(None, (self.warning, "" if self.whole else NOT_WHOLE)))

    def to_json(self) -> JsonObject:
        """Return the document as plain JSON data, dates in ISO form."""
        return {
            "report": self.report,
            "period": self.period,
            "until": self.until.isoformat(),
            "threshold": self.threshold,
            "lead": self.lead,
            "warning": self.warning,
            "mark": self.mark,
            "whole": self.whole,
            "sections": [section.to_json() for section in self.sections],
            "certificate": self.certificate.to_json() if self.certificate else None,
        }

    @classmethod
    def from_json(cls, data: JsonMapping) -> "Document":
        """Return the document that `to_json` wrote."""
        sections = tuple(Section.from_json(section) for section in data["sections"])
        words = {name: data[name] for name in ("report", "period", "threshold", "lead", "warning")}
        until = date.fromisoformat(data["until"])
        # Data published before there were certificates has none.
        found = data.get("certificate")
        certificate = Certificate.from_json(found) if found else None
        rest = {name: data[name] for name in ("mark", "whole") if name in data}
        return cls(**words, until=until, sections=sections, certificate=certificate, **rest)

    def warned(self, warning: str) -> "Document":
        """Return the same document with a warning."""
        return replace(self, warning=warning)

    def marked(self, mark: str) -> "Document":
        """Return the same document with a mark.

        The mark says what the figures are where they are not the organisation's own.
        """
        return replace(self, mark=mark)
