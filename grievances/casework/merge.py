"""Join a concern to an earlier one of the same person (T08).

Everyone who works on the earlier case reads what is copied there. Those who do not read this one
are announced to the complainant first, as with every later reader (`reader_announcements`).
"""

from __future__ import annotations

from grievances.cases.access.merge_eligibility import would_read
from grievances.cases.actions import step_answers as given
from grievances.cases.actions.effects import Execution, effect
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.exclusions import bar_all, excluded_from
from grievances.cases.models.parties import add_parties
from grievances.cases.models.records import Kind, read_all, write
from grievances.cases.step_names import StepName
from grievances.casework.reader_announcements import announce_readers
from grievances.choices import Share
from grievances.vocabulary import Standing
from workflow.steps import Refused


@effect(StepName.ANNOUNCE_JOINING)
def announce_joining(execution: Execution[given.Joining]) -> None:
    """Tell the complainant who would read this concern after the joining.

    Raises:
        Refused: there is no new reader to announce.
    """
    earlier = Case.unguarded.get(reference=execution.answers["into"])
    new = sum(
        announce_readers(execution, [person], role, into=earlier)
        for role, person in would_read(execution.case, earlier)
    )
    if not new:
        raise Refused(
            "NOBODY_NEW",
            "No one has to be announced: join the two concerns, or wait for the day that the "
            "complainant was given.",
        )


@effect(StepName.MERGE)
def join_to_earlier(execution: Execution[given.Joining]) -> None:
    """Copy the account to the earlier case, by an officer who holds the keys of both."""
    earlier = Case.unguarded.get(reference=execution.answers["into"])
    ring = Keyring.of(earlier, execution.caller.holder)
    untick_messages(earlier)
    for words in read_all(execution.case, execution.ring, [Kind.ACCOUNT, Kind.WHEN, Kind.PEOPLE]):
        write(earlier, ring, Kind.MESSAGE, words.text, author=words.author, now=execution.now)
    about = {each.person_id for each in execution.case.parties.filter(standing=Standing.RESPONDENT)}
    add_parties(earlier, Standing.RESPONDENT, (pk for pk in about if pk is not None))
    bar_all(earlier, excluded_from(execution.case))
    execution.case.pending_readers.filter(into__isnull=False).delete()


def untick_messages(case: Case) -> None:
    """Stop sharing messages with companions until the complainant shares them again.

    A joined concern arrives as messages. The companions were admitted to the earlier concern, and
    no one asked whether they may read the other.
    """
    for row in case.companions.filter(ended_at__isnull=True, hearing__isnull=True):
        row.shares = [share for share in row.shares if share != Share.MESSAGES]
        row.save(update_fields=["shares"])
