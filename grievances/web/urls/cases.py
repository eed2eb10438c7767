"""Addresses of cases, and of all that is done in one."""

from grievances.cases.step_names import StepName
from grievances.web.urls.on_demand import OnDemand, address

ADDRESSES: list[OnDemand] = [
    address(
        "cases/<reference:reference>/proof/",
        "grievances.web.accounts.proof_views.Proof",
        name="proof",
    ),
    address(
        "cases/<reference:reference>/evidence/<uuid:evidence_id>/",
        "grievances.web.cases.file_views.EvidenceFile",
        name="evidence",
    ),
    address(
        "cases/<reference:reference>/evidence/<uuid:evidence_id>/look/",
        "grievances.web.cases.file_views.LookAtPicture",
        name="look",
    ),
    address(
        "cases/<reference:reference>/evidence/<uuid:evidence_id>/picture/",
        "grievances.web.cases.file_views.Picture",
        name="picture",
    ),
    address(
        "cases/<reference:reference>/add_evidence/",
        "grievances.web.cases.file_views.TakesFiles",
        {"step": StepName.ADD_EVIDENCE},
        name=StepName.ADD_EVIDENCE,
    ),
    address(
        "cases/<reference:reference>/export/",
        "grievances.web.cases.export_views.ExportCase",
        name="export",
    ),
    address(
        "cases/<reference:reference>/invite_companion/",
        "grievances.web.participants.companion_views.Invite",
        name=StepName.INVITE_COMPANION,
    ),
    address(
        "cases/<reference:reference>/agree_new_key/",
        "grievances.web.intake.new_key_views.GivesHalf",
        {"step": StepName.AGREE_NEW_KEY},
        name=StepName.AGREE_NEW_KEY,
    ),
    address(
        "cases/<reference:reference>/give_new_key/",
        "grievances.web.intake.new_key_views.GivesHalf",
        {"step": StepName.GIVE_NEW_KEY},
        name=StepName.GIVE_NEW_KEY,
    ),
    address(
        "accompany/", "grievances.web.participants.companion_views.Accompany", name="accompany"
    ),
    address(
        "accompany/with/<str:token>/",
        "grievances.web.participants.companion_views.Along",
        name="accompany_case",
    ),
    address(
        "accompany/<str:secret>/",
        "grievances.web.participants.companion_views.Invitation",
        name="invitation",
    ),
    address("cases/search/", "grievances.web.cases.search_views.SearchCases", name="search"),
    address(
        "cases/<reference:reference>/about-you/",
        "grievances.web.monitoring.views.AboutYouPage",
        name="about_you",
    ),
    address(
        "cases/<reference:reference>/about-you/delete/",
        "grievances.web.monitoring.views.Delete",
        name="about_you_delete",
    ),
    address(
        "cases/<reference:reference>/tribunal/",
        "grievances.web.tribunal.views.TribunalPage",
        name="tribunal",
    ),
    address(
        "cases/<reference:reference>/tribunal/dates.ics",
        "grievances.web.tribunal.views.TribunalFile",
        name="tribunal_file",
    ),
    address("cases/", "grievances.web.cases.list_views.CaseList", name="cases"),
    address("cases/views/", "grievances.web.cases.list_views.SavedViews", name="saved_views"),
    address("cases/board/", "grievances.web.cases.list_views.Board", name="board"),
    address("cases/dates.ics", "grievances.web.cases.list_views.DatesFile", name="dates_file"),
    address(
        "cases/<reference:reference>/ledger/",
        "grievances.web.cases.ledger_views.Ledger",
        name="ledger",
    ),
    address(
        "cases/<reference:reference>/investigation/",
        "grievances.web.investigation.views.RoomPage",
        name="investigation",
    ),
    address(
        "cases/<reference:reference>/investigation/report/",
        "grievances.web.investigation.views.ReportPage",
        name="investigation_report",
    ),
    address(
        "cases/<reference:reference>/letter/",
        "grievances.web.letters.views.LetterPage",
        name="letter",
    ),
    address(
        "cases/<reference:reference>/referral/<int:number>/",
        "grievances.web.letters.views.ReferralPage",
        name="referral",
    ),
    address("letters/", "grievances.web.letters.views.BlocksPage", name="letter_blocks"),
    address(
        "cases/<reference:reference>/pattern/",
        "grievances.web.patterns.views.PatternPage",
        name="pattern",
    ),
    address("patterns/", "grievances.web.patterns.views.PatternCount", name="patterns"),
    address(
        "cases/<reference:reference>/", "grievances.web.cases.case_views.CasePage", name="case"
    ),
    address(
        "cases/<reference:reference>/print/",
        "grievances.web.cases.case_views.PrintCase",
        name="print",
    ),
    address(
        "cases/<reference:reference>/<slug:step>/",
        "grievances.web.cases.step_views.StepPage",
        name="step",
    ),
    address("consent/<str:token>/", "grievances.web.cases.consent_views.Answer", name="consent"),
    address(
        "replies/<str:token>/", "grievances.web.participants.statement_views.Reply", name="reply"
    ),
    address(
        "replies/<str:token>/away/",
        "grievances.web.participants.statement_views.ReplyAway",
        name="reply_away",
    ),
    address(
        "replies/<str:token>/letter/",
        "grievances.web.participants.statement_views.ReplyLetter",
        name="reply_letter",
    ),
    address(
        "replies/<str:token>/meeting/",
        "grievances.web.participants.statement_views.ReplyMeeting",
        name="reply_meeting",
    ),
    address(
        "replies/<str:token>/companion/",
        "grievances.web.participants.statement_views.ReplyCompanion",
        name="reply_companion",
    ),
    address(
        "replies/<str:token>/add/",
        "grievances.web.participants.file_views.AddHeard",
        name="reply_add",
    ),
    address(
        "replies/<str:token>/files/<uuid:file_id>/",
        "grievances.web.participants.file_views.HeardFile",
        name="reply_file",
    ),
    address(
        "replies/<str:token>/files/<uuid:file_id>/choose/",
        "grievances.web.participants.file_views.ChooseHeard",
        name="reply_choose",
    ),
    address(
        "accompany/with/<str:token>/add/",
        "grievances.web.participants.file_views.AddShared",
        name="accompany_add",
    ),
    address(
        "accompany/with/<str:token>/files/<uuid:file_id>/",
        "grievances.web.participants.file_views.SharedFile",
        name="accompany_file",
    ),
]
