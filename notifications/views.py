"""The inbox pages.

The caller's ``pseudonyms_of`` says whose inbox it is. The notice of another person is a 404.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views import View

from notifications.models import Notice
from notifications.outbox import inbox, unread
from notifications.rendering import line

LineOf = Callable[[Notice], str]
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
    """GET: the notices of this person, newest first, 25 to a page.

    With `?show=new` it is the unread ones alone.
    """

    pseudonyms_of: HandlesOf = staticmethod(no_one)
    line_of: LineOf = staticmethod(line)
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show one page of the inbox, the newest notice first.

        Returns:
            The page.
        """
        handles, only_new = self.pseudonyms_of(request), request.GET.get("show") == "new"
        rows = unread(*handles) if only_new else inbox(*handles)
        page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
        notices = [(notice, self.line_of(notice)) for notice in page]
        context = {
            "page": page,
            "notices": notices,
            "only_new": only_new,
            "query": "show=new&" if only_new else "",
            "newest": max((notice.pk for notice in page), default=0),
            "some_new": any(notice.read_at is None for notice in page),
        }
        return render(request, "notifications/inbox.html", context)


class ReadAll(View):
    """POST: mark as read everything that was in the inbox when its page was shown.

    `newest` is the first notice of that page: what came after it stays new.
    """

    pseudonyms_of: HandlesOf = staticmethod(no_one)
    now_of: NowOf = staticmethod(wall_clock)
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Mark the notices as read, up to the newest that the page showed.

        Returns:
            The inbox.
        """
        newest = request.POST.get("newest", "")
        if newest.isdecimal() and len(newest) < 19:
            rows = unread(*self.pseudonyms_of(request)).filter(pk__lte=int(newest))
            rows.update(read_at=self.now_of(request))
        return HttpResponseRedirect("/inbox/")


class Open(View):
    """POST: mark a notice as read and go to its link.

    Older notices of the same kind with the same link are marked as well.
    """

    pseudonyms_of: HandlesOf = staticmethod(no_one)
    now_of: NowOf = staticmethod(wall_clock)
    http_method_names = ["post"]

    def post(self, request: HttpRequest, notice_id: int) -> HttpResponse:
        """Mark the notices as read.

        Returns:
            A redirect to what the notice is about.
        """
        notice = get_object_or_404(inbox(*self.pseudonyms_of(request)), pk=notice_id)
        alike = inbox(notice.handle).filter(kind=notice.kind, link=notice.link, pk__lte=notice.pk)
        unread = alike.filter(read_at__isnull=True)
        unread.update(read_at=self.now_of(request))
        # A path on this site: the outbox stores no other kind of link.
        return HttpResponseRedirect(notice.link)
