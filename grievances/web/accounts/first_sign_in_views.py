"""The page on which a person from a file chooses their first password."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views import View

from grievances.accounts import first_sign_in
from grievances.web.accounts.forms import ChoosePassword
from grievances.web.shared import clock
from workflow.steps import Refused


class FirstSignIn(View):
    """The page of one link. GET shows the form, POST sets the password."""

    def get(self, request: HttpRequest, secret: str) -> HttpResponse:
        """Return the form, or 404 with a sentence for a link that opens nothing."""
        try:
            person = first_sign_in.person_of(secret, clock.now())
        except Refused as refused:
            return self.refuse(request, refused)
        return self.show(request, ChoosePassword(person=person))

    def post(self, request: HttpRequest, secret: str) -> HttpResponseBase:
        """Set the password and lead to the sign-in page.

        Returns:
            The sign-in page; the form with 422 for a refused password.
        """
        try:
            person = first_sign_in.person_of(secret, clock.now())
            form = ChoosePassword(request.POST, person=person)
            if not form.is_valid():
                return self.show(request, form, 422)
            first_sign_in.choose_password(secret, form.cleaned_data["password1"], clock.now())
        except Refused as refused:
            return self.refuse(request, refused)
        messages.success(
            request,
            gettext("Your password is set. Your user name is {name}. Sign in with both.").format(
                name=person.username
            ),
        )
        return redirect("account_login")

    def show(self, request: HttpRequest, form: ChoosePassword, status: int = 200) -> HttpResponse:
        """Return the page with the form, under this HTTP status."""
        context = {"form": form, "username": form.person.username if form.person else ""}
        return render(request, "account_pages/first.html", context, status=status)

    def refuse(self, request: HttpRequest, refused: Refused) -> HttpResponse:
        """Return the page without a form."""
        context = {"reason": refused.sentence}
        return render(request, "account_pages/first.html", context, status=404)
