"""Where the answers of a concern are until it is sent, and the order of its parts."""

from __future__ import annotations

from typing import Protocol

from django.http import HttpResponseBase
from django.utils.translation import gettext_noop as _

from grievances.cases.access.readers_preview import Readership
from grievances.web.shared.limits.rate_limit import Submission
from workflow.json_values import JsonObject

MORE = "more"
"""The page of what a person may add."""

ROWS = (
    ("what-happened", "account", _("What happened")),
    ("contact", "contact", _("How we contact you")),
    ("whose", "raised_for", _("Who it happened to")),
    ("about", "about", _("Who you are concerned about")),
    ("about", "decided", _("Who took a decision it is about")),
    ("keep-away", "exclude", _("People to keep away")),
    ("when", "when", _("When")),
    ("help", "help", _("What would help")),
    ("way", "way", _("How we look into it")),
    ("name", "identity", _("Your name")),
    ("region", "region", _("Your region")),
)

BESIDE = frozenset({"decided"})
"""Answers on the page of another one: they have no line in the list."""


class WizardStorage(Protocol):
    """The store of one concern's answers until it is sent, and its sending."""

    pages: tuple[str, ...]
    optional: tuple[str, ...]
    signed_in: bool
    start: str

    @property
    def file_count(self) -> int:
        """How many files the draft holds."""
        ...

    @property
    def answers(self) -> JsonObject:
        """The answers so far, by question."""
        ...

    def href(self, page: str) -> str:
        """Return the address of a page."""
        ...

    def keep(self, response: HttpResponseBase, answers: JsonObject) -> None:
        """Store these answers beside the earlier ones."""
        ...

    def readership(self, answers: JsonObject) -> Readership:
        """Return who could read the concern with these answers."""
        ...

    def puzzle(self, posted: str) -> str:
        """Return the puzzle of the sending page; "" for none.

        It is the posted one where that stays valid.
        """

    def send(self, answers: dict[str, object], press: Submission) -> str:
        """Return the next address once the concern is sent; raises Refused."""
