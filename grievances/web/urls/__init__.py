"""Every address of the product (contracts.md, Addresses)."""

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver

from grievances.cases.notices import sending
from grievances.web.accounts import sso_urls
from grievances.web.cases.presenters.inbox import inbox_line
from grievances.web.shared import clock
from grievances.web.shared.sessions import caller_of
from grievances.web.staff_directory import scim_urls
from grievances.web.urls import accounts, cases, intake, programs, registers, reports, site
from notifications.urls import inbox_urls, mail_folder_urls


def _inboxes(request: HttpRequest) -> list[str]:
    caller = caller_of(request)
    return sending.inboxes(caller.who, caller.ties) if caller.who is not None else []


urlpatterns: list[URLPattern | URLResolver] = [
    *site.ADDRESSES,
    *sso_urls.urlpatterns,
    *intake.ADDRESSES,
    *registers.ADDRESSES,
    *cases.ADDRESSES,
    *scim_urls.urlpatterns,
    *reports.ADDRESSES,
    *accounts.ADDRESSES,
    programs.DOCUMENT,
    *programs.API,
    *inbox_urls(_inboxes, now_of=lambda request: clock.now(), line_of=inbox_line),
    *mail_folder_urls(),
]
