"""Signing in and changing a password, each with the private key that goes along."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm
from django.http import HttpRequest, HttpResponseBase

from grievances.models.keyring import KeyPair, Unreadable, make_key_pair, reseal, unlock
from grievances.sessions import keep_key


class SignIn(LoginForm):  # type: ignore[misc]
    """The password that opens the account also opens its private key, and is then forgotten."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["login"].label = "User name"
        for name in ("login", "password"):
            # The label says it already, and a placeholder looks like an answer.
            self.fields[name].widget.attrs.pop("placeholder", None)

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponseBase:
        response: HttpResponseBase = super().login(request, redirect_url)
        if request.user.is_authenticated:
            password = self.cleaned_data["password"]
            person = request.user
            try:
                if KeyPair.objects.filter(person=person).exists():
                    holder = unlock(person, password)
                else:
                    holder = make_key_pair(person, password)
            except Unreadable:
                return response
            keep_key(request, response, holder)
        return response


class NewPassword(ChangePasswordForm):  # type: ignore[misc]
    """A new password seals the private key anew, so that every case stays readable."""

    def save(self) -> None:
        person: Any = self.user
        holder = unlock(person, self.cleaned_data["oldpassword"])
        super().save()
        reseal(person, holder, self.cleaned_data["password1"])
