"""Addresses of the product (contracts.md, Addresses); each file of views lists its own."""

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver

from grievances import api, notices
from grievances.sessions import caller_of
from grievances.views import (
    account,
    cases,
    claiming,
    clock,
    companions,
    consent,
    files,
    keeping,
    passphrase,
    proof,
    raising,
    recovery,
    replies,
    reports,
    service,
    survey,
)
from notifications.urls import inbox_urls, mail_folder_urls


def _inboxes(request: HttpRequest) -> list[str]:
    who = caller_of(request).who
    return notices.inboxes(who) if who is not None else []


urlpatterns: list[URLPattern | URLResolver] = [
    *service.urlpatterns,
    *raising.urlpatterns,
    *files.urlpatterns,
    *keeping.urlpatterns,
    *companions.urlpatterns,
    *proof.urlpatterns,
    *cases.urlpatterns,
    *consent.urlpatterns,
    *replies.urlpatterns,
    *survey.urlpatterns,
    *reports.urlpatterns,
    *account.urlpatterns,
    *recovery.urlpatterns,
    *passphrase.urlpatterns,
    *claiming.urlpatterns,
    *api.urlpatterns,
    *inbox_urls(_inboxes, now_of=lambda request: clock.now()),
    *mail_folder_urls(),
]
