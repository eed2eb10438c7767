"""One person's aftercare, and the answers that only they can open.

One row is one person on one case, the one who raised it or a witness. Without the server key it
leads to no person and tells no answer.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import date

from django.db import models
from django.utils.translation import gettext_noop

from grievances.cases.models.case import Case
from grievances.encryption.key_pairs import Holder
from grievances.encryption.own_words import open_own, seal_own
from grievances.encryption.server_keys import handle, open_for_server, seal_for_server
from workflow.json_values import JsonObject

SEALED_BYTES = 4096
MOST_ASKED = 30
"""How many of the questions are remembered; older ones are dropped."""


class Listener(models.TextChoices):
    """By whom a person wants to be asked how they are."""

    SELF = "self", gettext_noop("By a short form that only I can read")
    CONTACT = "contact", gettext_noop("By the triage officer of my concern")
    ALLY = "ally", gettext_noop("By a colleague I trust, a union rep or a staff network")


class AskState(models.TextChoices):
    """What became of one time of asking. Silence is never read as an answer."""

    WAITING = "waiting", gettext_noop("We asked you. You have not answered yet.")
    AGAIN = "again", gettext_noop("We asked you twice. You have not answered yet.")
    ANSWERED = "answered", gettext_noop("You answered.")
    SILENT = "silent", gettext_noop("You did not answer. We do not take that as “all is well”.")


OPEN_STATES = frozenset({AskState.WAITING, AskState.AGAIN})


@dataclass(frozen=True)
class Ask:
    """One time of asking: its code, the local date, and what became of it."""

    code: str
    asked_on: date
    state: str = AskState.WAITING


@dataclass(frozen=True)
class Facts:
    """What the service knows: whose it is, who asks, and when was asked.

    `person_id` is 0 and `look_up` is set for a person without an account. `draft` is the reference
    of a draft that an answer has begun.
    """

    standing: str
    started_on: date
    person_id: int = 0
    look_up: str = ""
    listener: str = Listener.SELF
    ally_id: int = 0
    is_off: bool = False
    asks: tuple[Ask, ...] = ()
    draft: str = ""

    def ask(self, code: str) -> Ask | None:
        """Return the time of asking with this code, or None."""
        return next((each for each in self.asks if each.code == code), None)

    def waiting(self) -> Ask | None:
        """Return the newest time of asking, while it has no answer."""
        newest = self.asks[-1] if self.asks else None
        return newest if newest and newest.state in OPEN_STATES else None

    def with_ask(self, ask: Ask) -> Facts:
        """Return these facts with a new or changed time of asking."""
        known = [ask if each.code == ask.code else each for each in self.asks]
        if ask not in known:
            known.append(ask)
        return replace(self, asks=tuple(known[-MOST_ASKED:]))


@dataclass(frozen=True)
class Answer:
    """What a person wrote for themselves at one time, by the code of that time."""

    code: str
    day: date
    worse: str
    safe: str
    changes: tuple[str, ...] = ()
    actions: str = ""
    text: str = ""


class Aftercare(models.Model):
    """One person's aftercare on one case."""

    label = models.CharField(max_length=40, primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="aftercare")
    sealed = models.BinaryField()
    sealed_words = models.BinaryField(default=b"")

    def __str__(self) -> str:
        return "Aftercare"

    @property
    def place(self) -> str:
        """The associated data of what the service knows."""
        return f"aftercare|{self.label}"

    @property
    def words_place(self) -> str:
        """The associated data of the answers."""
        return f"aftercare words|{self.label}"

    @property
    def facts(self) -> Facts:
        """What the service knows; raises DecryptionFailed for a changed row."""
        known: JsonObject = json.loads(open_for_server(bytes(self.sealed), self.place))
        known["started_on"] = date.fromisoformat(known["started_on"])
        known["asks"] = tuple(
            Ask(code, date.fromisoformat(day), state) for code, day, state in known["asks"]
        )
        return Facts(**known)

    def seal(self, facts: Facts) -> None:
        """Seal what the service knows into the row; all rows have the same length."""
        known = asdict(facts)
        known["started_on"] = facts.started_on.isoformat()
        known["asks"] = [(a.code, a.asked_on.isoformat(), a.state) for a in facts.asks]
        self.sealed = seal_for_server(json.dumps(known).encode().ljust(SEALED_BYTES), self.place)

    def answers(self, holder: Holder) -> list[Answer]:
        """Return the answers, oldest first.

        Raises DecryptionFailed for every key but that of the person who wrote them.
        """
        if not self.sealed_words:
            return []
        rows = json.loads(open_own(holder, bytes(self.sealed_words), self.words_place))
        return [
            Answer(
                **{**row, "day": date.fromisoformat(row["day"]), "changes": tuple(row["changes"])}
            )
            for row in rows
        ]

    def seal_answers(self, public: bytes, answers: list[Answer]) -> None:
        """Seal the answers to the key of the person who wrote them."""
        rows = [{**asdict(each), "day": each.day.isoformat()} for each in answers]
        self.sealed_words = seal_own(public, json.dumps(rows), self.words_place)


def label_of(case_id: int, standing: str, person_id: int, look_up: str = "") -> str:
    """Return the label of the row of a person on a case."""
    return handle("aftercare", case_id, standing, person_id, look_up)
