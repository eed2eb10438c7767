"""The form of every step: each step asks for what it needs."""

from __future__ import annotations

from grievances.cases.step_names import StepName
from grievances.web.cases.step_forms import (
    approvals,
    decision,
    emergency,
    evidence,
    hearings,
    holds,
    messages,
    offers,
    retention,
    triage,
)
from grievances.web.shared.step_form import StepForm

FORMS: dict[str, type[StepForm]] = {
    # T02 to T14
    StepName.ACKNOWLEDGE: offers.Acknowledge,
    StepName.REROUTE: offers.Reroute,
    StepName.AGREE_FORMAL: triage.AgreeFormal,
    StepName.AGREE_INFORMAL: triage.AgreeInformal,
    StepName.BEGIN_MEDIATION: triage.BeginMediation,
    StepName.REDIRECT: triage.PassElsewhere,
    StepName.MERGE: triage.Merge,
    StepName.ANNOUNCE_JOINING: triage.AnnounceJoining,
    StepName.CLOSE_INSUFFICIENT: triage.CloseInsufficient,
    StepName.CONFIRM_RESOLVED: messages.ConfirmResolved,
    StepName.SWITCH_TO_FORMAL: messages.SwitchToFormal,
    StepName.MEDIATE_INSTEAD: triage.BeginMediation,
    StepName.SETTLE: triage.Settle,
    StepName.END_MEDIATION: triage.EndMediation,
    # T15 to T26
    StepName.OFFER: offers.OfferPart,
    StepName.DECLINE: offers.Decline,
    StepName.BEGIN_INVESTIGATION: offers.BeginInvestigation,
    StepName.RECORD_MEETING: decision.RecordMeeting,
    StepName.SUBMIT_REPORT: decision.SubmitReport,
    StepName.RETURN_FOR_ENQUIRIES: decision.ReturnForEnquiries,
    StepName.DECIDE: decision.Decide,
    StepName.APPEAL: decision.Appeal,
    StepName.ACCEPT_OUTCOME: decision.AcceptOutcome,
    StepName.BEGIN_APPEAL: offers.BeginAppeal,
    StepName.DECIDE_APPEAL: decision.DecideAppeal,
    StepName.REMIT: decision.Remit,
    # T27 to T38
    StepName.HOLD: holds.Hold,
    StepName.RESUME: holds.Resume,
    StepName.RENEW_HOLD: holds.RenewHold,
    StepName.ASK_TO_WITHDRAW: holds.AskToWithdraw,
    StepName.STAY: holds.Stay,
    StepName.CLOSE_WITHDRAWN: holds.CloseWithdrawn,
    StepName.REOPEN: holds.Reopen,
    StepName.CHANGE_HANDLER: offers.ChangeHandler,
    StepName.EXTEND: holds.Extend,
    StepName.EXPLAIN_DELAY: holds.ExplainDelay,
    StepName.MOVE_POLICY: holds.MovePolicy,
    StepName.ERASE: retention.Erase,
    StepName.DELETE_DRAFT: holds.DeleteDraft,
    # Steps that do not change the state
    StepName.MESSAGE: messages.Message,
    StepName.ASK_INFORMAL: messages.AskInformal,
    StepName.SHARE_NAME: messages.ShareName,
    StepName.USE_NAME: messages.UseName,
    StepName.EXCLUDE: messages.Exclude,
    StepName.OBJECT_TO_PERSON: offers.ObjectToPerson,
    StepName.ANSWER_OBJECTION: offers.AnswerObjection,
    StepName.ANSWER_READER: offers.AnswerReader,
    StepName.EXTEND_INFORMAL: messages.ExtendInformal,
    StepName.SAY_STALLED: messages.SayStalled,
    StepName.ANSWER_CHECK_IN: messages.AnswerCheckIn,
    StepName.ASK_TO_REOPEN: holds.AskToReopen,
    StepName.CHECK_SAFETY: triage.CheckSafety,
    StepName.ASK_EXCLUSIONS: triage.AskExclusions,
    StepName.ASK_QUESTION: triage.AskQuestion,
    StepName.NAME_RESPONDENT: triage.NameRespondent,
    StepName.ASK_CONSENT: triage.AskConsent,
    StepName.ASK_APPROVAL: approvals.AskApproval,
    StepName.ANSWER_APPROVAL: approvals.AnswerApproval,
    StepName.ASK_KEEPING: retention.AskKeeping,
    StepName.ANSWER_KEEPING: retention.AnswerKeeping,
    StepName.SET_LEGAL_HOLD: retention.SetLegalHold,
    StepName.LIFT_LEGAL_HOLD: retention.LiftLegalHold,
    StepName.CHECK_VOLUNTARY: holds.CheckVoluntary,
    StepName.ACCEPT: offers.Accept,
    StepName.DECLINE_LATER: offers.Decline,
    StepName.OFFER_LATER: offers.OfferPart,
    StepName.RECUSE: offers.Recuse,
    StepName.SEND_UPDATE: decision.SendUpdate,
    StepName.RECORD_RESPONDENT: decision.RecordRespondent,
    StepName.ADD_ALLEGATION: triage.AddPart,
    StepName.ADD_EVIDENCE: evidence.AddEvidence,
    StepName.CHOOSE_COPY: evidence.ChooseCopy,
    StepName.CHECK_FILE: evidence.CheckFile,
    StepName.WRITE_MEDIATION_NOTE: messages.MediationNote,
    StepName.FINISH_ACTION: decision.FinishAction,
    StepName.ASK_BREAK_GLASS: emergency.AskBreakGlass,
    StepName.AGREE_BREAK_GLASS: emergency.AgreeBreakGlass,
    StepName.REFUSE_BREAK_GLASS: emergency.RefuseBreakGlass,
    StepName.END_BREAK_GLASS: emergency.EndBreakGlass,
    # Participants, companions and interpreters
    StepName.PUT_TO_RESPONDENT: hearings.PutToRespondent,
    StepName.ASK_WITNESS: hearings.AskWitness,
    StepName.TELL_RESPONDENT: hearings.TellRespondent,
    StepName.INVITE_COMPANION: hearings.InviteCompanion,
    StepName.SHARE_FILES: hearings.ShareFiles,
    StepName.END_COMPANION: hearings.EndCompanion,
    StepName.PROPOSE_INTERPRETER: hearings.ProposeInterpreter,
    StepName.ANSWER_INTERPRETER: hearings.AnswerInterpreter,
    StepName.CONFIRM_INTERPRETER: hearings.ConfirmInterpreter,
}
"""Step name -> form.

Submitting has a wizard of its own. Only the clock archives a case. A name is given on a page of the
account, with the case key.
"""

WITHOUT_FORM = frozenset({StepName.SUBMIT, StepName.ARCHIVE, StepName.GIVE_NAME})
"""Steps without a form here."""
