"""Forms of a person's own account: recovery code, password and passphrase."""

from __future__ import annotations

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from grievances.accounts import passwords
from grievances.people.models import User
from grievances.web.shared.fields import PlainForm


class Forgotten(PlainForm):
    """A form for a lost password: user name, recovery code, new password twice."""

    person: User | None = None

    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "class": "govuk-input--width-20"}
        ),
    )
    code = forms.CharField(
        label=_("Recovery code"),
        max_length=60,
        help_text=_("Six groups of four signs. Dashes and capital letters do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    password1 = forms.CharField(
        label=_("New password"),
        max_length=200,
        strip=False,
        help_text=_(
            "12 characters or more. Three words that have nothing to do with each other work well."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=_("New password again"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, object]:
        """Return the answers; require two equal passwords that are strong enough."""
        answers = super().clean() or {}
        first, second = answers.get("password1"), answers.get("password2")
        if first and second and first != second:
            self.add_error(
                "password2", gettext("The two passwords are not the same. Type both again.")
            )
        elif first:
            try:
                validate_password(first, self.person or User(username=answers.get("username", "")))
            except ValidationError as error:
                self.add_error("password1", error)
        return answers


class AskRecovery(Forgotten):
    """A form for a person without a recovery code: user name, new password twice."""

    code = None  # type: ignore[assignment]


class ChoosePassphrase(AskRecovery):
    """A form to choose the vault passphrase of a single sign-on account.

    The passphrase is typed twice. Such an account has no user name field here.
    """

    username = None  # type: ignore[assignment]

    def __init__(self, *args: object, person: User | None = None, **options: object) -> None:
        super().__init__(*args, **options)
        self.person = person
        self.fields["password1"].label = gettext("Passphrase for your records")
        self.fields["password2"].label = gettext("The same passphrase again")


class ChoosePassword(AskRecovery):
    """A form for the first password of a known account, typed twice."""

    username = None  # type: ignore[assignment]

    def __init__(self, *args: object, person: User | None = None, **options: object) -> None:
        super().__init__(*args, **options)
        self.person = person


class EnterPassphrase(PlainForm):
    """A form for the vault passphrase, shown on each sign-in after the first."""

    passphrase = forms.CharField(
        label=_("Passphrase for your records"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ConfirmRecovery(PlainForm):
    """A form on which an officer confirms who asked for a recovery.

    It holds the user name and the number that the person told the officer.
    """

    username = forms.CharField(
        label=_("User name of the person"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "govuk-input--width-20"}),
    )
    number = forms.CharField(
        label=_("The number they were shown"),
        max_length=60,
        help_text=_("Four groups of four signs. They read it to you."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-20"}
        ),
    )
    sure = forms.BooleanField(
        label=_("I have spoken to this person and made sure who they are"),
        error_messages={
            "required": _(
                "Speak to the person first, face to face or by video, and see their pass."
            )
        },
    )


class NewCode(PlainForm):
    """A form that asks for the password once more before a new recovery code.

    It asks because a person who has a recovery code can take over the account.
    """

    password = forms.CharField(
        label=_("Your password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: object, person: User, **options: object) -> None:
        super().__init__(*args, **options)
        self.person = person

    def clean_password(self) -> str:
        """Return the typed password.

        Raises:
            ValidationError: For a password that is not this person's.
        """
        typed: str = self.cleaned_data["password"]
        if not passwords.is_own_secret(self.person, typed):
            raise ValidationError(gettext("The password is not right. Check it and try again."))
        return typed


class LastGroup(PlainForm):
    """A form for the last four characters of the code, which show that it was kept."""

    group = forms.CharField(
        label=_("The last four signs of your recovery code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-5"}
        ),
    )
