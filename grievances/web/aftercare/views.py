"""Pages of aftercare: what was asked, answering, choosing who asks, and a draft."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop

from grievances.aftercare import allies, care, drafting, schedule
from grievances.aftercare.care import Opened
from grievances.aftercare.models import Aftercare, Answer, AskState, Listener
from grievances.cases.actions.actor import NotAllowed
from grievances.intake import drafts
from grievances.people.models import User
from grievances.vocabulary import Standing
from grievances.web.aftercare.forms import ACTIONS, NO_ONE, SAFE, WORSE, HowThingsAre, WhoAsks
from grievances.web.intake.anonymous_draft import AnonymousDraft
from grievances.web.shared import clock
from grievances.web.shared.session_views import Private
from grievances.web.shared.sessions import kept_typing
from workflow.steps import Refused

PAGE = "/aftercare/"
SAVED = gettext_noop("Saved. Only you can read it.")
CHOSEN = gettext_noop("Saved. You can change it at any time.")
DRAFTED = gettext_noop("Saved. We have also begun a new concern for you. Nothing is sent.")
STEPPED_BACK = gettext_noop("We do not ask you any more.")


class Care(Private):
    """A base of the pages of aftercare; for other people they do not exist."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Return the page.

        Raises:
            Http404: For what is not this person's.
        """
        try:
            return super().dispatch(request, *args, **kwargs)
        except NotAllowed:
            raise Http404 from None

    def opened(self, label: str) -> Opened:
        """Return one aftercare of this person. Raises NotAllowed."""
        return care.find(self.caller, label, now=clock.now())


class OwnCare(Care):
    """The list; with one alone, its page."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Return the list, or go to the only one."""
        rows = care.own(self.caller, now=clock.now())
        if len(rows) == 1:
            return redirect(f"{PAGE}{rows[0].label}/")
        shown = [{"href": f"{PAGE}{each.label}/", "title": title_of(each)} for each in rows]
        return render(request, "aftercare/list.html", {"rows": shown})


class OneCare(Care):
    """The page of one aftercare: what waits, what was said, and what can be done."""

    def get(self, request: HttpRequest, label: str) -> HttpResponseBase:
        """Return the page."""
        opened = self.opened(label)
        waiting = opened.facts.waiting()
        context = {
            "opened": opened,
            "title": title_of(opened),
            "page": f"{PAGE}{label}/",
            "answer_href": answer_href(opened, self.caller.who) if waiting else "",
            "waiting": schedule.name_of(waiting.code) if waiting else "",
            "rows": [row_of(each) for each in opened.answers[::-1]],
            "silent": [
                {"name": schedule.name_of(each.code), "day": each.asked_on}
                for each in opened.facts.asks[::-1]
                if each.state == AskState.SILENT
            ],
            "silence": AskState.SILENT.label,
            "has_start": any(each.code == schedule.BASELINE for each in opened.answers),
            "listener": gettext(Listener(opened.facts.listener).label),
            "ally": ally_name(opened),
            "draft": opened.facts.draft,
        }
        return render(request, "aftercare/care.html", context)


class Say(Care):
    """The form of one time of asking, also at the start and after a change."""

    def get(self, request: HttpRequest, label: str, code: str) -> HttpResponseBase:
        """Return the form, with what was typed before a session ended."""
        opened = self.opened(label)
        if code not in care.open_codes(opened.facts) or opened.is_lost:
            return redirect(f"{PAGE}{label}/")
        start = {"worse": "yes"} if code == schedule.CHANGED else {}
        form = HowThingsAre(kept_typing(request), code=code, initial=start)
        return self.show(request, label, form, 200)

    def post(self, request: HttpRequest, label: str, code: str) -> HttpResponseBase:
        """Keep the answer; a worrying one begins a draft that is not sent.

        Returns:
            The next page; the form with 422, or 409 where nothing could be saved.
        """
        opened, now = self.opened(label), clock.now()
        form = HowThingsAre(request.POST, code=code)
        if code not in care.open_codes(opened.facts):
            return redirect(f"{PAGE}{label}/")
        if not form.is_valid():
            return self.show(request, label, form, 422)
        given = form.answer(clock.today())
        try:
            is_worrying = care.answer(self.caller, label, given, now=now)
        except Refused as refused:
            form.add_error("text", refused.sentence)
            return self.show(request, label, form, 422)
        except NotAllowed:
            form.add_error(
                "text", gettext("We could not save this. Copy your text, and open the page.")
            )
            return self.show(request, label, form, 409)
        return self.onward(request, self.opened(label), given, is_worrying=is_worrying)

    def onward(
        self, request: HttpRequest, opened: Opened, given: Answer, *, is_worrying: bool
    ) -> HttpResponseBase:
        """Return to the page, or go on to the page of the draft."""
        if not is_worrying:
            messages.success(request, SAVED)
            return redirect(f"{PAGE}{opened.label}/")
        if isinstance(self.caller.who, User):
            drafting.begin_draft(self.caller, opened, given, now=clock.now())
            messages.success(request, DRAFTED)
        else:
            messages.success(request, SAVED)
        return redirect(f"{PAGE}{opened.label}/draft/")

    def show(
        self, request: HttpRequest, label: str, form: HowThingsAre, status: int
    ) -> HttpResponse:
        """Return the page with its form."""
        context = {"form": form, "back": f"{PAGE}{label}/", "title": schedule.name_of(form.code)}
        return render(request, "aftercare/say.html", context, status=status)


class NewConcern(Care):
    """The page after a worrying answer: send the draft, or delete it."""

    def get(self, request: HttpRequest, label: str) -> HttpResponseBase:
        """Return the page; with nothing to go on with, the page before."""
        opened = self.opened(label)
        has_account = isinstance(self.caller.who, User)
        worrying = [each for each in opened.answers if care.is_worrying(each)]
        if (has_account and not opened.facts.draft) or not worrying:
            return redirect(f"{PAGE}{label}/")
        context = {
            "back": f"{PAGE}{label}/",
            "draft": opened.facts.draft if has_account else "",
            "is_witness": opened.facts.standing == Standing.WITNESS,
        }
        return render(request, "aftercare/draft.html", context)

    def post(self, request: HttpRequest, label: str) -> HttpResponseBase:
        """Delete the draft; without an account, begin one in this browser.

        Returns:
            The page of the check-ins, or the first page of the draft.
        """
        opened = self.opened(label)
        if isinstance(self.caller.who, User):
            known = drafts.own_drafts(self.caller.person).filter(reference=opened.facts.draft)
            for case in known:
                drafts.delete_draft(case, self.caller, now=clock.now())
            care.keep_draft(self.caller, label, "")
            messages.success(request, gettext("The draft is deleted. What you wrote here stays."))
            return redirect(f"{PAGE}{label}/")
        worrying = [each for each in opened.answers if care.is_worrying(each)]
        response = redirect("/raise/anonymous/what-happened/")
        if worrying:
            draft_store = AnonymousDraft(request)
            if "case_key" not in draft_store.entries:
                new = drafting.anonymous_answers(opened, worrying[-1])
                before = str(draft_store.entries.get("account") or "")
                new["account"] = f"{before}\n\n{new['account']}".strip()
                draft_store.write({**draft_store.entries, **new})
                draft_store.hand_over(response)
        return response


class Choose(Care):
    """The page to choose who asks."""

    def get(self, request: HttpRequest, label: str) -> HttpResponseBase:
        """Return the page with the present choice."""
        facts = self.opened(label).facts
        start = {"listener": NO_ONE if facts.is_off else facts.listener}
        return self.show(request, label, WhoAsks(ways=tuple(care.ways(facts)), initial=start), 200)

    def post(self, request: HttpRequest, label: str) -> HttpResponseBase:
        """Keep the choice.

        Returns:
            The page of the check-ins; the form with 422.
        """
        opened = self.opened(label)
        form = WhoAsks(request.POST, ways=tuple(care.ways(opened.facts)))
        if not form.is_valid():
            return self.show(request, label, form, 422)
        chosen = form.cleaned_data["listener"]
        try:
            ally = self.ally(opened, form) if chosen == Listener.ALLY else None
        except Refused as refused:
            form.add_error("ally", refused.sentence)
            return self.show(request, label, form, 422)
        is_off = chosen == NO_ONE
        listener = opened.facts.listener if is_off else chosen
        if is_off and listener == Listener.ALLY:
            listener = Listener.SELF
        care.choose(self.caller, label, listener, ally, is_off=is_off)
        messages.success(request, CHOSEN)
        return redirect(f"{PAGE}{label}/")

    def ally(self, opened: Opened, form: WhoAsks) -> User:
        """Return the colleague who was typed.

        Raises:
            Refused: It is none who could ask.
        """
        typed = form.cleaned_data["ally"]
        found = allies.find_ally(self.caller, typed, opened.facts, clock.today())
        if allies.is_about(opened.row, opened.facts, found):
            raise Refused(*allies.NOT_THIS_PERSON)
        return found

    def show(self, request: HttpRequest, label: str, form: WhoAsks, status: int) -> HttpResponse:
        """Return the page with its form."""
        context = {"form": form, "back": f"{PAGE}{label}/"}
        return render(request, "aftercare/choose.html", context, status=status)


class Asked(Care):
    """The page of a colleague who was chosen: whom to ask, and how to step back."""

    anonymous_too = False

    def get(self, request: HttpRequest, label: str) -> HttpResponseBase:
        """Return the page."""
        person = allies.asked_by(self.caller, label)
        return render(request, "aftercare/asked.html", {"person": person})

    def post(self, request: HttpRequest, label: str) -> HttpResponseBase:
        """Step back.

        Returns:
            The inbox.
        """
        row: Aftercare = allies.step_back(self.caller, label)
        messages.success(request, STEPPED_BACK if row.pk else "")
        return redirect("/inbox/")


def title_of(opened: Opened) -> str:
    """Return the heading of one aftercare. A witness is not told a reference."""
    if opened.facts.standing == Standing.WITNESS:
        day = opened.facts.started_on
        return gettext("How you are since you were asked as a witness ({day})").format(
            day=date_format(day, "F Y")
        )
    return gettext("How you are since you raised {reference}").format(
        reference=opened.row.case.reference
    )


def answer_href(opened: Opened, who: object) -> str:
    """Return where the question that waits is answered.

    Once it is closed, a person who chose their triage officer answers on the page of the case.
    """
    waiting, case = opened.facts.waiting(), opened.row.case
    if waiting is None:
        return ""
    to_officer = opened.facts.listener == Listener.CONTACT and who is not None
    if to_officer and schedule.is_after_closing(waiting.code) and case.has_open_check_in():
        return f"/cases/{case.reference}/answer_check_in/"
    return f"{PAGE}{opened.label}/{waiting.code}/"


def row_of(each: Answer) -> dict[str, object]:
    """Return one answer as the page shows it."""
    labels = dict(drafting.CHANGES)
    said = []
    if each.code != schedule.BASELINE:
        said.append(
            gettext("Changed for the worse: {lower}.").format(
                lower=str(dict(WORSE)[each.worse]).lower()
            )
        )
    said.append(gettext("Safe at work: {lower}.").format(lower=str(dict(SAFE)[each.safe]).lower()))
    if each.changes:
        said.append("; ".join(gettext(labels[change]) for change in each.changes) + ".")
    if each.actions:
        said.append(
            gettext("What we agreed is done: {lower}.").format(
                lower=str(dict(ACTIONS)[each.actions]).lower()
            )
        )
    name = f"{date_format(each.day, 'j F Y')}: {schedule.name_of(each.code).lower()}"
    return {"key": name, "value": "\n".join([*said, each.text]).strip()}


def ally_name(opened: Opened) -> str:
    """Return the name of the colleague who asks, or ""."""
    found = User.objects.filter(pk=opened.facts.ally_id or 0).first()
    return found.name if found else ""
