"""The files that the complainant's companion may open.

The complainant ticks them one by one, and can take each tick away at once. A companion never has
more of a file than the complainant and others have. They have the copy that the person who added it
chose, and never a file in quarantine. When that choice changes, what was sealed for the companion
changes with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from django.utils.translation import gettext

from grievances.cases.access import rules
from grievances.cases.access.facts import AccessFacts
from grievances.cases.actions import step_answers as given
from grievances.cases.actions.effects import Execution, effect
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.companions import Companion, live, take_up_companions
from grievances.cases.models.evidence import (
    Evidence,
    FileFacts,
    SharedFile,
    file_facts,
    open_facts,
    seal_facts,
)
from grievances.cases.models.statements import take_up_hearings
from grievances.cases.step_names import StepName
from grievances.evidence.storing import as_shared, known_of, rule_of
from grievances.vocabulary import Standing
from workflow.steps import Refused

Tickable = list[tuple[Evidence, FileFacts]]
"""Files, each with what a companion would know of it."""


def may_be_ticked(case: Case, ring: Keyring) -> Tickable:
    """Return the files that a companion may be given now, oldest first.

    They are files that the complainant may read. Files that a companion brought themselves are left
    out. So is a file of which no one else has a copy: it is in quarantine, or its hidden details
    could not be removed.
    """
    take_up_hearings(case, ring)
    take_up_companions(case, ring)
    rows = filter(_for_complainant(case), case.evidence.order_by("at", "pk"))
    found = [(row, as_shared(facts)) for row, facts in known_of(rows, ring) if facts.is_known]
    own = Standing.COMPANION.value.lower()
    return [
        (row, facts)
        for row, facts in found
        if facts.author != own and facts.open_to(uploader=False)
    ]


def _for_complainant(case: Case) -> Callable[[Evidence], bool]:
    """Return a test whether the complainant may read a file.

    The case counts in its present state.
    """
    complainant = AccessFacts(case, frozenset(), frozenset({Standing.COMPLAINANT}), False)
    return lambda row: rules.RULES[rule_of(row)].holds(complainant)


def ticked(companion: Companion) -> set[str]:
    """Return the ids of the files that this companion may open."""
    return {str(pk) for pk in companion.files.values_list("evidence_id", flat=True)}


def tick_files(companion: Companion, ring: Keyring, wanted: Iterable[str]) -> None:
    """Let the companion open exactly these files from now on.

    Raises:
        Refused: One of the files is not the complainant's to share.
    """
    asked = set(map(str, wanted))
    found = {str(row.pk): (row, facts) for row, facts in may_be_ticked(companion.case, ring)}
    if not asked <= set(found):
        raise Refused(
            "ANSWER_INVALID", gettext("Choose among the files of this case that you can open.")
        )
    companion.files.all().delete()
    rows = [SharedFile(companion=companion, evidence=found[each][0]) for each in sorted(asked)]
    for row in rows:
        row.seal(ring, found[str(row.evidence_id)][1])
    SharedFile.objects.bulk_create(rows)


@effect(StepName.SHARE_FILES)
def choose_files(execution: Execution[given.SharedFiles]) -> None:
    """Tick exactly the chosen files, for the present companion or the open invitation."""
    rows = execution.case.companions.filter(live(execution.now), hearing__isnull=True)
    for companion in rows.select_related("case"):
        tick_files(companion, execution.ring, execution.answers.get("evidence") or ())


def change_facts(evidence: Evidence, ring: Keyring, **changes: object) -> None:
    """Seal what has changed about a file, and reseal what companions know of it.

    The person who changed it may hold no key of the companionship. Then the tick is removed, so
    that the companion never has a copy that others no longer have. Raises DecryptionFailed without
    the key.
    """
    seal_facts(evidence, ring, {**open_facts(evidence, ring), **changes})
    evidence.save(update_fields=["sealed_facts"])
    for row in evidence.shared.select_related("companion__case"):
        if row.companion.compartment in ring:
            row.seal(ring, as_shared(file_facts(evidence, ring)))
            row.save(update_fields=["sealed"])
        else:
            row.delete()


def files_ticked(companion: Companion, ring: Keyring) -> list[FileFacts]:
    """Return what this companion may know of the ticked files, oldest first.

    The rule is asked each time. When the case is looked into again, the complainant may lose the
    right to read a file. Then their companion may not read it either.
    """
    if companion.compartment not in ring:
        return []
    rows = companion.files.select_related("evidence").order_by("evidence__at", "evidence_id")
    readable = _for_complainant(companion.case)
    return [row.facts(ring) for row in rows if readable(row.evidence)]


def ticked_file(companion: Companion, ring: Keyring, file_id: UUID) -> FileFacts | None:
    """Return one of these files; None when it is not ticked."""
    return next((each for each in files_ticked(companion, ring) if each.id == file_id), None)
