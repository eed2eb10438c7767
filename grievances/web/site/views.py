"""Pages that belong to no case: start, help and health."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop

from grievances.cases.access import rules
from grievances.cases.access.facts import Actor, Ties
from grievances.cases.access.list_paging import MOST_COUNTED
from grievances.cases.notices import sending
from grievances.deadlines import clock_check, health
from grievances.evidence import virus_scan
from grievances.operations import daily_work, redis_cache, start
from grievances.participants import companions
from grievances.people.models import User
from grievances.policy import retention_schedule
from grievances.web.cases.presenters.case_list import count_late
from grievances.web.shared import clock
from grievances.web.shared.sessions import caller_of
from grievances.web.site import database_settings, threat_model
from notifications.outbox import unread_count

KEPT = ("case", "anonymous_insufficient", "monitoring_link", "survey", "trail")
"""Classes of the retention schedule that the privacy page names."""

HEADINGS = [
    gettext_noop("Who"),
    gettext_noop("What they could find out"),
    gettext_noop("What they could not"),
]


def home(request: HttpRequest) -> HttpResponse:
    """Return the start page.

    A visitor reads what this is; a known person reads what they can do next.
    """
    caller = caller_of(request)
    who = caller.who
    if who is None:
        return render(request, "pages/home_signed_out.html")
    places = [
        {
            "title": gettext("Raise a concern"),
            "href": "/raise/",
            "hint": gettext("Write it in your own words. No one reads it before you send it."),
            "status": "",
        },
        {
            "title": gettext("Ways to start"),
            "href": "/raise/ways/",
            "hint": gettext("Get advice, keep a private diary, or wait until you are not alone."),
            "status": "",
        },
        *_work(who, caller.ties),
    ]
    context = {"places": places, "warnings": _warnings(who)}
    return render(request, "pages/start.html", context)


def _warnings(who: Actor) -> list[str]:
    """Return what has stopped, for people who can have it repaired."""
    if not rules.may(who, "watch_service", clock.today()):
        return []
    return health.warnings(clock.now(), clock.today())


def page(template: str) -> Callable[[HttpRequest], HttpResponse]:
    """Return a view of a page of plain text, open to all."""

    def show(request: HttpRequest) -> HttpResponse:
        """Return the page."""
        return render(request, f"pages/{template}.html")

    return show


support = page("support")
safety = page("safety")
accessibility = page("accessibility")


def privacy(request: HttpRequest) -> HttpResponse:
    """Return the privacy page, with the months for which each class is kept today."""
    today = clock.today()
    kept = {name: retention_schedule.months_of(name, today) for name in KEPT}
    return render(request, "pages/privacy.html", {"kept": kept})


def who_can_see(request: HttpRequest) -> HttpResponse:
    """Return the page of who may see what, and of what an attacker gets."""
    rows = [
        [{"text": gettext(each.who), "head": True}, gettext(each.gets), gettext(each.lacks)]
        for each in threat_model.ATTACKERS
    ]
    return render(request, "pages/who_can_see.html", {"attackers": rows, "headings": HEADINGS})


def live(request: HttpRequest) -> HttpResponse:
    """Return "ok": the process answers."""
    return HttpResponse("ok", content_type="text/plain")


def ready(request: HttpRequest) -> JsonResponse:
    """Return 200 when the database can be used; else 503.

    It is 503 when the database cannot be reached, lacks a migration or has other server keys. What
    else is wrong is reported and does not take the pages away: a sweep or mail that has stopped, a
    clock that jumped, a Redis or a virus scanner that is away, overdue daily work, a calendar that
    ends, a missing database setting.
    """
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return JsonResponse({"database": "migrations missing"}, status=503)
        if not start.server_keys_fit():
            return JsonResponse({"server_keys": "not those of this database"}, status=503)
        body = {
            "database": "ok",
            "database_settings": database_settings.settings_state(),
            "sweep": health.sweep_state(clock.now()),
            "mail": health.mail_state(clock.now()),
            "redis": redis_cache.redis_state(),
            "virus_scan": virus_scan.state(clock.now()),
            "clock": clock_check.clock_state(),
            "calendar": health.calendar_state(clock.today()),
            "daily_work": daily_work.daily_state(clock.now()),
            "keys": health.key_state(clock.now()),
        }
        return JsonResponse(body)
    except DatabaseError:
        return JsonResponse({"database": "not reachable"}, status=503)


def _work(who: Actor, ties: Ties | None) -> list[dict[str, str]]:
    """Return where this person's work waits: counts only, nothing of any case."""
    unread = unread_count(*sending.inboxes(who, ties))
    late = count_late(who, clock.today())
    places = [
        {
            "title": gettext("Cases"),
            "href": "/cases/",
            "hint": gettext("Your own concerns, and the cases in which you have a part."),
            "status": _late_words(late),
            "colour": "red" if late else "",
        },
        {
            "title": gettext("Inbox"),
            "href": "/inbox/",
            "hint": gettext("What has changed since you were last here."),
            "status": gettext("{unread} new").format(unread=unread)
            if unread
            else gettext("Nothing new"),
            "colour": "blue" if unread else "",
        },
    ]
    if isinstance(who, User):
        places += [*_accompanied(who), *_offices(who)]
    return places


def _late_words(late: int) -> str:
    """Return how many cases are late, in words; they are counted up to a limit."""
    if late > MOST_COUNTED:
        return gettext("More than {most_counted:,} late").format(most_counted=MOST_COUNTED)
    return gettext("{late} late").format(late=late) if late else gettext("Nothing late")


def _accompanied(person: User) -> list[dict[str, str]]:
    if not companions.accompanies(person):
        return []
    return [
        {
            "title": gettext("Help someone as their companion"),
            "href": "/accompany/",
            "hint": gettext("What a person chose to share with you as their companion."),
            "status": "",
        }
    ]


OFFICE_PLACES = (
    (
        "open_report",
        gettext_noop("Reports"),
        "/reports/",
        gettext_noop("How long concerns take, and how people found it. No one can be recognised."),
    ),
    (
        "read_certificates",
        gettext_noop("Keeping and erasing"),
        "/keeping/",
        gettext_noop("What is due, what is held, and the certificates of what was erased."),
    ),
    (
        "read_all_trails",
        gettext_noop("Steps and dates"),
        "/trail/",
        gettext_noop("Check that we kept to the steps and dates. You see no words and no names."),
    ),
    (
        "read_year",
        "The year in numbers",
        "/trail/year/",
        "Approvals, searches, emergencies and late dates, counted, with a statement to sign.",
    ),
    (
        "read_policies",
        gettext_noop("Policies"),
        "/policies/",
        gettext_noop("How long each part may take, and new versions that wait for two people."),
    ),
    (
        "keep_letters",
        gettext_noop("Blocks of letters"),
        "/letters/",
        gettext_noop("The wording of decision letters, approved by two people."),
    ),
    (
        "count_patterns",
        gettext_noop("Openings of earlier concerns"),
        "/patterns/",
        gettext_noop(
            "How often someone looked up which earlier concerns name the same person or unit."
        ),
    ),
    (
        "keep_directory",
        gettext_noop("Staff directory"),
        "/directory/",
        gettext_noop(
            "Who works where, who manages them, and who holds which office. You see no case."
        ),
    ),
    (
        "keep_register",
        "Concerns handled elsewhere",
        "/register/",
        "Import the register that you have already: days and outcomes, and no names.",
    ),
    (
        "keep_rights_requests",
        gettext_noop("Data requests and complaints"),
        "/data-rights/",
        gettext_noop("When each request for data and each complaint about data is due."),
    ),
    (
        "publish_lessons",
        gettext_noop("Lessons and promises"),
        "/we-listened/keep/",
        gettext_noop("What the organisation learned and promised. Everyone can read it."),
    ),
    (
        "take_down",
        gettext_noop("Type a concern for someone"),
        "/take-down/",
        gettext_noop("Someone phones, comes in or writes a letter. You read it back to them."),
    ),
    (
        "watch_service",
        gettext_noop("How the service runs"),
        "/service/",
        gettext_noop(
            "Whether dates are looked at, mail leaves and backups are made. You see no case."
        ),
    ),
    (
        "prepare_remarks",
        gettext_noop("What people wrote in the survey"),
        "/remarks/",
        gettext_noop("Two people take out what could show who is meant; then it is printed."),
    ),
)
"""Rule, title, address and hint of each page that is open to an office."""


def _offices(person: User) -> list[dict[str, str]]:
    """Return the pages open to the person's offices, and their account."""
    allowed = rules.office_actions(person, clock.today())
    account = ("", gettext("Your account"), "/account/", ACCOUNT_HINT)
    return [
        {"title": title, "href": href, "hint": hint, "status": ""}
        for rule, title, href, hint in (*OFFICE_PLACES, account)
        if not rule or rule in allowed
    ]


ACCOUNT_HINT = gettext_noop("Your certificates, your password and your recovery code.")
