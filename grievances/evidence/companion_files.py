"""Which files the complainant's companion may open: ticked one by one, and taken away at once.

A companion never has more of a file than the complainant and others have: the copy that who added
it chose, and never one in quarantine. When that choice changes, what was sealed for the companion
changes with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from grievances.cases.access import rules
from grievances.cases.access.relations import AccessFacts
from grievances.cases.actions.effects import StepExecution, effect
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.companions import Companion, live, take_up_companions
from grievances.cases.models.evidence import Evidence, FileFacts, file_facts, open_facts, seal_facts
from grievances.cases.models.shared_files import SharedFile
from grievances.cases.models.statements import take_up_hearings
from grievances.cases.step_names import StepName
from grievances.evidence.storing import as_shared, known_of, rule_of
from grievances.vocabulary import Standing
from workflow.steps import Refused

Tickable = list[tuple[Evidence, FileFacts]]
"""Files with what a companion would know of each."""


def may_be_ticked(case: Case, ring: Keyring) -> Tickable:
    """The files that a companion may be given now, oldest first: what the complainant may read.

    Files that a companion brought themselves are left out, and so is one that nobody else has a
    copy of: in quarantine, or with hidden details that could not be removed.
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
    """Whether the complainant may read a file of their case as it stands now."""
    complainant = AccessFacts(case, frozenset(), frozenset({Standing.COMPLAINANT}), False)
    return lambda row: rules.RULES[rule_of(row)].holds(complainant)


def ticked(companion: Companion) -> set[str]:
    """The ids of the files that this companion may open."""
    return {str(pk) for pk in companion.files.values_list("evidence_id", flat=True)}


def tick_files(companion: Companion, ring: Keyring, wanted: Iterable[str]) -> None:
    """Let the companion open exactly these files from now on.

    Raises Refused for one that is not the complainant's to share.
    """
    asked = set(map(str, wanted))
    found = {str(row.pk): (row, facts) for row, facts in may_be_ticked(companion.case, ring)}
    if not asked <= set(found):
        raise Refused("ANSWER_INVALID", "Choose among the files of this case that you can open.")
    companion.files.all().delete()
    rows = [SharedFile(companion=companion, evidence=found[each][0]) for each in sorted(asked)]
    for row in rows:
        row.seal(ring, found[str(row.evidence_id)][1])
    SharedFile.objects.bulk_create(rows)


@effect(StepName.SHARE_FILES)
def choose_files(execution: StepExecution) -> None:
    """Exactly what is ticked, for the companion there is or the invitation that still works."""
    rows = execution.case.companions.filter(live(execution.now), hearing__isnull=True)
    for companion in rows.select_related("case"):
        tick_files(companion, execution.ring, execution.answers.get("evidence") or ())


def change_facts(evidence: Evidence, ring: Keyring, **changes: Any) -> None:
    """Seal what has changed about a file, and seal anew what companions know of it.

    Whoever changed it may hold no key of the companionship: then the tick is taken away, so that
    the companion never has a copy that others have no more. Raises Unreadable without the key.
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
    """What this companion may know of the files that are ticked, oldest first.

    Asked each time: what the complainant may not read any more, since their case is looked into
    anew, their companion may not read either.
    """
    if companion.compartment not in ring:
        return []
    rows = companion.files.select_related("evidence").order_by("evidence__at", "evidence_id")
    readable = _for_complainant(companion.case)
    return [row.facts(ring) for row in rows if readable(row.evidence)]


def ticked_file(companion: Companion, ring: Keyring, file_id: UUID) -> FileFacts | None:
    """One of these files; None when it is not ticked."""
    return next((each for each in files_ticked(companion, ring) if each.id == file_id), None)
