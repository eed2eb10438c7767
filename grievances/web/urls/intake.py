"""Addresses of raising a concern, for oneself and for others, and of the diary."""

from grievances.web.urls.on_demand import OnDemand, address

ADDRESSES: list[OnDemand] = [
    address("raise/", "grievances.web.intake.views.start", name="raise"),
    address("raise/ways/", "grievances.web.intake.views.ways", name="raise_ways"),
    address("exit/", "grievances.web.intake.anonymous_views.leave", name="exit"),
    address(
        "raise/anonymous/", "grievances.web.intake.anonymous_views.Start", name="raise_anonymous"
    ),
    address(
        "raise/anonymous/key/",
        "grievances.web.intake.anonymous_views.Key",
        name="raise_anonymous_key",
    ),
    address(
        "raise/anonymous/files/",
        "grievances.web.intake.anonymous_views.AnonymousFiles",
        name="raise_anonymous_files",
    ),
    address(
        "raise/anonymous/<str:page>/",
        "grievances.web.intake.anonymous_views.Page",
        name="raise_anonymous_page",
    ),
    address("return/", "grievances.web.intake.anonymous_views.Return", name="return"),
    address("raise/kept/", "grievances.web.intake.kept_views.KeptList", name="kept_list"),
    address(
        "raise/kept/<int:number>/", "grievances.web.intake.kept_views.KeptConcern", name="kept"
    ),
    address(
        "raise/kept/<int:number>/take-back/",
        "grievances.web.intake.kept_views.TakeBack",
        name="kept_take_back",
    ),
    address(
        "raise/<str:reference>/keep-back/",
        "grievances.web.intake.kept_views.Keep",
        name="keep_back",
    ),
    address("diary/", "grievances.web.intake.diary.views.Diary", name="diary"),
    address("diary/new/", "grievances.web.intake.diary.views.Write", name="diary_new"),
    address("diary/bring/", "grievances.web.intake.diary.views.Bring", name="diary_bring"),
    address(
        "diary/delete/", "grievances.web.intake.diary.views.DeleteAll", name="diary_delete_all"
    ),
    address(
        "diary/without-account/",
        "grievances.web.intake.diary.key_views.BeginDiary",
        name="diary_without_account",
    ),
    address("diary/key/", "grievances.web.intake.diary.key_views.DiaryKey", name="diary_key"),
    address("diary/<str:name>/", "grievances.web.intake.diary.views.Write", name="diary_entry"),
    address(
        "diary/<str:name>/delete/",
        "grievances.web.intake.diary.views.DeleteEntry",
        name="diary_delete",
    ),
    address(
        "raise/<str:reference>/", "grievances.web.intake.views.Continue", name="raise_continue"
    ),
    address(
        "raise/<str:reference>/delete/", "grievances.web.intake.views.Delete", name="raise_delete"
    ),
    address(
        "raise/<str:reference>/receipt/",
        "grievances.web.intake.views.Receipt",
        name="raise_receipt",
    ),
    address(
        "raise/<str:reference>/files/",
        "grievances.web.intake.draft_file_pages.OwnDraftFiles",
        name="raise_files",
    ),
    address(
        "raise/<str:reference>/<str:page>/", "grievances.web.intake.views.Page", name="raise_page"
    ),
    address(
        "account/bring-in/", "grievances.web.for_others.claim_views.Claim", name="account_claim"
    ),
    address("for-you/", "grievances.web.for_others.views.Waiting", name="for_you"),
    address("for-you/<int:number>/", "grievances.web.for_others.views.One", name="for_you_one"),
    address(
        "told-for-someone/<str:entry>/",
        "grievances.web.for_others.views.Told",
        name="told_for_someone",
    ),
    address("take-down/", "grievances.web.for_others.taking_views.Taking", name="take_down"),
    address(
        "take-down/sent/", "grievances.web.for_others.taking_views.Given", name="take_down_sent"
    ),
]
