"""Pages of raising a concern, shared by account drafts and anonymous drafts.

A `WizardStorage` holds the answers. Each page saves its own, so that leaving loses nothing. Every
page that shows who could read the concern works it out again.
"""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from grievances.cases.access.readers_preview import Readership
from grievances.people.matching import FIELDS, Answers, Told
from grievances.people.models import User
from grievances.vocabulary import Identity, Role
from grievances.web.intake.anonymous_draft import COACH, STORY_PAGES
from grievances.web.intake.check_answers import answer_rows, files_in_words
from grievances.web.intake.forms import BEGIN, QUESTIONS, Question, initial_of
from grievances.web.intake.other_window import SEEN, mark_of, with_both
from grievances.web.intake.whose import Whose
from grievances.web.intake.wizard_storage import BESIDE, MORE, ROWS, WizardStorage
from grievances.web.shared import clock
from grievances.web.shared.limits import rate_limit
from grievances.web.shared.limits.rate_limit import Submission
from grievances.web.shared.middleware.typed_again import mark_before
from grievances.web.shared.sessions import kept_typing
from workflow.json_values import JsonObject
from workflow.steps import Refused

NO_READER_LEFT = Refused(
    "NOBODY_LEFT",
    _(
        "No one who could read this would be left, not even an independent officer. Keep this "
        "person, or put someone else back first."
    ),
)
STATUS = {
    "STALE_STATE": 409,
    "TRANSITION_NOT_ALLOWED": 409,
    "PAGE_TOO_OLD": 409,
    "WAIT_A_MOMENT": 429,
    "PUZZLE_TOO_CHEAP": 429,
}
"""HTTP status of each refusal to send; any other is 422."""


WHY_MORE = {
    "whose": _("If you saw it, or if someone asked you to tell us."),
    "about": _("So that we keep this person, and everyone who manages them, away from it."),
    "keep-away": _("Anyone else who must not read it. You do not have to say why."),
    "when": _("So that we can tell you the date by which to contact Acas."),
    "help": _("What you would like to happen."),
    "way": _("We look into it formally unless you choose the informal way."),
    "name": _("We keep your name confidential unless you choose otherwise."),
    "region": _("So that we see where concerns come from. You do not have to say."),
}
OVERSIGHT = {
    Role.LEAD: _(
        "Your reference, the stage and the dates, and the decision letter. Not what you wrote."
    ),
    Role.DPO: _(
        "Your reference, and who opened your case and when. Not what you wrote, nor your name."
    ),
}
"""What an overseer can open (domain.md 11.1)."""
OUR_OWN = frozenset({"csrfmiddlewaretoken", "back", "later", SEEN})
"""What a form posts besides answers."""


def turn(request: HttpRequest, sheet: WizardStorage, page: str) -> HttpResponseBase:
    """Return one page of the wizard.

    Raises:
        Http404: For a page that this storage does not have.
    """
    if page == "readers":
        return choose_readers(request, sheet)
    if page == "check":
        return check(request, sheet)
    if page == MORE:
        return add_more(request, sheet)
    if page not in (*sheet.pages, *sheet.optional):
        raise Http404
    return ask(request, sheet, page)


def ask(request: HttpRequest, sheet: WizardStorage, page: str) -> HttpResponseBase:
    """Return the page of one question: GET shows it, POST keeps the answer.

    GET includes unsent text from before a sign-in. POST goes on to the next page.
    """
    kept = kept_typing(request) if sheet.signed_in and request.method == "GET" else None
    data = request.POST if request.method == "POST" else kept
    question: type[Question] = Whose if page == "whose" else QUESTIONS[page]
    form = question(data, initial=initial_of(sheet.answers), today=clock.today())
    both = with_both(request.POST, sheet.answers, form) if request.method == "POST" else None
    if both is not None:
        form = question(both, initial=initial_of(sheet.answers), today=clock.today())
    elif request.method == "POST" and form.is_valid():
        response = redirect(_next(request, sheet, page))
        sheet.keep(response, _asking_again(sheet, form.answers()))
        if remark := form.remark():
            messages.info(request, remark)
        return response
    if both is None and "back" in request.POST and not _has_words(form):
        return redirect(_before(sheet, page))
    context = _frame(sheet, page) | {"form": form, "kept": kept is not None}
    seen = mark_before(request, "seen") or mark_of(sheet.answers, form)
    context |= {"seen": seen, "has_both": both is not None}
    context |= _matches(sheet, form) | {
        "tells_a_story": page in STORY_PAGES,
        "coach": {} if sheet.signed_in else {kind: gettext(why) for kind, why in COACH.items()},
    }
    status = 409 if both is not None else 422 if request.method == "POST" else 200
    return render(request, "raise/question.html", context, status=status)


def add_more(request: HttpRequest, sheet: WizardStorage) -> HttpResponseBase:
    """Return the page of what a person may add: each part, and whether it is added."""
    parts = [
        {
            "title": label,
            "href": sheet.href(page),
            "hint": WHY_MORE[page],
            "status": gettext("Added") if sheet.answers.get(name) else gettext("Not added"),
        }
        for page, name, label in ROWS
        if page in sheet.optional and name not in BESIDE
    ]
    parts.append(
        {
            "title": gettext("Files"),
            "href": sheet.href("files"),
            "hint": gettext("Messages, pictures, a rota. You can also add them after you send."),
            "status": files_in_words(sheet) or gettext("Not added"),
        }
    )
    context = _frame(sheet, MORE) | {"parts": parts, "onward": sheet.href("readers")}
    return render(request, "raise/more.html", context)


def choose_readers(request: HttpRequest, sheet: WizardStorage) -> HttpResponseBase:
    """Return the page of exactly who could open the concern.

    Each of them can be removed without a reason.
    """
    answers = {**BEGIN, **sheet.answers}
    removed = [int(person_id) for person_id in answers.get("removed") or ()]
    refusal: Refused | None = None
    if request.method == "POST":
        able = sheet.readership(answers)
        wanted = {"removed": _wanted(request, able, removed)}
        if sheet.signed_in:
            wanted["not_meant"] = _ruled_out(request, able.told)
        if sheet.readership({**answers, **wanted}).officers:
            response = redirect(sheet.href("readers"))
            sheet.keep(response, wanted)
            return response
        refusal = NO_READER_LEFT
    context = _frame(sheet, "readers") | _reading(sheet, answers) | {"refusal": refusal}
    return render(request, "raise/readers.html", context, status=422 if refusal else 200)


def check(request: HttpRequest, sheet: WizardStorage) -> HttpResponseBase:
    """Return the page that shows everything and who will read it; POST sends it."""
    answers = {**BEGIN, **sheet.answers}
    refusal: Refused | None = None
    status = 200
    if request.method == "POST":
        try:
            return redirect(sheet.send(answers, Submission.of(request)))
        except Refused as refused:
            refusal = refused
            status = STATUS.get(refused.code, 422)
    context = _frame(sheet, "check") | _reading(sheet, answers)
    keeps = refusal is not None and refusal.code not in rate_limit.NEEDS_A_NEW_PUZZLE
    puzzle = sheet.puzzle(request.POST.get("puzzle", "") if keeps else "")
    context |= {
        "rows": answer_rows(sheet, answers),
        "once": uuid4().hex,
        "refusal": refusal,
        "puzzle": puzzle,
        "bits": rate_limit.bits_of(puzzle),
        "keep_back": sheet.href("keep-back"),
    }
    return render(request, "raise/check.html", context, status=status)


def first_open(sheet: WizardStorage) -> str:
    """Return the address to go on with: an open question, or what may be added."""
    for page, name, _label in ROWS:
        if page in sheet.pages and name not in sheet.answers:
            return sheet.href(page)
    return sheet.href(MORE)


def _next(request: HttpRequest, sheet: WizardStorage, page: str) -> str:
    if "later" in request.POST and sheet.signed_in:
        messages.success(request, gettext("Your draft is saved. Only you can open it."))
        return sheet.start
    if "back" in request.POST:
        return _before(sheet, page)
    if request.GET.get("to") == "check":
        return sheet.href("check")
    if page in sheet.optional:
        return sheet.href(MORE)
    pages = _in_order(sheet)
    return sheet.href(pages[pages.index(page) + 1])


def _in_order(sheet: WizardStorage) -> tuple[str, ...]:
    return (*sheet.pages, MORE, "readers", "check")


def _before(sheet: WizardStorage, page: str) -> str:
    """Return the address of the page before; that of an added part is the list."""
    if page in sheet.optional:
        return sheet.href(MORE)
    pages = _in_order(sheet)
    return sheet.href(pages[pages.index(page) - 1]) if page != pages[0] else sheet.start


def _has_words(form: Question) -> bool:
    """Return whether something is typed in a form that would be lost."""
    return any(str(form.data.get(key) or "").strip() for key in form.data if key not in OUR_OWN)


def _frame(sheet: WizardStorage, page: str) -> JsonObject:
    pages = _in_order(sheet)
    return {
        "back": _before(sheet, page),
        "number": pages.index(page) + 1 if page in pages else 0,
        "count": len(pages),
        "onward": sheet.href("check"),
        "signed_in": sheet.signed_in,
    }


def _matches(sheet: WizardStorage, form: Question) -> JsonObject:
    """Return which names on this page fit a person, for an account only.

    No other visitor can ask the directory.
    """
    if not sheet.signed_in or not set(FIELDS) & set(form.fields):
        return {}
    here = {name: value for name, value in sheet.answers.items() if name not in FIELDS}
    here |= {name: sheet.answers.get(name) for name in FIELDS if name in form.fields}
    return {"told": Told.of(Answers.read(here).fields)}


def _asking_again(sheet: WizardStorage, given: JsonObject) -> JsonObject:
    """Return the answers to keep.

    When other names are typed, people who were ruled out are asked about again.
    """
    changed = any(given[name] != sheet.answers.get(name) for name in FIELDS if name in given)
    return {**given, "not_meant": []} if changed and sheet.answers.get("not_meant") else given


def _ruled_out(request: HttpRequest, told: Told) -> list[int]:
    """Return the ids of people the writer does not mean, after this press.

    Only people on the page can be ruled out.
    """
    out, back = request.POST.get("not_meant", ""), request.POST.get("meant", "")
    listed = {str(person.pk): person.pk for person in told.close}
    kept = [person.pk for person in told.ruled_out if str(person.pk) != back]
    return sorted({*kept, listed[out]}) if out in listed else kept


def _wanted(request: HttpRequest, able: Readership, removed: list[int]) -> list[int]:
    """Return the ids of people who are left out, after this press.

    Only people on the page can be taken out or put back.
    """
    out, back = request.POST.get("remove", ""), request.POST.get("put_back", "")
    listed = {str(i): i for i in (*able.officer_ids, *able.overseer_ids)}
    wanted = [i for i in removed if str(i) != back]
    return sorted({*wanted, listed[out]}) if out in listed else wanted


def _reading(sheet: WizardStorage, answers: JsonObject) -> JsonObject:
    able = sheet.readership(answers)
    removed = User.objects.filter(pk__in=[int(i) for i in answers.get("removed") or ()])
    use_name = answers.get("identity") == Identity.OPEN
    return {
        "able": able,
        "overseers": [
            {
                "person": person,
                "role": gettext(role.label),
                "opens": gettext(OVERSIGHT[role]),
                "name_too": use_name and role is Role.LEAD,
            }
            for role, person in able.overseers
        ],
        "removed": list(removed.order_by("name")),
        "no_lead": not any(role is Role.LEAD for role, _ in able.overseers),
        "stand_in": able.stands_in,
    }
