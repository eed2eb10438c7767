"""Template context of every page: navigation, signed-in person, exit address."""

from datetime import date, datetime
from functools import cache, partial
from typing import Any

from django.conf import settings
from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    DateField,
    Exists,
    OuterRef,
    QuerySet,
    Subquery,
)
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_noop

from grievances.cases.access import rules
from grievances.cases.access.facts import Actor
from grievances.cases.actions.actor import Caller
from grievances.cases.notices import sending
from grievances.operations.database_sessions import takes_no_changes
from grievances.people.models import User
from grievances.policy import profiles
from grievances.web.shared import clock
from grievances.web.shared.middleware.page_language import languages_of
from grievances.web.shared.session_store import SessionTime, read_time, second_now, use_now
from grievances.web.shared.sessions import DRAFT_COOKIE, caller_of, holds_a_person
from grievances.web.shared.support_lines import SUPPORT
from notifications.outbox import unread
from workflow.sql.compiled_sql import Bound, CompiledQuery, ValueLater, bound_list, listed

PAGE_NAMES = {
    name: words
    for words, names in {
        gettext_noop("Your page"): "case",
        gettext_noop("Your cases"): "cases search",
        gettext_noop("Question"): "raise raise_page raise_anonymous raise_anonymous_page",
        gettext_noop("Question about who it happened to"): "raise_page/whose",
        gettext_noop("Question about people"): "raise_page/about",
        gettext_noop("Question about readers"): "raise_page/keep-away",
        gettext_noop("Question about days"): "raise_page/when",
        gettext_noop("Question about your wishes"): "raise_page/help",
        gettext_noop("Question about the way"): "raise_page/way",
        gettext_noop("Question about your name"): "raise_page/name",
        gettext_noop("Question about your region"): "raise_page/region",
        gettext_noop("Ways to start"): "raise_ways",
        gettext_noop("Notes"): "diary diary_new diary_bring diary_entry diary_delete "
        "diary_delete_all diary_without_account",
        gettext_noop("Kept"): "kept_list kept kept_take_back keep_back",
        gettext_noop("How you are"): "aftercare aftercare_asked aftercare_one aftercare_choose "
        "aftercare_draft aftercare_say",
        gettext_noop("Your data"): "own_data",
        gettext_noop("Letter"): "letter referral reply_letter",
        gettext_noop("Meeting"): "reply_meeting",
        gettext_noop("Key"): "raise_anonymous_key return diary_key",
        gettext_noop("Sent"): "raise_receipt told_for_someone",
        gettext_noop("Write"): "step raise_delete account_claim take_down take_down_sent",
        gettext_noop("Dates"): "tribunal reply_away",
        gettext_noop("People"): "ledger accompany invite_companion invitation accompany_case",
        gettext_noop("Files"): "add_evidence picture reply_add reply_choose accompany_add "
        "raise_files raise_anonymous_files evidence look",
        gettext_noop("Copy"): "export proof proof_key",
        gettext_noop("Print"): "print",
        gettext_noop("Answer"): "consent reply reply_companion about_you for_you for_you_one",
        gettext_noop("Survey"): "survey pulse",
        gettext_noop("We listened"): "we_listened",
        gettext_noop("Help"): "support",
        gettext_noop("Safety"): "safety who_can_see",
        gettext_noop("Privacy"): "privacy",
        gettext_noop("Accessibility"): "accessibility",
        gettext_noop(
            "Sign in"
        ): "account_login mfa_authenticate account_forgotten account_recovery_ask",
        gettext_noop(
            "Your account"
        ): "account own_sessions account_passphrase account_recovery_code account_check_code "
        "account_leave account_recovery_confirm account_change_password mfa_index",
    }.items()
    for name in names.split()
}
"""What a title says of a page: which one it is, and never about what.

Others read titles in the history of a browser (domain.md 12). The keys are names of addresses.
"""


def shell(request: HttpRequest) -> dict[str, object]:
    """Return the context of base.html; it holds nothing about any case."""
    if not hasattr(request, "user"):
        return {}
    caller = caller_of(request)
    who = caller.who
    unread, may_report, may_check = _asked_of(caller, clock.today())
    return {
        "nav": _nav(request, who, may_report, may_check),
        "page_name": _page_name(request),
        "person_name": who.name if isinstance(who, User) else "",
        "unread": unread,
        "single_sign_on": settings.SINGLE_SIGN_ON.get("name", ""),
        "session_ends": session_end(request),
        "marks_pages": marks_pages(request),
        "exit_url": "/exit/",
        "support": SUPPORT,
        **languages_of(request),
        "takes_no_changes": takes_no_changes(),
        "demonstration": settings.DEMONSTRATION,
        "demo_now": clock.now() if settings.FAKE_NOW else None,
    }


def _page_name(request: HttpRequest) -> str:
    """Return the name of the page for its title; empty for a page without one."""
    match = request.resolver_match
    if match is None:
        return ""
    name = match.url_name or ""
    part = f"{name.replace('_anonymous', '')}/{match.kwargs.get('page', '')}"
    return PAGE_NAMES.get(part) or PAGE_NAMES.get(name, "")


def marks_pages(request: HttpRequest) -> bool:
    """Return whether a page may hold words of a person: "Back" must ask again."""
    return not request.session.is_empty() or DRAFT_COOKIE in request.COOKIES


def session_end(request: HttpRequest) -> dict[str, object] | None:
    """Return when a known person's session ends if they do nothing after this page."""
    if not holds_a_person(request):
        return None
    now = second_now()
    times = use_now(read_time(request) or SessionTime(now, now))
    at = datetime.fromtimestamp(times.ends_at(), profiles.zone())
    return {
        "left": times.ends_at() - now,
        "at": at.strftime("%H:%M"),
        "longest": times.ends_at() < now + settings.SESSION_COOKIE_AGE,
    }


def _asked_of(caller: Caller, today: date) -> tuple[int, bool, bool]:
    """Return unread notices, and whether there are reports and trails to open.

    It takes one query: (unread notices, may open reports, may check trails).
    """
    who = caller.who
    if who is None:
        return 0, False, False
    inboxes = sending.inboxes(who, caller.ties)
    if not isinstance(who, User):
        return unread(*inboxes).count(), False, False
    given = listed("inbox", inboxes, "")
    found: Any = _shell_query(len(given)).first(me=who.pk, today=today, **given)
    return found.unread or 0, found.may_report, found.may_check


@cache
def _shell_query(room: int) -> CompiledQuery[User]:
    """Return the query of `_asked_of` for a person with at most so many inboxes."""
    return CompiledQuery(partial(_what_the_shell_asks, room))


def _what_the_shell_asks(room: int) -> QuerySet[User]:
    notes = unread(*bound_list("inbox", room, CharField())).order_by()
    count = notes.values("channel").annotate(count=Count("pk")).values("count")
    today: ValueLater = Bound("today", DateField())
    report, check = (
        Exists(rules.appointed_to(rule, today).filter(person=OuterRef("pk")))
        for rule in ("open_report", "read_all_trails")
    )
    own = User.objects.filter(pk=Bound("me", BigIntegerField())).order_by().only("pk")
    return own.annotate(unread=Subquery(count), may_report=report, may_check=check)


def _nav(
    request: HttpRequest, who: Actor | None, may_report: bool, may_check: bool
) -> list[dict[str, object]]:
    places = [(gettext("Raise a concern"), "/raise/")]
    if who is not None:
        places.append((gettext("Cases"), "/cases/"))
    if may_report:
        places.append((gettext("Reports"), "/reports/"))
    if may_check:
        places.append((gettext("Steps and dates"), "/trail/"))
    places.append((gettext("Support"), "/support/"))
    places[:0] = [(gettext("Start"), "/")]
    return [
        {"text": text, "href": href, "active": _is_here(request.path, href)}
        for text, href in places
    ]


def _is_here(path: str, href: str) -> bool:
    return path == href if href == "/" else path.startswith(href)
