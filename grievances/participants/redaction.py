"""Reject outgoing text that contains the complainant's name.

The software finds names in a text; it cannot read. The person who sends is told so, and reads the
text again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from grievances.cases.access import rules
from grievances.cases.access.facts import parties_on
from grievances.cases.actions.effects import StepExecution
from grievances.cases.models.case import Case
from grievances.cases.models.parties import complainant_of
from grievances.people.mentions import is_form_of, names_in_another_script
from grievances.people.models import User
from grievances.people.names import POSSESSIVE, name_words, stands_in, words
from grievances.vocabulary import Identity, Standing
from workflow.steps import Refused

SHORTEST = 3
"""Letters that a part of a name must have to be looked for in a text."""


def knows_the_name(execution: StepExecution) -> bool:
    """Return whether the acting person may read who raised the concern."""
    who = execution.caller.who
    return who is not None and rules.allows(who, "read_name", execution.case)


def refuse_names(execution: StepExecution, person: User, words: str | None = None) -> None:
    """Reject a text that contains the complainant's name.

    `words` is the text to `person`; without it, it is the answer "text".

    A sender who knows the name is refused that name. A sender who does not is refused every full
    name of the directory alike, so that trying names teaches them nothing (domain.md 5.7).

    Raises:
        Refused: NAME_WITHHELD.
    """
    case, text = execution.case, str(execution.answers["text"]) if words is None else words
    if case.identity == Identity.OPEN:
        return
    if knows_the_name(execution):
        own = User.objects.filter(pk=complainant_of(case).person_id or 0)
        if any(tells(text, one) for one in own):
            raise Refused(
                "NAME_WITHHELD",
                "Your text has the name of the person who raised this, and they have not agreed "
                "to be named. Take it out, then send it.",
            )
        return
    others = User.objects.exclude(pk__in=respondent_ids(case) | {person.pk})
    if has_full_name(text, others.values_list("name", flat=True)):
        raise Refused(
            "NAME_WITHHELD",
            "Your text has the full name of a person in the staff directory. You do not know who "
            "raised this, so no colleague may be named in it. Write “a colleague”, then send it.",
        )


def tells(text: str, person: User) -> bool:
    """Return whether a text has a person's name, part of it, user name or address.

    The words are compared as names are everywhere: without accents, case, apostrophes, order and
    script. A part alone, its pet name or a misspelling counts where it is written as a name: "Will"
    is one, and "will" is a word.
    """
    text = POSSESSIVE.sub(" ", text)
    said = words(text)
    handles = (words(person.username), words(person.email))
    if names_in_another_script(text, person.name):
        return True
    if any(stands_in(said, name) for name in (name_words(person.name), *handles) if _is_long(name)):
        return True
    parts = {part for part in name_words(person.name) if _is_long((part,)) and part.isalpha()}
    capital = (word for word in re.split(r"[\s-]+", text) if _begins_with_capital(word))
    return any(is_form_of(one, part) for word in capital for one in words(word) for part in parts)


def has_full_name(text: str, names: Iterable[str]) -> bool:
    """Return whether the words of one of these names are adjacent, in any order."""
    said = words(POSSESSIVE.sub(" ", text))
    full = {tuple(sorted(own)) for name in names if len(own := name_words(name)) > 1}
    return any(
        tuple(sorted(said[at : at + size])) in full
        for size in {len(name) for name in full}
        for at in range(len(said) - size + 1)
    )


def _is_long(name: tuple[str, ...]) -> bool:
    return sum(map(len, name)) >= SHORTEST


def _begins_with_capital(word: str) -> bool:
    """Return whether a word begins as a name does.

    In a script without capitals every word does.
    """
    first = next((sign for sign in word if sign.isalpha()), "")
    return bool(first) and not first.islower()


def respondent_ids(case: Case) -> set[int]:
    """Return the accounts of the people the case is about."""
    respondents = (one for one in parties_on(case) if one.standing == Standing.RESPONDENT)
    return {pk for pk in (party.person_id for party in respondents) if pk is not None}
