"""Pages of the private diary, which only its writer can open."""

from __future__ import annotations

from contextlib import suppress
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop

from grievances.cases.actions.actor import NotAllowed
from grievances.intake import diary, drafts
from grievances.intake.diary_models import Entry
from grievances.people.models import User
from grievances.web.intake.anonymous_draft import AnonymousDraft
from grievances.web.intake.diary.forms import BringIn, DiaryEntry, preview
from grievances.web.shared import clock
from grievances.web.shared.session_views import Private
from grievances.web.shared.sessions import kept_typing
from workflow.json_values import JsonObject
from workflow.models import AlreadyRecorded
from workflow.steps import Refused

DIARY = "/diary/"
NEW = "new"
SAVED = gettext_noop("Your entry is saved. Only you can read it.")
DELETED = gettext_noop("The entry is deleted. No one can bring it back.")
ALL_DELETED = gettext_noop("Your diary is deleted. No one can bring it back.")
BROUGHT_IN = gettext_noop(
    "We have put the entries into your draft. Nothing is sent yet. Your diary keeps them."
)
SENT = gettext_noop("We have sent the entries as a message. Your diary keeps them.")


class DiaryPage(Private):
    """A base of the pages of the diary: for people with an account or a key."""

    @property
    def has_account(self) -> bool:
        """Whether the writer has an account."""
        return isinstance(self.caller.who, User)

    def entries(self) -> tuple[Entry, ...]:
        """Return the entries of this person; none when the diary does not open."""
        return diary.open_diary(self.caller, now=clock.now()).entries

    def entry(self, name: str) -> Entry:
        """Return one entry.

        Raises:
            Http404: When this person has no such entry.
        """
        for each in self.entries():
            if each.name == name:
                return each
        raise Http404


class Diary(DiaryPage):
    """The list of the entries."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Return the list, the newest day first."""
        opened = diary.open_diary(self.caller, now=clock.now())
        rows = [{"entry": each, "preview": preview(each)} for each in opened.entries]
        context = {"opened": opened, "rows": rows, "has_account": self.has_account}
        return render(request, "diary/list.html", context)


class Write(DiaryPage):
    """The page of one entry, a new one or one to change."""

    def get(self, request: HttpRequest, name: str = "") -> HttpResponseBase:
        """Return the page; what was typed before a session ended is in it."""
        kept = kept_typing(request)
        start: JsonObject = {"day": clock.today()}
        if name:
            entry = self.entry(name)
            start = {"day": entry.day, "text": entry.text}
        form = DiaryEntry(kept, initial=start, today=clock.today())
        return self.show(request, form, name, status=200)

    def post(self, request: HttpRequest, name: str = "") -> HttpResponseBase:
        """Save the entry.

        Returns:
            The diary; the form with 422, or 409 where nothing could be saved.
        """
        form = DiaryEntry(request.POST, today=clock.today())
        if not form.is_valid():
            return self.show(request, form, name, status=422)
        day, text = form.cleaned_data["day"], form.cleaned_data["text"]
        try:
            diary.write_entry(self.caller, day, text, now=clock.now(), name=name)
        except Refused as refused:
            form.add_error("text", refused.sentence)
            return self.show(request, form, name, status=422)
        except NotAllowed:
            form.add_error(
                "text", gettext("We could not save this. Copy your text, then open your diary.")
            )
            return self.show(request, form, name, status=409)
        messages.success(request, SAVED)
        return redirect(DIARY)

    def show(self, request: HttpRequest, form: DiaryEntry, name: str, status: int) -> HttpResponse:
        """Return the page with its form."""
        return render(request, "diary/entry.html", {"form": form, "name": name}, status=status)


class DeleteEntry(DiaryPage):
    """The page to delete one entry: GET asks, POST deletes it."""

    def get(self, request: HttpRequest, name: str) -> HttpResponseBase:
        """Return the page that asks."""
        entry = self.entry(name)
        context = {
            "what": gettext("the entry of {day}").format(day=date_format(entry.day, "j F Y")),
            "back": f"{DIARY}{name}/",
        }
        return render(request, "diary/delete.html", context)

    def post(self, request: HttpRequest, name: str) -> HttpResponseBase:
        """Delete the entry.

        Returns:
            The diary without it.
        """
        self.entry(name)
        diary.delete_entries(self.caller, {name}, now=clock.now())
        messages.success(request, DELETED)
        return redirect(DIARY)


class DeleteAll(DiaryPage):
    """The page to delete the whole diary, also one that does not open any more."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Return the page that asks."""
        return render(request, "diary/delete.html", {"what": "your whole diary", "back": DIARY})

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Delete the diary.

        Returns:
            The diary, empty.
        """
        diary.delete_diary(self.caller)
        messages.success(request, ALL_DELETED)
        return redirect(DIARY)


class Bring(DiaryPage):
    """The page to bring entries into a concern, while raising it or later."""

    draft_store: AnonymousDraft | None = None

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Return the page; without an entry, the diary."""
        entries = self.entries()
        if not entries:
            return redirect(DIARY)
        return self.show(request, BringIn(entries=entries, places=self.places()), status=200)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Bring the chosen entries into the chosen concern.

        Returns:
            The concern; the form with 422 for entries that are too long.
        """
        form = BringIn(request.POST, entries=self.entries(), places=self.places())
        if not form.is_valid():
            return self.show(request, form, status=422)
        names = frozenset(form.cleaned_data["entries"])
        try:
            where = self.bring(request, form.cleaned_data["where"], names)
        except Refused as refused:
            form.add_error("entries", refused.sentence)
            return self.show(request, form, status=422)
        response = redirect(where)
        if self.draft_store is not None:
            self.draft_store.hand_over(response)
        return response

    def bring_anonymously(self, request: HttpRequest, text: str) -> str:
        """Put entries into the draft of this browser.

        Returns:
            The address to go on with.

        Raises:
            Refused: They are too long.
        """
        store = AnonymousDraft(request)
        account = "\n\n".join(filter(None, [str(store.entries.get("account") or ""), text]))
        diary.refuse_longer(account)
        store.write({**store.entries, "account": account})
        self.draft_store = store
        messages.success(request, BROUGHT_IN)
        return "/raise/anonymous/what-happened/"

    def bring(self, request: HttpRequest, where: str, names: frozenset[str]) -> str:
        """Bring entries in; raises Refused when they are too long.

        Returns:
            The address to go on with.
        """
        kind, _, reference = where.partition("-")
        now = clock.now()
        if kind == "case" and self.caller.who is not None:
            case = diary.own_concerns(self.caller.who).get(reference=reference)
            once = request.POST.get("once", "")[:64]
            with suppress(AlreadyRecorded):
                diary.send_as_message(case, self.caller, names, now=now, once=once)
            messages.success(request, SENT)
            return f"/cases/{reference}/"
        if not self.has_account:
            return self.bring_anonymously(request, diary.as_text(diary.chosen(self.caller, names)))
        person = self.caller.person
        if kind == NEW:
            case = drafts.open_draft(person, self.caller, now=now)
        else:
            case = drafts.own_drafts(person).get(reference=reference)
        diary.bring_into_draft(case, self.caller, names, now=now)
        messages.success(request, BROUGHT_IN)
        return f"/raise/{case.reference}/what-happened/"

    def places(self) -> list[tuple[str, str]]:
        """Return where entries can go: a new concern, a draft, a concern that was sent."""
        who = self.caller.who
        found = [(NEW, gettext("A new concern. Nothing is sent until you send it."))]
        if isinstance(who, User):
            found += [
                (
                    f"draft-{case.reference}",
                    gettext("My draft {reference}. Nothing is sent yet.").format(
                        reference=case.reference
                    ),
                )
                for case in drafts.own_drafts(who)
            ]
        if who is None:
            return found
        found += [
            (
                f"case-{case.reference}",
                gettext(
                    "My concern {reference}, as a message. The people who work on it can read it "
                    "at once."
                ).format(reference=case.reference),
            )
            for case in diary.own_concerns(who)
        ]
        return found

    def show(self, request: HttpRequest, form: BringIn, status: int) -> HttpResponse:
        """Return the page with its form."""
        context = {"form": form, "once": uuid4().hex}
        return render(request, "diary/bring.html", context, status=status)
