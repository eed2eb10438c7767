"""What every page needs: where one can go, whose page it is, how to leave it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from grievances import access, notices
from grievances.models import User
from grievances.relations import Who
from grievances.sessions import caller_of
from grievances.support import SUPPORT
from grievances.views import clock
from notifications.outbox import unread_count


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context of base.html; nothing in it tells anything of a case."""
    if not hasattr(request, "user"):
        return {}
    who = caller_of(request).who
    return {
        "nav": _nav(request, who),
        "person_name": who.name if isinstance(who, User) else "",
        "unread": unread_count(*notices.inboxes(who)) if who is not None else 0,
        "exit_url": "/exit/",
        "support": SUPPORT,
        "demonstration": settings.DEMONSTRATION,
        "demo_now": clock.now() if settings.FAKE_NOW else None,
    }


def _nav(request: HttpRequest, who: Who | None) -> list[dict[str, Any]]:
    places = [("Raise a concern", "/raise/")]
    if who is not None:
        places.append(("Cases", "/cases/"))
    if isinstance(who, User) and access.may(who, "open_report", clock.today()):
        places.append(("Reports", "/reports/"))
    places.append(("Support", "/support/"))
    if who is None:
        places[:0] = [("Start", "/")]
    return [
        {"text": text, "href": href, "active": _is_here(request.path, href)}
        for text, href in places
    ]


def _is_here(path: str, href: str) -> bool:
    return path == href if href == "/" else path.startswith(href)
