"""How complete the monitoring data are, by region: asked, answered, preferred not to say (K11).

For the statistics job: these counts are exact and have to pass the disclosure rules before anybody
sees them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from grievances.models.monitoring import MonitoringLink
from grievances.monitoring.codes import NOT_ANSWERED, PREFER_NOT
from grievances.monitoring.statistics import read_copies, read_declared, read_states

LEAST_DECLARED = 60
"""Percent of all who must have declared before a rate may be shown (domain.md 1, K11)."""
ALL = "ALL"
"""The key of all regions together."""


@dataclass
class Quality:
    """One region: its concerns, how many were asked, answered, and preferred not to say."""

    concerns: int = 0
    asked: int = 0
    answered: int = 0
    prefer_not: int = 0

    @property
    def declared(self) -> int:
        """Those who named an ethnic group."""
        return self.answered - self.prefer_not

    @property
    def asked_percent(self) -> float | None:
        """Of all concerns; None where there are none."""
        return _percent(self.asked, self.concerns)

    @property
    def answered_percent(self) -> float | None:
        """Of all concerns, those who answered, "prefer not to say" included."""
        return _percent(self.answered, self.concerns)

    @property
    def prefer_not_percent(self) -> float | None:
        """Of all who answered, those who preferred not to say."""
        return _percent(self.prefer_not, self.answered)

    @property
    def may_show_rates(self) -> bool:
        """Whether enough have declared for a rate by ethnic group to be shown."""
        return self.concerns > 0 and 100 * self.declared >= LEAST_DECLARED * self.concerns


def measure(regions: Mapping[int, str]) -> dict[str, Quality]:
    """Region -> how complete its answers are, and all of them under `ALL`.

    `regions` maps every concern that counts (its case key) to its region group. Answers without a
    way back are counted by the region that they carry, as far as that region's concerns go.
    """
    found: dict[str, Quality] = defaultdict(Quality)
    declared, states = read_declared(), read_states()
    apart: dict[str, int] = defaultdict(int)
    for case, region in regions.items():
        quality, state = found[region], states.get(case, "")
        quality.concerns += 1
        quality.asked += bool(state)
        if state == MonitoringLink.State.APART:
            apart[region] += 1
            continue
        _count(quality, declared.get(case, {}).get("ethnic_group", NOT_ANSWERED))
    for copy in read_copies():
        if apart[copy.region]:
            apart[copy.region] -= 1
            _count(found[copy.region], copy.codes["ethnic_group"])
    found[ALL] = _sum(list(found.values()))
    return dict(found)


def _count(quality: Quality, code: str) -> None:
    quality.answered += code != NOT_ANSWERED
    quality.prefer_not += code == PREFER_NOT


def _sum(parts: list[Quality]) -> Quality:
    return Quality(
        concerns=sum(part.concerns for part in parts),
        asked=sum(part.asked for part in parts),
        answered=sum(part.answered for part in parts),
        prefer_not=sum(part.prefer_not for part in parts),
    )


def _percent(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None
