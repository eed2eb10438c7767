"""Every step and its form: nobody takes a step without being asked what it needs."""

from __future__ import annotations

from grievances.forms import approving, deciding, offering, pausing, talking, triage
from grievances.forms.answers import Confirm, StepForm

FORMS: dict[str, type[StepForm]] = {
    # T02 to T14
    "acknowledge": offering.Acknowledge,
    "reroute": offering.Reroute,
    "agree_formal": triage.AgreeFormal,
    "agree_informal": triage.AgreeInformal,
    "begin_mediation": triage.BeginMediation,
    "redirect": triage.PassElsewhere,
    "merge": triage.Merge,
    "close_insufficient": triage.CloseInsufficient,
    "confirm_resolved": talking.ConfirmResolved,
    "switch_to_formal": talking.SwitchToFormal,
    "mediate_instead": triage.BeginMediation,
    "settle": triage.Settle,
    "end_mediation": triage.EndMediation,
    # T15 to T26
    "offer": offering.OfferPart,
    "decline": offering.Decline,
    "begin_investigation": offering.BeginInvestigation,
    "record_meeting": deciding.RecordMeeting,
    "submit_report": deciding.SubmitReport,
    "return_for_enquiries": deciding.ReturnForEnquiries,
    "decide": deciding.Decide,
    "appeal": deciding.Appeal,
    "accept_outcome": deciding.AcceptOutcome,
    "begin_appeal": offering.BeginAppeal,
    "decide_appeal": deciding.DecideAppeal,
    "remit": deciding.Remit,
    # T27 to T38
    "hold": pausing.Hold,
    "resume": pausing.Resume,
    "renew_hold": pausing.RenewHold,
    "ask_to_withdraw": pausing.AskToWithdraw,
    "stay": pausing.Stay,
    "close_withdrawn": pausing.CloseWithdrawn,
    "reopen": pausing.Reopen,
    "change_handler": offering.ChangeHandler,
    "extend": pausing.Extend,
    "erase": pausing.Erase,
    "delete_draft": pausing.DeleteDraft,
    # The acts that keep the state
    "message": talking.Message,
    "ask_informal": talking.AskInformal,
    "share_name": talking.ShareName,
    "use_name": talking.UseName,
    "exclude": talking.Exclude,
    "object_to_person": offering.ObjectToPerson,
    "answer_objection": offering.AnswerObjection,
    "answer_reader": offering.AnswerReader,
    "extend_informal": talking.ExtendInformal,
    "say_stalled": talking.SayStalled,
    "answer_check_in": talking.AnswerCheckIn,
    "ask_to_reopen": pausing.AskToReopen,
    "check_safety": triage.CheckSafety,
    "ask_exclusions": triage.AskExclusions,
    "ask_question": triage.AskQuestion,
    "name_respondent": triage.NameRespondent,
    "ask_consent": triage.AskConsent,
    "ask_approval": approving.AskApproval,
    "answer_approval": approving.AnswerApproval,
    "check_voluntary": pausing.CheckVoluntary,
    "accept": offering.Accept,
    "decline_later": offering.Decline,
    "offer_later": offering.OfferPart,
    "recuse": offering.Recuse,
    "send_update": deciding.SendUpdate,
    "record_respondent": deciding.RecordRespondent,
    "add_allegation": triage.AddPart,
    "add_evidence": talking.AddEvidence,
    "write_mediation_note": talking.MediationNote,
    "finish_action": deciding.FinishAction,
}
"""Step name -> form. Sending has the wizard of its own; archiving is the clock's alone.
A name is given on a page of the account, with the case key."""

WITHOUT_FORM = frozenset({"submit", "archive", "give_name"})

__all__ = ["FORMS", "WITHOUT_FORM", "Confirm", "StepForm"]
