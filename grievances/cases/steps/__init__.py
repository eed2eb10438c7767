"""The declarations of the steps, by stage.

`CaseSteps` combines them and is a mixin of `Case`.
"""

from grievances.cases.steps.allocation import AllocationSteps
from grievances.cases.steps.appeal import AppealSteps
from grievances.cases.steps.closing import ClosingSteps
from grievances.cases.steps.decision import DecisionSteps
from grievances.cases.steps.emergency import EmergencySteps
from grievances.cases.steps.files import FilesSteps
from grievances.cases.steps.holds import HoldsSteps
from grievances.cases.steps.intake import IntakeSteps
from grievances.cases.steps.investigating.examination import ExaminationSteps
from grievances.cases.steps.investigating.limited_parts import LimitedPartSteps
from grievances.cases.steps.investigating.meetings import MeetingSteps
from grievances.cases.steps.investigation import InvestigationSteps
from grievances.cases.steps.messages import MessagesSteps
from grievances.cases.steps.oversight import OversightSteps
from grievances.cases.steps.participants import ParticipantsSteps
from grievances.cases.steps.resolution import ResolutionSteps
from grievances.cases.steps.retention import RetentionSteps
from grievances.cases.steps.triage import TriageSteps


class CaseSteps(
    IntakeSteps,
    TriageSteps,
    ResolutionSteps,
    AllocationSteps,
    InvestigationSteps,
    MeetingSteps,
    ExaminationSteps,
    LimitedPartSteps,
    DecisionSteps,
    AppealSteps,
    HoldsSteps,
    ClosingSteps,
    OversightSteps,
    MessagesSteps,
    FilesSteps,
    ParticipantsSteps,
    EmergencySteps,
    RetentionSteps,
):
    """The 119 steps: 38 transitions (T) and the steps that keep the state (N)."""
