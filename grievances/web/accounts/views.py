"""A person's own account: offices, certificates, and the recovery code."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.hashers import check_password, make_password
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_noop
from django.views import View

from grievances.accounts import passwords
from grievances.cases.access import rules
from grievances.encryption.derivation_limit import TooBusy, for_recovery
from grievances.encryption.key_pairs import KeyPair
from grievances.encryption.primitives import normal_code
from grievances.people.models import Training
from grievances.tokens import issuing
from grievances.web.accounts.forms import Forgotten, LastGroup, NewCode
from grievances.web.shared import clock
from grievances.web.shared.limits.sign_in_limits import tries_from
from grievances.web.shared.session_views import Private
from workflow.steps import Refused

TRIES, WAIT_SECONDS = 5, 15 * 60
"""How many wrong passwords or codes an account has before a wait, in seconds."""
TOO_MANY = gettext_noop("Too many tries that did not work. Wait 15 minutes, then try again.")


BUSY = gettext_noop(
    "Other people are setting a new password at this moment. Nothing was tried. Wait half a "
    "minute, enter the new password again and press the button."
)
BUSY_SECONDS = 30


def busy(response: HttpResponse) -> HttpResponse:
    """Return the answer with the header that says when to come again."""
    response["Retry-After"] = str(BUSY_SECONDS)
    return response


class Account(Private):
    """The page of what this product knows about the signed-in person."""

    anonymous_too = False

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Return the page: offices, certificates, whether a recovery code exists."""
        person, today = self.caller.person, clock.today()
        offices = [a for a in person.appointments.all() if a.is_current(today)]
        pair = KeyPair.objects.filter(person=person).first()
        context = {
            "person": person,
            "offices": [office.get_office_display() for office in offices],
            "certificates": [
                {"name": row.get_certificate_display(), "row": row, "valid": row.is_valid(today)}
                for row in Training.objects.filter(person=person).order_by("expires_on")
            ],
            "may_make_tokens": bool(issuing.may_make(self.caller, today)),
            "may_confirm": rules.may(person, "confirm_recovery", today),
            "has_code": pair is not None and pair.sealed_by_code is not None,
        }
        return render(request, "account_pages/account.html", context)


class RecoveryCode(Private):
    """The page of the recovery code: GET explains it, POST makes a new one.

    POST needs the password. The new code is shown once.
    """

    anonymous_too = False

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Return the page with the form that asks for the password."""
        return self.show(request, NewCode(person=self.caller.person))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Make a new code.

        Returns:
            The page that shows it once; the form with 422, or 429 after too many tries.
        """
        form = NewCode(request.POST, person=self.caller.person)
        quota = Quota("code", self.caller.person.username)
        if quota.is_used_up():
            form.add_error(None, TOO_MANY)
            return self.show(request, form, 429)
        if not form.is_valid():
            quota.use()
            return self.show(request, form, 422)
        code = passwords.make_code(self.caller, now=clock.now())
        # Keep only a hash of the last of six groups, to compare with what is typed next.
        request.session["last_group"] = make_password(normal_code(code)[-4:])
        context = {"code": code, "form": LastGroup()}
        return render(request, "account_pages/code.html", context)

    def show(self, request: HttpRequest, form: NewCode, status: int = 200) -> HttpResponse:
        """Return the page with the form, under this HTTP status."""
        return render(request, "account_pages/new_code.html", {"form": form}, status=status)


class CheckCode(Private):
    """The page on which the last group, typed back, shows that the code was kept."""

    anonymous_too = False

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Return the page with the form for the last group."""
        return render(request, "account_pages/code.html", {"form": LastGroup()})

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Compare the typed group with the kept hash.

        Returns:
            The account page; the form with 422 for another group.
        """
        form = LastGroup(request.POST)
        kept = request.session.get("last_group", "")
        if form.is_valid() and not check_password(normal_code(form.cleaned_data["group"]), kept):
            form.add_error(
                "group",
                gettext("This is not the end of your newest code. Look again, or make a new code."),
            )
        if form.errors:
            return render(request, "account_pages/code.html", {"form": form}, status=422)
        del request.session["last_group"]
        messages.success(request, gettext("You have kept your recovery code."))
        return redirect("account")


class ForgottenPassword(View):
    """The page for a lost password: user name, code and a new password."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page with the empty form."""
        return self.show(request, Forgotten())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Set the new password; answer 429 to a try that must wait, 503 when it is full.

        Returns:
            The sign-in page, or the form again.
        """
        form = Forgotten(request.POST)
        if not form.is_valid():
            return self.show(request, form, 422)
        answers = form.cleaned_data
        tries = tries_from(request, "code", answers["username"], settings.RECOVERY_TRIES)
        if not tries.begin():
            form.add_error(None, tries.sentence)
            return self.show(request, form, 429)
        try:
            with tries.unless_busy(), for_recovery():
                passwords.recover(
                    answers["username"], answers["code"], answers["password1"], now=clock.now()
                )
        except TooBusy:
            form.add_error(None, BUSY)
            return busy(self.show(request, form, 503))
        except Refused as refused:
            form.add_error(None, refused.sentence)
            return self.show(request, form, 422)
        tries.take_back()
        messages.success(request, gettext("Your new password is set. Sign in with it."))
        return redirect("account_login")

    def show(self, request: HttpRequest, form: Forgotten, status: int = 200) -> HttpResponse:
        """Return the page with the form, under this HTTP status."""
        return render(request, "account_pages/forgotten.html", {"form": form}, status=status)


class Quota:
    """A count of failed tries for one account.

    The name is kept as a hash only. The count ends after `WAIT_SECONDS`.
    """

    def __init__(self, purpose: str, username: object) -> None:
        digest = hashlib.sha256(str(username).strip().lower().encode()).hexdigest()
        self.key = f"quota:{purpose}:{digest}"

    def is_used_up(self) -> bool:
        """Return whether the account has used all its tries."""
        return int(cache.get(self.key, 0)) >= TRIES

    def use(self) -> None:
        """Count one failed try."""
        cache.add(self.key, 0, WAIT_SECONDS)
        cache.incr(self.key)
