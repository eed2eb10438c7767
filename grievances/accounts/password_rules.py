"""Refuse passwords that a person who knows the organisation would try.

Django's own validators come first (`AUTH_PASSWORD_VALIDATORS`): length, its list of 20,000 breached
passwords, and likeness to the account. These go on: what contains or repeats the user name, the
words of the organisation, and a breached password with a little around it.

Signs are compared as `plain` and `read_aloud` write them, so that capitals, accents, dashes and
digits in place of letters make no difference.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cached_property
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_noop, ngettext_lazy

from grievances.people.models import Unit, User

CONTAINED = 4
"""A word of this many letters or more may not be in a password at all."""
LEFT = 8
"""The least number of signs beside a shorter word."""
LONG_WORD, FEW = 8, 5
"""A breached word of so many letters needs so many letters more beside it."""
LONGEST_REPEATED = 12
LETTERS = str.maketrans("013457@$!", "oieastasi")
OF_THE_PRODUCT = ("probation", "fairhearing", "fair hearing", "grievance", "discrimination")
OF_DJANGO = (
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
        "min_length",
    ),
    ngettext_lazy(
        "This password is too short. It must contain at least %(min_length)d character.",
        "This password is too short. It must contain at least %(min_length)d characters.",
        "min_length",
    ),
    gettext_noop("Your password can’t be a commonly used password."),
    gettext_noop("This password is too common."),
    gettext_noop("Your password can’t be too similar to your other personal information."),
    gettext_noop("The password is too similar to the %(verbose_name)s."),
    gettext_noop("Select a valid choice. %(value)s is not one of the available choices."),
    gettext_noop("This field is required."),
)
"""Sentences of Django that these pages show.

Its own catalogues do not have all of them.
"""
TOO_GENERAL = frozenset({"team", "unit", "office", "north", "south", "east", "west", "house"})


def plain(text: str) -> str:
    """Return the letters and digits of a text, without capitals and accents."""
    return "".join(
        sign for sign in unicodedata.normalize("NFKD", text).casefold() if sign.isalnum()
    )


def read_aloud(text: str) -> str:
    """Return a text as `plain` does, with letters for the signs put in their place."""
    return plain(unicodedata.normalize("NFKD", text).casefold().translate(LETTERS))


class NotTheUserName:
    """Refuse a password that contains the user name or the person's own name."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Check a password.

        Raises:
            ValidationError: it contains the name, also backwards or with its digits left out.
        """
        if user is not None and _is_built_on(password, _names_of(user)):
            raise ValidationError(
                gettext(
                    "This password contains your user name or your own name. Choose one that does "
                    "not."
                ),
                code="password_of_the_name",
            )

    def get_help_text(self) -> str:
        """Return the rule as a sentence."""
        return gettext("It may not contain your user name or your own name.")


class NotOfTheOrganisation:
    """Refuse a password that contains a word of the organisation.

    They are the names of its units, of its addresses on the web, and `ORGANISATION_WORDS`.
    """

    def validate(self, password: str, user: User | None = None) -> None:
        """Check a password.

        Raises:
            ValidationError: it contains such a word.
        """
        if _is_built_on(password, set(_organisation())):
            raise ValidationError(
                gettext(
                    "This password contains a word of this organisation, such as the name of an "
                    "office. Choose one that does not."
                ),
                code="password_of_the_organisation",
            )

    def get_help_text(self) -> str:
        """Return the rule as a sentence."""
        return gettext("It may not contain a word of this organisation.")


class NotRepeated:
    """Refuse a password that is one short text again and again, or a row of signs."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Check a password.

        Raises:
            ValidationError: it repeats itself, or each sign follows the one before it.
        """
        text = plain(password) or password
        if _repeats(text) or _repeats(password) or _is_a_row(text):
            raise ValidationError(
                gettext(
                    "This password repeats itself, or its signs follow each other. Choose one that "
                    "does not."
                ),
                code="password_repeated",
            )

    def get_help_text(self) -> str:
        """Return the rule as a sentence."""
        return gettext("It may not repeat itself.")


class NotCommonWithinIt(CommonPasswordValidator):
    """Refuse a breached password that has only digits and signs around it.

    The list ships with Django. Repeating a breached password does not help either.
    """

    def validate(self, password: str, user: User | None = None) -> None:
        """Check a password.

        Raises:
            ValidationError: what is left without digits and signs around it is on the list.
        """
        for text in (plain(password), read_aloud(password)):
            core = re.sub(r"^\d+|\d+$", "", text)
            if {text, core, _once(text), _once(core)} & self._listed or self._is_within(text):
                raise ValidationError(
                    gettext(
                        "This password, or the word in it, is on a list of passwords that are "
                        "tried first. Choose another."
                    ),
                    code="password_too_common",
                )

    def _is_within(self, text: str) -> bool:
        """Return whether almost all of a text is one long word of the list."""
        letters = len(re.sub(r"\d", "", text))
        return any(
            text[at : at + length] in self._listed and text[at : at + length].isalpha()
            for length in range(max(LONG_WORD, letters - FEW + 1), letters + 1)
            for at in range(len(text) - length + 1)
        )

    @cached_property
    def _listed(self) -> frozenset[str]:
        return frozenset(plain(each) for each in self.passwords if len(each) >= CONTAINED)


def _names_of(user: User) -> Iterator[str]:
    whole = (user.username, user.name, user.email.partition("@")[0])
    for text in whole:
        yield text
        yield from re.split(r"[\W_\d]+", text)


def _organisation() -> Iterator[str]:
    """Yield the words of the organisation."""
    yield from OF_THE_PRODUCT
    yield from settings.ORGANISATION_WORDS
    hosts = (urlsplit(settings.SITE_URL).hostname or "", settings.DEFAULT_FROM_EMAIL)
    for host in hosts:
        labels = host.strip("<> ").rpartition("@")[2].split(".")
        yield from (label for label in labels if len(label) > CONTAINED)
    for name, code in Unit.objects.values_list("name", "code"):
        yield from (name, code)
        yield from (word for word in re.split(r"\W+", name) if word.casefold() not in TOO_GENERAL)


def _is_built_on(password: str, words: Iterable[str]) -> bool:
    forms = {(plain, plain(password)), (read_aloud, read_aloud(password))}
    for word in words:
        for write, text in forms:
            short = write(word)
            if len(short) >= CONTAINED and (short in text or short[::-1] in text):
                return True
            if short and short in text and len(text.replace(short, "")) < LEFT:
                return True
    return False


def _once(text: str) -> str:
    """Return the text that is repeated, or the text itself."""
    for length in range(1, len(text) // 2 + 1):
        if text == (text[:length] * len(text))[: len(text)]:
            return text[:length]
    return text


def _repeats(text: str) -> bool:
    return len(text) > 1 and len(_once(text)) <= LONGEST_REPEATED and _once(text) != text


def _is_a_row(text: str) -> bool:
    steps = [ord(after) - ord(before) for before, after in zip(text, text[1:], strict=False)]
    followed = sum(step in {1, -1, 0} for step in steps)
    return len(steps) > 1 and followed > 0.7 * len(steps)
