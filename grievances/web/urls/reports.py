"""Addresses of reports and surveys."""

from grievances.web.urls.on_demand import OnDemand, address, pattern

ADDRESSES: list[OnDemand] = [
    address("survey/<str:token>/", "grievances.web.surveys.views.Answer", name="survey"),
    address("pulse/", "grievances.web.surveys.staff_survey_views.Answer", name="pulse"),
    address("pulse/open/", "grievances.web.surveys.staff_survey_views.Open", name="pulse_open"),
    address("reports/ask/", "grievances.web.reports.query_views.Ask", name="report-ask"),
    address("reports/rebase/", "grievances.web.reports.rebase_views.Rebase", name="report-rebase"),
    address("reports/notes/", "grievances.web.reports.note_views.Notes", name="report-notes"),
    address(
        "reports/subscriptions/",
        "grievances.web.reports.subscription_views.Subscriptions",
        name="report-subscriptions",
    ),
    address(
        "reports/dashboard/",
        "grievances.web.reports.dashboard_views.Dashboard",
        name="report-dashboard",
    ),
    address("remarks/", "grievances.web.surveys.comment_views.RemarkList", name="remarks"),
    address(
        "remarks/<uuid:remark_id>/",
        "grievances.web.surveys.comment_views.RemarkPage",
        name="remark",
    ),
    address("reports/", "grievances.web.reports.views.Index", name="reports"),
    address("reports/dataset/", "grievances.web.reports.views.Dataset", name="report-dataset"),
    pattern(
        r"^reports/dataset/concerns-(?P<year>20\d\d-\d\d)(?P<kind>\.csv|-dictionary\.csv|\.csv-metadata\.json)$",
        "grievances.web.reports.views.DatasetFile",
        name="report-dataset-file",
    ),
    pattern(
        r"^reports/dataset/concerns-(?P<year>20\d\d-\d\d)(?P<kind>-equalities\.ods|-notes\.txt)$",
        "grievances.web.reports.views.DatasetFile",
        name="report-dataset-tables",
    ),
    address("reports/<slug:name>/", "grievances.web.reports.views.Page", name="report"),
    pattern(
        r"^reports/(?P<name>[a-z-]+)\.(?P<suffix>csv|json|xlsx)$",
        "grievances.web.reports.views.File",
        name="report-file",
    ),
    pattern(
        r"^reports/(?P<name>[a-z-]+)\.(?P<suffix>ods)$",
        "grievances.web.reports.views.File",
        name="report-open-document",
    ),
    pattern(
        r"^reports/(?P<name>[a-z-]+)\.(?P<suffix>pdf)$",
        "grievances.web.reports.views.File",
        name="report-pdf",
    ),
]
