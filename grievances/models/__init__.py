"""What is: the tables of the product."""

from grievances.models.assignments import CaseUserObjectPermission
from grievances.models.case import (
    Action,
    Allegation,
    Approval,
    Case,
    CheckIn,
    Consent,
    HoldPeriod,
    Offer,
    Question,
)
from grievances.models.companions import Companion, SharedCopy
from grievances.models.emergency import BreakGlass
from grievances.models.erasure import Erasure
from grievances.models.evidence import Evidence
from grievances.models.hearings import Hearing
from grievances.models.interpreters import Interpreter
from grievances.models.keyring import KeyPair, SealedKey
from grievances.models.parties import Bar, Party
from grievances.models.people import Appointment, LineManagement, Training, Unit, User
from grievances.models.readers import PendingReader, Tenure
from grievances.models.records import Record
from grievances.models.recovery import AccountRecovery
from grievances.models.survey import Invitation, Response, Snapshot
from grievances.models.trail import ChainHead, Deadline, Event, Heartbeat

__all__ = [
    "AccountRecovery",
    "Action",
    "Allegation",
    "Appointment",
    "Approval",
    "Bar",
    "BreakGlass",
    "Case",
    "CaseUserObjectPermission",
    "ChainHead",
    "CheckIn",
    "Companion",
    "Consent",
    "Deadline",
    "Erasure",
    "Event",
    "Evidence",
    "Hearing",
    "Heartbeat",
    "HoldPeriod",
    "Interpreter",
    "Invitation",
    "KeyPair",
    "LineManagement",
    "Offer",
    "Party",
    "PendingReader",
    "Question",
    "Record",
    "Response",
    "SealedKey",
    "SharedCopy",
    "Snapshot",
    "Tenure",
    "Training",
    "Unit",
    "User",
]
