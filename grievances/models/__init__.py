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
from grievances.models.monitoring import MonitoringAnswer as MonitoringAnswer
from grievances.models.parties import Bar, Party
from grievances.models.people import Appointment, LineManagement, Training, Unit, User
from grievances.models.policies import PolicyAnswer, PolicyProposal
from grievances.models.pulse import Waiting as Waiting
from grievances.models.readers import PendingReader, Tenure
from grievances.models.records import Record
from grievances.models.recovery import AccountRecovery
from grievances.models.remarks import PrintedRemarks, Remark
from grievances.models.reminders import TribunalReminder
from grievances.models.shared_files import SharedFile
from grievances.models.sign_on import SignOnBinding
from grievances.models.snapshots import Rebase, Release, ReportRun, Snapshot
from grievances.models.statistics import (
    CaseFact,
    FrequentRespondent,
    NumberedPerson,
    StaffCount,
    WorkingDay,
)
from grievances.models.survey import Invitation, Response
from grievances.models.trail import ChainHead, Deadline, Event, Heartbeat, TrailEnd

__all__ = [
    "AccountRecovery",
    "Action",
    "Allegation",
    "Appointment",
    "Approval",
    "Bar",
    "BreakGlass",
    "Case",
    "CaseFact",
    "CaseUserObjectPermission",
    "ChainHead",
    "CheckIn",
    "Companion",
    "Consent",
    "Deadline",
    "Erasure",
    "Event",
    "Evidence",
    "FrequentRespondent",
    "Hearing",
    "Heartbeat",
    "HoldPeriod",
    "Interpreter",
    "PolicyAnswer",
    "PolicyProposal",
    "TrailEnd",
    "PrintedRemarks",
    "TribunalReminder",
    "Invitation",
    "KeyPair",
    "LineManagement",
    "NumberedPerson",
    "Offer",
    "Party",
    "PendingReader",
    "Question",
    "Rebase",
    "Record",
    "Remark",
    "Release",
    "ReportRun",
    "Response",
    "SealedKey",
    "SharedCopy",
    "SharedFile",
    "SignOnBinding",
    "Snapshot",
    "StaffCount",
    "Tenure",
    "Training",
    "Unit",
    "User",
    "WorkingDay",
]
