"""The regions of the organisation, as REGIONS_FILE lists them.

A region that has ended keeps its name in lists and reports, and is offered for nothing new.
"""

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext_noop

from grievances.vocabulary import Division, Region

REGION_NOT_SAID = gettext_noop("Not said")
"""The label of a concern, or an account, whose region is empty."""

REGIONS: dict[str, str] = {code: name for code, name, _, _ in settings.REGIONS}
"""Code -> name of every region, ended ones as well, in the order of the table."""

REGIONS_IN_USE: dict[str, str] = {
    code: name for code, name, _, ended in settings.REGIONS if not ended
}
"""Code -> name of the regions that a unit or a new concern can be in."""

CASE_REGIONS = (*REGIONS.items(), ("", REGION_NOT_SAID))
"""The regions that a concern may have."""

_DIVISIONS: dict[str, str] = {code: division for code, _, division, _ in settings.REGIONS}


def division_of(region: str) -> str:
    """Return the division of a region's bank holidays; England and Wales for none."""
    return _DIVISIONS.get(region, Division.ENG_WLS.value)


def region_choices() -> list[tuple[str, str]]:
    """Return every region that a row can have; the shipped ones can always be read."""
    return list({**dict(Region.choices), **REGIONS}.items())


def case_region_choices() -> list[tuple[str, str]]:
    """Return every region that a concern can have."""
    return [*region_choices(), ("", REGION_NOT_SAID)]


def unlisted(codes: Iterable[str]) -> list[str]:
    """Return those of these codes that are no region of the organisation, sorted."""
    return sorted(set(codes) - {"", *REGIONS})
