"""The answers with which effects of steps work, by name and type.

A form, or another caller of `perform`, gives the answers; the guards have asked for those that are
needed. An effect names its answers in the type of its execution: `Execution[RoleOffer]`. An answer
that is `NotRequired` may be missing, and then it is None or empty where it is there. Days are local
dates. Texts of one's own are sealed by the effect and go nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NotRequired, TypedDict

from grievances.cases.models.evidence import Evidence
from grievances.people.models import User
from grievances.vocabulary import Role


class NamedPerson(TypedDict):
    """One account."""

    person: User


class Text(TypedDict):
    """One's own words."""

    text: str


class KeyHalf(TypedDict):
    """One half of a new case key."""

    half: str


class YesOrNo(TypedDict):
    """`yes`, or another code for no."""

    answer: str


class RoleOffer(TypedDict):
    """A candidate for a role of `ASKED`."""

    candidate: User
    role: str


class OneOffer(TypedDict):
    """An offer, by its id."""

    offer: int | str


class ObjectionAnswer(OneOffer, YesOrNo):
    """The answer to an objection to an offer."""


class Decision(TypedDict):
    """Findings by the number of their part; `promised_actions` reads the rest."""

    findings: Mapping[str, str]


class AppealDecision(TypedDict):
    """The findings that an appeal changes; none where it is dismissed."""

    findings: NotRequired[Mapping[str, str] | None]


class Change(TypedDict):
    """The reason why another person takes over: a code."""

    reason: NotRequired[str | None]


class Rerouting(NamedPerson, Change):
    """The officer to whom a concern goes, and why."""


class Pause(TypedDict):
    """The reason for a pause: a code of `HoldReason`."""

    reason: str


class MoreTime(TypedDict):
    """Working days to add."""

    days: int


class Extension(MoreTime):
    """Working days to add to one clock."""

    clock: str


class KindOfConcern(TypedDict):
    """The kind of a concern or of a part of it: a code."""

    tag: NotRequired[str | None]


class NewPart(Text, KindOfConcern):
    """A part to add to a concern."""


class ApprovalRequest(TypedDict):
    """The step to approve."""

    step: str


class ErasureRequest(ApprovalRequest):
    """A step of keeping or erasing to approve, and the code of the reason."""

    reason: str


class ApprovalAnswer(YesOrNo):
    """The answer to a request, by the id of the request."""

    approval: int | str


class CheckInAnswer(TypedDict):
    """Whether things are worse: a code."""

    worse: str


class FinishedAction(TypedDict):
    """A promised action, by its id; today where no day is given."""

    action: int | str
    done_on: NotRequired[date | None]


class Joining(TypedDict):
    """The reference of the earlier case."""

    into: str


class Submission(TypedDict):
    """The officers who can read a new concern, and who watches over it."""

    readers: Sequence[User]
    overseers: NotRequired[Sequence[tuple[Role, User]] | None]


class Mediation(TypedDict):
    """The mediator whom both agreed to."""

    mediator: User


class PeopleKeptOut(TypedDict):
    """The accounts that the names of an exclusion mean."""

    matched: NotRequired[Sequence[User]]


class ReaderAnswer(YesOrNo):
    """The complainant's answer about an announced reader: a code of `Welcome`."""

    reader: int | str


class NamedRespondent(NamedPerson):
    """A person whom a concern is about, and by what: a code of `Involved`."""

    part: NotRequired[str | None]


class ConsentQuestion(TypedDict):
    """What is asked of both sides: a code of `Consent.What`."""

    what: str


class NewContact(TypedDict):
    """A way of contact, a code of `Contact`, and its address."""

    contact: str
    address: NotRequired[str | None]


class EmergencyRequest(Text):
    """Why a case must be opened, in a code and in words."""

    why: str


class Telling(NamedPerson, Text):
    """What one person is told, in words sealed to them."""


class DaysAway(TypedDict):
    """The first and the last day on which a person cannot come, or none."""

    from_on: NotRequired[date | None]
    until_on: NotRequired[date | None]


class CompanionInvitation(TypedDict):
    """A companion's name, the secret of their link, and what they may see, in codes.

    `evidence` are the ids of files to show them.
    """

    person: str
    secret: str
    shares: Sequence[str]
    evidence: NotRequired[Sequence[str] | None]


class SharedFiles(TypedDict):
    """The ids of files for a companion."""

    evidence: NotRequired[Sequence[str] | None]


class Questions(Telling):
    """What a person is asked, and by which day they may answer."""

    due_on: date


class InterpreterOffer(Text):
    """An interpreter in words, and the day of the meeting."""

    meeting_on: date


class MeetingDay(TypedDict):
    """The day of a meeting to come."""

    meets_on: date


class Invitation(MeetingDay):
    """Who is invited, where to, and what was arranged for them.

    `person` is the number of a conversation, or `complainant`. An appeal has no other meeting.
    """

    person: NotRequired[str]
    place: NotRequired[str | None]
    adjustments: str
    interpreter: NotRequired[str | None]


class MeetingHeld(TypedDict):
    """The day on which the complainant's meeting was held; none where it was declined."""

    held_on: NotRequired[date | None]


class HeldMeeting(TypedDict):
    """The day on which a meeting was held, its notes, and who came along."""

    held_on: date
    notes: str
    companion: NotRequired[str | None]


class AppointedHelper(NamedPerson):
    """A person for a limited part: a code of `Role`."""

    part: str


class PolicyVersion(TypedDict):
    """The number of a newer version of the policy."""

    version: int


class Referral(TypedDict):
    """Another body, a code of `Body`, its name, and the letters to both sides."""

    body: str
    name: str
    letter: str
    to_body: str


class ReferralAnswer(TypedDict):
    """A referral, by its id, and what came of it: a code of `ReferralResult`."""

    referral: int | str
    result: str
    text: NotRequired[str | None]


class CaseLinking(Joining):
    """Another case, and how it belongs to this one: a code of `LinkKind`."""

    kind: str


class NewFiles(TypedDict):
    """Rows of files that are sealed on the disk and not stored yet."""

    files: Sequence[Evidence]


class OneFile(TypedDict):
    """A file, by its id."""

    file: str


class CopyChoice(OneFile):
    """The copy of a file that others see: a code of `Copy`."""

    others: str


class FileCheck(OneFile):
    """What a second scan changes in the facts of a file."""

    changes: Mapping[str, object]
