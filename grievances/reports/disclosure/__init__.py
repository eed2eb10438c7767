"""Statistical disclosure control: no report may identify a person (domain.md 10).

This package `__init__` is plain Python, for the pages that show stored protected objects. Builders
import `disclosure.protection`, which needs scipy, and `disclosure.tables` for the exact tables.
"""

from grievances.reports.disclosure.audience import INTERNAL, PUBLISHED, Audience
from grievances.reports.disclosure.comments import ProtectedWords
from grievances.reports.disclosure.derived import ProtectedComparison, ProtectedRate
from grievances.reports.disclosure.differencing import (
    BLOCKED_DIFFERENCING,
    BLOCKED_TEXT,
    may_ask,
    may_release,
    may_release_table,
)
from grievances.reports.disclosure.measures import ProtectedMedian, ProtectedNeed, ProtectedSeries
from grievances.reports.disclosure.protected import (
    HIDDEN,
    SYMBOL,
    Figure,
    Hidden,
    ProtectedCount,
    ProtectedMean,
    ProtectedPoint,
    ProtectedShare,
    ProtectedSurvival,
    ProtectedTable,
    Shown,
)
from grievances.reports.disclosure.tables import Cell, Table

__all__ = [
    "BLOCKED_DIFFERENCING",
    "BLOCKED_TEXT",
    "HIDDEN",
    "INTERNAL",
    "PUBLISHED",
    "SYMBOL",
    "Audience",
    "Cell",
    "Figure",
    "Hidden",
    "ProtectedComparison",
    "ProtectedCount",
    "ProtectedMean",
    "ProtectedMedian",
    "ProtectedNeed",
    "ProtectedPoint",
    "ProtectedRate",
    "ProtectedSeries",
    "ProtectedShare",
    "ProtectedSurvival",
    "ProtectedTable",
    "ProtectedWords",
    "Shown",
    "Table",
    "may_ask",
    "may_release",
    "may_release_table",
]
