"""Addresses of the product (contracts.md, Addresses); each file of views lists its own."""

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver

from grievances import api, notices
from grievances.sessions import caller_of
from grievances.views import (
    account,
    asking_reports,
    cases,
    checking,
    claiming,
    clock,
    companions,
    consent,
    exporting,
    files,
    keeping,
    monitoring,
    own_files,
    passphrase,
    policies,
    proof,
    pulse,
    raising,
    rebasing,
    recovery,
    remarks,
    replies,
    reports,
    searching,
    service,
    sign_on_door,
    survey,
    tribunal,
)
from notifications.urls import inbox_urls, mail_folder_urls


def _inboxes(request: HttpRequest) -> list[str]:
    who = caller_of(request).who
    return notices.inboxes(who) if who is not None else []


urlpatterns: list[URLPattern | URLResolver] = [
    *service.urlpatterns,
    *sign_on_door.urlpatterns,
    *raising.urlpatterns,
    *files.urlpatterns,
    *exporting.urlpatterns,
    *keeping.urlpatterns,
    *policies.urlpatterns,
    *checking.urlpatterns,
    *companions.urlpatterns,
    *proof.urlpatterns,
    *searching.urlpatterns,
    *monitoring.urlpatterns,
    *tribunal.urlpatterns,
    *cases.urlpatterns,
    *consent.urlpatterns,
    *replies.urlpatterns,
    *own_files.urlpatterns,
    *survey.urlpatterns,
    *pulse.urlpatterns,
    *asking_reports.urlpatterns,
    *rebasing.urlpatterns,
    *remarks.urlpatterns,
    *reports.urlpatterns,
    *account.urlpatterns,
    *recovery.urlpatterns,
    *passphrase.urlpatterns,
    *claiming.urlpatterns,
    *api.urlpatterns,
    *inbox_urls(_inboxes, now_of=lambda request: clock.now()),
    *mail_folder_urls(),
]
