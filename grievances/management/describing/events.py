"""Every kind of event of the audit trail: what it says, and who is told."""

from __future__ import annotations

from grievances.cases.access import rules
from grievances.cases.declaration import To
from grievances.cases.models.case import Case
from grievances.cases.notices.table import DECLARED
from grievances.management.describing.marks import table
from grievances.web.cases.presenters.history import LOOKED, WATCHED
from workflow.steps import steps

BESIDE_CASES = {
    "board.opened": "a casework lead looked at the board of cases",
    "register.imported": "concerns handled elsewhere or before were taken into the central record",
    "register.erased": "concerns of an earlier register were erased, as their time is over",
    "account.linked": "two accounts were recorded as those of one person",
    "account.first_password": "a person from a file chose their first password by a link",
    "account.passphrase_chosen": "a person who signs in by single sign-on chose a passphrase",
    "account.factor_added": "an app or a passkey was added as a second step of sign-in",
    "account.factor_removed": "an app or a passkey was removed",
    "account.opened_by_passkey": "a passkey opened the records of its account",
    "account.passkey_opens_records": "a person let a passkey open their records from now on",
    "account.password_changed": "a password was changed",
    "account.key_put_right": "an account's public key had been changed, and was put right",
    "account.recovered": "a lost account came back into use",
    "account.recovery_asked": "a person who lost password and recovery code asked two officers",
    "account.recovery_code": "a new recovery code was made",
    "account.unlinked": "two accounts were recorded as those of two people after all",
    "account.recovery_confirmed": "an officer confirmed who asks for the account",
    "account.sign_on_bound": "an account was bound to an identity at the provider",
    "account.sign_on_forgotten": "an account was parted from its identity at the provider",
    "account.spare_code_used": "a spare code was used in place of an app or a passkey",
    "account.spare_codes": "new spare codes for the second step of sign-in were made",
    "account.wrong_codes": "many wrong codes followed a right password",
    "account.sign_on_refused": "another identity asked for an account that is bound",
    "clock.draft_warning": "a draft will be deleted soon",
    "dates.downloaded": "a person took their dates as a calendar file",
    "holidays.loaded": "days off were loaded",
    "service.alerted": "the operator was told by mail what is wrong with the service, or over",
    "token.listed": "an officer looked at the tokens of programs",
    "token.made": "an officer made a token for a program",
    "token.revoked": "an officer ended the token of a program",
    "token.used": "a program read the list of cases by a token of an officer",
    "keeping.certificate": "the certificate of an erasure was read",
    "letter.approved": "a second person approved a block of letters",
    "letter.listed": "the blocks of letters were read",
    "letter.proposed": "a block of letters was proposed",
    "letter.refused": "a second person refused a block of letters",
    "patterns.counted": "the count of openings of earlier concerns was read",
    "lesson.kept": "HR marked a promise of the organisation as kept",
    "lesson.figures_removed": "released figures were taken off the public page",
    "lesson.figures_shown": "released figures of a year were shown on the public page",
    "lesson.listed": "the lessons were opened to be changed",
    "lesson.published": "HR published a lesson and a promise",
    "lesson.removed": "HR took a lesson off the public page",
    "rights.answered": "a data request was answered, or a complaint acknowledged",
    "rights.extended": "a data request was marked as complex",
    "rights.listed": "the register of data requests was read",
    "rights.filed": "a person filed a data request or complaint",
    "rights.received": "a data request or complaint was added to the register",
    "rights.resumed": "the clock of a data request runs again",
    "rights.waiting": "the clock of a data request has stopped",
    "keeping.listed": "the list of what is kept was read",
    "policies.listed": "the list of policies was read",
    "policies.opened": "a policy was read",
    "law.confirmed": "an officer confirmed a rule of law",
    "law.taken_back": "an officer took back the confirmation of a rule of law",
    "policy.agreed": "an officer agreed to a policy",
    "policy.loaded": "a policy came into force",
    "policy.proposed": "a policy was laid before the two officers",
    "policy.refused": "an officer refused a policy",
    "remark.agreed": "the second officer agreed to a survey comment as prepared",
    "remark.listed": "the list of survey comments was read",
    "remark.opened": "a survey comment was read",
    "remark.printed": "the comments of a period were published",
    "remark.withheld": "a survey comment was left out",
    "remark.worded": "an officer prepared a survey comment for publication",
    "report.asked": "a single number of a report was asked for",
    "report.blocked": "a single number was refused, because it would give a person away",
    "report.exported": "a report was downloaded",
    "report.opened": "a report was read",
    "directory.changed": "an entry of the staff directory was changed, by a keeper, a file or the "
    "HR system; which kinds, no name",
    "directory.opened": "an entry of the staff directory was opened",
    "directory.searched": "the staff directory was searched",
    "directory.imported": "a file of the HR system was imported; counts alone",
    "report.noted": "a note was put on a figure of the dashboard",
    "report.note_removed": "a note on a figure was removed",
    "report.subscribed": "a person chose of which new reports to hear",
    "report.rebased": "the limits of a chart begin anew from a month",
    "report.withheld": "totals of a report are hidden that are not small; how many",
    "report.refused": "a report was refused to a person",
    "service.opened": "the page about how the service runs was read",
    "service.refused": "the page about the service was refused to a person",
    "service.pulse_opened": "the survey of all staff was opened",
    "service.sent": "a concern was sent (no case is named)",
    "trail.ended": "entries older than seven years were let go of",
    "trail.listed": "the list of trails was read",
    "trail.year_opened": "the numbers of a year were read by one who checks",
    "trail.year_signed": "an auditor or independent officer signed the statement for a year",
}
"""Kinds that no page of a case shows, in words."""


def kinds() -> dict[str, str]:
    """Return every kind of event with its words, steps first."""
    taken = {f"case.{name}": rules.DECLARED[name].past for name in steps(Case)}
    return {**taken, **dict(sorted({**LOOKED, **WATCHED, **BESIDE_CASES}.items()))}


def draw_events() -> str:
    """Return every kind of event, what it says, and who is told."""
    rows = []
    for kind, words in kinds().items():
        told = "; ".join(
            f"{to.name.lower().replace('_', ' ')}: `{notice}`"
            for to, notice in DECLARED.get(kind, ())
        )
        rows.append([f"`{kind}`", words, told or "-"])
    return table(["Kind", "What happened", "Who is told, with which notice"], rows)


def draw_recipients() -> str:
    """Return what each name of the last column means."""
    return table(
        ["Name", "Who"], [[each.name.lower().replace("_", " "), each.value] for each in To]
    )
