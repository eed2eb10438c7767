"""Addresses of what is kept: registers, policies, trails and lessons."""

from grievances.web.urls.on_demand import OnDemand, address

ADDRESSES: list[OnDemand] = [
    address("keeping/", "grievances.web.retention.views.KeepingList", name="keeping_list"),
    address(
        "keeping/<reference:reference>/",
        "grievances.web.retention.views.CertificatePage",
        name="certificate",
    ),
    address(
        "keeping/<reference:reference>.json",
        "grievances.web.retention.views.CertificateFile",
        name="certificate_json",
    ),
    address(
        "cases/<reference:reference>/keeping/",
        "grievances.web.retention.views.KeepingPage",
        name="keeping",
    ),
    address("policies/law/", "grievances.web.policies.law_views.LawPage", name="law"),
    address("policies/", "grievances.web.policies.views.PolicyList", name="policies"),
    address(
        "policies/<slug:code>/<int:version>/",
        "grievances.web.policies.views.PolicyPage",
        name="policy",
    ),
    address("trail/", "grievances.web.trail.views.TrailList", name="trails"),
    address("trail/year/", "grievances.web.trail.year_views.YearPage", name="trail_year"),
    address("trail/<reference:reference>/", "grievances.web.trail.views.TrailPage", name="trail"),
    address("my-data/", "grievances.web.data_rights.views.OwnRequests", name="own_data"),
    address("data-rights/", "grievances.web.data_rights.views.RightsRegister", name="data_rights"),
    address("register/", "grievances.web.central_record.views.UploadPage", name="register"),
    address(
        "register/check/", "grievances.web.central_record.views.CheckPage", name="register_check"
    ),
    address("we-listened/", "grievances.web.lessons.views.we_listened", name="we_listened"),
    address("we-listened/keep/", "grievances.web.lessons.views.KeepLessons", name="keep_lessons"),
    address("aftercare/", "grievances.web.aftercare.views.OwnCare", name="aftercare"),
    address(
        "aftercare/asked/<str:label>/",
        "grievances.web.aftercare.views.Asked",
        name="aftercare_asked",
    ),
    address(
        "aftercare/<str:label>/", "grievances.web.aftercare.views.OneCare", name="aftercare_one"
    ),
    address(
        "aftercare/<str:label>/choose/",
        "grievances.web.aftercare.views.Choose",
        name="aftercare_choose",
    ),
    address(
        "aftercare/<str:label>/draft/",
        "grievances.web.aftercare.views.NewConcern",
        name="aftercare_draft",
    ),
    address(
        "aftercare/<str:label>/<str:code>/",
        "grievances.web.aftercare.views.Say",
        name="aftercare_say",
    ),
    address(
        "directory/", "grievances.web.staff_directory.entry_views.FindPerson", name="directory"
    ),
    address(
        "directory/people/<int:pk>/",
        "grievances.web.staff_directory.entry_views.EntryPage",
        name="directory_entry",
    ),
    address(
        "directory/people/<int:pk>/<slug:change>/",
        "grievances.web.staff_directory.entry_views.ChangePage",
        name="directory_change",
    ),
    address(
        "directory/file/",
        "grievances.web.staff_directory.file_views.UploadPage",
        name="directory_file",
    ),
    address(
        "directory/file/check/",
        "grievances.web.staff_directory.file_views.CheckPage",
        name="directory_check",
    ),
]
