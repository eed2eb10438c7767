"""The inbox pages.

The caller's ``pseudonyms_of`` says whose inbox it is. The notice of another person is a 404.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views import View

from notifications.outbox import inbox
from notifications.rendering import line

HandlesOf = Callable[[HttpRequest], list[str]]
NowOf = Callable[[HttpRequest], datetime]
PAGE_SIZE = 25


def no_one(request: HttpRequest) -> list[str]:
    """Return no pseudonym, so that nothing shows where the caller gave no function."""
    return []


def wall_clock(request: HttpRequest) -> datetime:
    """Return the real time, in UTC, where the caller supplied no clock."""
    return datetime.now(UTC)


class Inbox(View):
    """GET: the notices of this person, newest first, 25 to a page."""

    pseudonyms_of: HandlesOf = staticmethod(no_one)
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show one page of the inbox."""
        rows = inbox(*self.pseudonyms_of(request))
        page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
        notices = [(notice, line(notice)) for notice in page]
        return render(request, "notifications/inbox.html", {"page": page, "notices": notices})


class Open(View):
    """POST: mark a notice as read and go to its link.

    Older notices of the same kind with the same link are marked as well.
    """

    pseudonyms_of: HandlesOf = staticmethod(no_one)
    now_of: NowOf = staticmethod(wall_clock)
    http_method_names = ["post"]

    def post(self, request: HttpRequest, notice_id: int) -> HttpResponse:
        """Mark the notices as read and redirect to the link."""
        notice = get_object_or_404(inbox(*self.pseudonyms_of(request)), pk=notice_id)
        alike = inbox(notice.handle).filter(kind=notice.kind, link=notice.link, pk__lte=notice.pk)
        unread = alike.filter(read_at__isnull=True)
        unread.update(read_at=self.now_of(request))
        # A path on this site: the outbox stores no other kind of link.
        return HttpResponseRedirect(notice.link)
