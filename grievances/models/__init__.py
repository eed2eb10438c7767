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
from grievances.models.keyring import KeyPair, SealedKey
from grievances.models.parties import Bar, Party
from grievances.models.people import Appointment, LineManagement, Training, Unit, User
from grievances.models.readers import PendingReader, Tenure
from grievances.models.records import Evidence, Record
from grievances.models.survey import Invitation, Response, Snapshot
from grievances.models.trail import ChainHead, Deadline, Event, Heartbeat

__all__ = [
    "Action",
    "Allegation",
    "Appointment",
    "Approval",
    "Bar",
    "Case",
    "CaseUserObjectPermission",
    "ChainHead",
    "CheckIn",
    "Consent",
    "Deadline",
    "Event",
    "Evidence",
    "Heartbeat",
    "HoldPeriod",
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
    "Snapshot",
    "Tenure",
    "Training",
    "Unit",
    "User",
]
