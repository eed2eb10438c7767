"""Addresses of the product (contracts.md, Addresses).

Each module of views lists its own addresses.
"""

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver

from grievances.cases.notices import sending
from grievances.web import api, openapi
from grievances.web.accounts import (
    first_sign_in_views,
    leave_views,
    own_session_views,
    passphrase_views,
    proof_views,
    recovery_views,
    second_factor_views,
    sso_urls,
)
from grievances.web.accounts import views as account_views
from grievances.web.aftercare import views as aftercare_views
from grievances.web.cases import (
    case_views,
    consent_views,
    export_views,
    file_views,
    ledger_views,
    list_views,
    search_views,
    step_views,
)
from grievances.web.cases.presenters.inbox import inbox_line
from grievances.web.central_record import views as central_record_views
from grievances.web.data_rights import views as data_rights_views
from grievances.web.for_others import claim_views, taking_views
from grievances.web.for_others import views as for_others_views
from grievances.web.intake import views as raise_views
from grievances.web.investigation import views as investigation_views
from grievances.web.lessons import views as lesson_views
from grievances.web.letters import views as letter_views
from grievances.web.monitoring import views as monitoring_views
from grievances.web.participants import companion_views, statement_views
from grievances.web.participants import file_views as participant_file_views
from grievances.web.patterns import views as pattern_views
from grievances.web.policies import views as policy_views
from grievances.web.reports import (
    dashboard_views,
    note_views,
    query_views,
    rebase_views,
    subscription_views,
)
from grievances.web.reports import views as report_views
from grievances.web.retention import views as retention_views
from grievances.web.shared import clock
from grievances.web.shared.sessions import caller_of
from grievances.web.site import service_views
from grievances.web.site import views as site_views
from grievances.web.staff_directory import entry_views, scim_urls
from grievances.web.staff_directory import file_views as staff_file_views
from grievances.web.surveys import comment_views, staff_survey_views
from grievances.web.surveys import views as survey_views
from grievances.web.tokens import views as token_views
from grievances.web.trail import views as trail_views
from grievances.web.tribunal import views as tribunal_views
from notifications.urls import inbox_urls, mail_folder_urls


def _inboxes(request: HttpRequest) -> list[str]:
    caller = caller_of(request)
    return sending.inboxes(caller.who, caller.ties) if caller.who is not None else []


urlpatterns: list[URLPattern | URLResolver] = [
    *site_views.urlpatterns,
    *service_views.urlpatterns,
    *sso_urls.urlpatterns,
    *raise_views.urlpatterns,
    *file_views.urlpatterns,
    *export_views.urlpatterns,
    *retention_views.urlpatterns,
    *policy_views.urlpatterns,
    *trail_views.urlpatterns,
    *data_rights_views.urlpatterns,
    *central_record_views.urlpatterns,
    *lesson_views.urlpatterns,
    *aftercare_views.urlpatterns,
    *companion_views.urlpatterns,
    *proof_views.urlpatterns,
    *search_views.urlpatterns,
    *monitoring_views.urlpatterns,
    *tribunal_views.urlpatterns,
    *list_views.urlpatterns,
    *ledger_views.urlpatterns,
    *investigation_views.urlpatterns,
    *letter_views.urlpatterns,
    *pattern_views.urlpatterns,
    *case_views.urlpatterns,
    *step_views.urlpatterns,
    *consent_views.urlpatterns,
    *statement_views.urlpatterns,
    *participant_file_views.urlpatterns,
    *entry_views.urlpatterns,
    *staff_file_views.urlpatterns,
    *scim_urls.urlpatterns,
    *token_views.urlpatterns,
    *survey_views.urlpatterns,
    *staff_survey_views.urlpatterns,
    *query_views.urlpatterns,
    *rebase_views.urlpatterns,
    *note_views.urlpatterns,
    *subscription_views.urlpatterns,
    *dashboard_views.urlpatterns,
    *comment_views.urlpatterns,
    *report_views.urlpatterns,
    *account_views.urlpatterns,
    *leave_views.urlpatterns,
    *recovery_views.urlpatterns,
    *first_sign_in_views.urlpatterns,
    *passphrase_views.urlpatterns,
    *second_factor_views.urlpatterns,
    *own_session_views.urlpatterns,
    *claim_views.urlpatterns,
    *for_others_views.urlpatterns,
    *taking_views.urlpatterns,
    *openapi.urlpatterns,
    *api.urlpatterns,
    *inbox_urls(_inboxes, now_of=lambda request: clock.now(), line_of=inbox_line),
    *mail_folder_urls(),
]
