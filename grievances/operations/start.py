"""Compare the settings with the database: server keys, policy and regions.

Another well-formed server key would start, show people nothing and take new concerns that no one
with the right key can read. So a process that serves or works refuses to start.
"""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from grievances.cases.models.case import Case
from grievances.cases.models.parties import Party, party_pseudonym
from grievances.encryption.key_pairs import KeyPair
from grievances.encryption.primitives import DecryptionFailed
from grievances.operations import database_sessions
from grievances.people.models import Unit
from grievances.people.regions import unlisted
from grievances.reports.fact_models import StaffCount
from grievances.surveys.models import Response
from grievances.vocabulary import Standing
from workflow.models import PolicyProfile

SAMPLE = 20
"""How many rows are tried; one that fits shows that the keys are right."""
WRONG_KEYS = (
    "SERVER_KEYS are not those of this database: set the keys that it was made with, or name "
    "another DATABASE_URL, and start again."
)


def server_keys_fit() -> bool:
    """Return whether the server keys are those that the database was made with.

    They fit when they made the tag of an account's public key and the pseudonym of a party, as far
    as there is any. Single rows may be damaged, so one that fits is enough.
    """
    pairs = list(KeyPair.objects.order_by("pk")[:SAMPLE])
    if pairs and not any(pair.genuine_key for pair in pairs):
        return False
    parties = list(
        Party.objects.exclude(sealed_person=b"").exclude(handle="").order_by("pk")[:SAMPLE]
    )
    return not parties or any(_is_own(party) for party in parties)


def judge() -> None:
    """Refuse settings that do not fit the database, unless it is away.

    Raises:
        ImproperlyConfigured: The server keys are others, the policy or a region is unknown, or the
            database has another encoding or no triggers.
    """
    try:
        unfit = database_sessions.fault()
        fit = server_keys_fit()
        codes = sorted(set(PolicyProfile.objects.values_list("code", flat=True)))
        regions = unlisted_regions()
    except DatabaseError:
        return  # /health/ready says so, and judges again
    if unfit:
        raise ImproperlyConfigured(unfit)
    if not fit:
        raise ImproperlyConfigured(WRONG_KEYS)
    if codes and settings.POLICY_PROFILE not in codes:
        raise ImproperlyConfigured(
            f"POLICY_PROFILE names no policy of this database: use one of {', '.join(codes)}, and "
            "start again."
        )
    if regions:
        raise ImproperlyConfigured(
            f"REGIONS_FILE lacks {', '.join(regions)}, which units or concerns are in: give each a "
            "line, with ended yes if it is no longer used, and start again."
        )


def unlisted_regions() -> list[str]:
    """Return the codes of regions that rows have and the organisation does not list."""
    tables = (Unit, Case, StaffCount, Response)
    found = (table._base_manager.order_by().values_list("region").distinct() for table in tables)
    return unlisted(code for rows in found for (code,) in rows)


def _is_own(party: Party) -> bool:
    try:
        person_id = party.person_id
    except DecryptionFailed:
        return False
    own = party_pseudonym(party.case_id, Standing(party.standing), person_id) if person_id else ""
    return bool(party.handle == own)
