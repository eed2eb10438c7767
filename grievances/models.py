"""List all database models, so that Django finds them.

Code imports a model from its own package, and not from here.
"""

from grievances.accounts.recovery_models import AccountRecovery
from grievances.accounts.session_models import AccountSession
from grievances.accounts.sign_on_models import SignOnBinding
from grievances.aftercare.models import Aftercare
from grievances.audit.models import ChainHead, Event, Heartbeat, TrailEnd
from grievances.cases.access.listed_cases import ListedCase
from grievances.cases.models.answers import Approval, Consent, Interpreter, Question
from grievances.cases.models.assignments import CaseUserObjectPermission
from grievances.cases.models.case import Allegation, Case
from grievances.cases.models.companions import Companion, SharedCopy
from grievances.cases.models.deadlines import Action, CheckIn, Deadline, HoldPeriod
from grievances.cases.models.emergency import BreakGlass
from grievances.cases.models.evidence import Evidence, SharedFile
from grievances.cases.models.exclusions import Exclusions
from grievances.cases.models.offers import Offer
from grievances.cases.models.parties import Party, PartyLookup
from grievances.cases.models.readers import PendingReader, Tenure
from grievances.cases.models.records import Record
from grievances.cases.models.statements import Hearing
from grievances.cases.models.stored_keys.rows import SealedKey
from grievances.central_record.models import WaitingRegister
from grievances.data_rights.filed_models import FiledRequest, RequestWords
from grievances.data_rights.models import RightsRequest
from grievances.deadlines.own_days import OwnDays
from grievances.deadlines.reminder_models import TribunalReminder
from grievances.encryption.key_log import KeyLogEntry
from grievances.encryption.key_pairs import KeyPair
from grievances.encryption.server_secrets import ServerSecret
from grievances.intake.agreement_models import AgreementRequest, NewCaseKey
from grievances.intake.diary_models import Diary
from grievances.intake.escrow_models import KeptConcern
from grievances.investigation.models import Meeting
from grievances.lessons.models import Lesson, ShownYear
from grievances.letters.models import LetterBlock, Referral
from grievances.monitoring.models import MonitoringAnswer
from grievances.operations.alerts.models import Alert, WebhookCall
from grievances.patterns.models import CaseLink
from grievances.people.models import Appointment, LineManagement, Training, Unit, User
from grievances.people.saved_views import SavedView
from grievances.policy.models import LawConfirmation, PolicyAnswer, PolicyProposal
from grievances.reports.fact_models import (
    CaseFact,
    ElsewhereConcern,
    FrequentRespondent,
    StaffCount,
    StaffGroupCount,
    WorkingDay,
)
from grievances.reports.snapshot_models import (
    FigureNote,
    Rebase,
    Release,
    ReportRun,
    ReportSubscription,
    Snapshot,
)
from grievances.retention.models import Erasure
from grievances.staff_directory.models import ScimEntry, ScimGroup, StaffFileLayout, WaitingFile
from grievances.surveys.comment_models import PrintedRemarks, Remark
from grievances.surveys.models import Invitation, Response
from grievances.surveys.staff_survey_models import Waiting
from grievances.tokens.models import AccessToken

__all__ = [
    "AccessToken",
    "AccountRecovery",
    "AccountSession",
    "Action",
    "Alert",
    "Allegation",
    "Appointment",
    "Approval",
    "BreakGlass",
    "Case",
    "CaseFact",
    "CaseUserObjectPermission",
    "ChainHead",
    "CaseLink",
    "CheckIn",
    "Companion",
    "Consent",
    "Deadline",
    "Aftercare",
    "FiledRequest",
    "RequestWords",
    "AgreementRequest",
    "NewCaseKey",
    "Diary",
    "ElsewhereConcern",
    "Erasure",
    "Event",
    "Evidence",
    "Exclusions",
    "FigureNote",
    "FrequentRespondent",
    "Hearing",
    "Heartbeat",
    "HoldPeriod",
    "Interpreter",
    "Invitation",
    "KeyLogEntry",
    "KeptConcern",
    "KeyPair",
    "LawConfirmation",
    "Lesson",
    "ShownYear",
    "LineManagement",
    "LetterBlock",
    "ListedCase",
    "Meeting",
    "MonitoringAnswer",
    "Offer",
    "OwnDays",
    "Party",
    "PartyLookup",
    "PendingReader",
    "PolicyAnswer",
    "PolicyProposal",
    "PrintedRemarks",
    "Question",
    "Rebase",
    "Record",
    "Referral",
    "Release",
    "Remark",
    "ReportRun",
    "ReportSubscription",
    "Response",
    "RightsRequest",
    "SavedView",
    "ScimEntry",
    "ScimGroup",
    "SealedKey",
    "ServerSecret",
    "SharedCopy",
    "SharedFile",
    "SignOnBinding",
    "Snapshot",
    "StaffCount",
    "StaffGroupCount",
    "StaffFileLayout",
    "Tenure",
    "TrailEnd",
    "Training",
    "TribunalReminder",
    "Unit",
    "User",
    "Waiting",
    "WaitingFile",
    "WaitingRegister",
    "WebhookCall",
    "WorkingDay",
]
