"""The complainant's name is kept out of what is sent to others, as far as software can do that.

It finds names in a text; it cannot read. The person who sends is told so, and reads it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from grievances import access
from grievances.actions.effects import Scene
from grievances.models import Case, User
from grievances.models.parties import complainant_of
from grievances.vocabulary import Identity, Standing
from workflow.steps import Refused

SHORTEST = 3
"""Letters that a part of a name must have to be looked for in a text."""


def knows_the_name(scene: Scene) -> bool:
    """Whether the person acting may read who raised the concern."""
    who = scene.caller.who
    return who is not None and access.allows(who, "read_name", scene.case)


def refuse_names(scene: Scene, person: User) -> None:
    """Keep the complainant's name out of what is sent, as far as names can be found in a text.

    Someone who knows the name is refused the name. Someone who does not is refused every name of
    the directory alike, so that trying names teaches them nothing (domain.md 5.7).
    """
    case, text = scene.case, str(scene.answers["text"])
    if case.identity == Identity.OPEN:
        return
    if knows_the_name(scene):
        own = User.objects.filter(pk=complainant_of(case).person_id or 0)
        whole = {name for one in own for name in (one.name, one.username, one.email)}
        parts = {part for one in own for part in one.name.split() if not part.isdecimal()}
        if names_in(text, whole) or names_in(text, parts, exact=True):
            raise Refused(
                "NAME_WITHHELD",
                "Your text has the name of the person who raised this, and they have not agreed "
                "to be named. Take it out, then send it.",
            )
        return
    others = User.objects.exclude(pk__in=respondent_ids(case) | {person.pk})
    if names_in(text, filter(_is_full, others.values_list("name", flat=True))):
        raise Refused(
            "NAME_WITHHELD",
            "Your text has the full name of somebody in the staff directory. You do not know who "
            "raised this, so no colleague may be named in it. Write “a colleague”, then send it.",
        )


def names_in(text: str, names: Iterable[str], *, exact: bool = False) -> set[str]:
    """Those of the names that stand in the text as whole words.

    In capitals or not, unless `exact`: "Will" is a name, and "will" is a word.
    """
    where = text if exact else text.casefold()
    said = {name: name if exact else name.casefold() for name in names if len(name) >= SHORTEST}
    likely = {name: shape for name, shape in said.items() if shape in where}
    return {
        name
        for name, shape in likely.items()
        if re.search(rf"(?<!\w){re.escape(shape)}(?!\w)", where)
    }


def _is_full(name: str) -> bool:
    return " " in name.strip()


def respondent_ids(case: Case) -> set[int]:
    """The accounts of the people the case is about."""
    parties = case.parties.filter(standing=Standing.RESPONDENT)
    return {party.person_id for party in parties if party.person_id is not None}
