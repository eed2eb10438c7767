"""A strict wrapper over `django_fsm.transition`: each step of a lifecycle, once.

`django_fsm` decides whether a state allows a step, and changes the state. Who may take a step is
decided elsewhere, so the library's own permission check raises instead of saying yes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any, NoReturn, TypedDict, TypeVar, Unpack

from django.db import models
from django_fsm import FSMFieldMixin, State, TransitionNotAllowed, transition

Body = TypeVar("Body", bound=Callable[[Any, Any], None])
Source = str | Sequence[str]

ANY_STATE = "*"
ANY_OTHER_STATE = "+"
OUT_OF_TURN = "TRANSITION_NOT_ALLOWED"
NOT_NOW = "This step cannot be taken at this point. Look at the case again to see what is next."


@dataclass(frozen=True)
class Guard:
    """A condition on a step: it may go on when `holds(instance, context)` is true.

    `code` is for machines, `sentence` is for the person who is refused, `source` names the rule. A
    `standing` guard can be checked before the step input is asked, from the instance and its
    context.
    """

    code: str
    sentence: str
    source: str
    holds: Callable[[Any, Any], bool]
    standing: bool = False


class Refused(Exception):
    """A step was refused: a code for machines and a plain sentence for the person."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code
        self.sentence = sentence


class PermissionAskedHere(Exception):
    """The state machine was asked who may take a step, which it does not know."""


@dataclass(frozen=True)
class Step:
    """What is known of one step.

    `target` is text: a state, several, or empty when the state stays the same.
    """

    name: str
    code: str
    label: str
    sources: tuple[str, ...]
    target: str
    guards: tuple[Guard, ...]
    starts: tuple[str, ...]
    stops: tuple[str, ...]
    pauses: bool
    resumes: bool
    moves: bool
    keeps: tuple[str, ...]
    order: int = 0
    declared: object = None

    def leaves(self, state: str) -> bool:
        """Return whether the step can be taken in a state."""
        if ANY_OTHER_STATE in self.sources:
            return state != self.target
        return state in self.sources or ANY_STATE in self.sources


class Options(TypedDict, total=False):
    """What a step may have beside its place in the state machine; see `step`."""

    guards: Sequence[Guard]
    starts: Sequence[str]
    stops: Sequence[str]
    pauses: bool
    resumes: bool
    moves: bool
    keeps: Sequence[str]
    order: int
    declared: object


def step(
    *,
    code: str,
    field: FSMFieldMixin | str,
    source: Source,
    target: str | State | None,
    label: str,
    **options: Unpack[Options],
) -> Callable[[Body], Body]:
    """Return a decorator that makes a method `(self, context) -> None` a step.

    Its guards are checked in order before its body runs; the first that fails raises `Refused`.
    `target=None` keeps the state. `starts` and `stops` name clocks. `pauses` and `resumes` concern
    the running ones. A step that does not `move` the work is left out of the diagram. `keeps` names
    answers that always go into the trail, because the clocks are rebuilt from them. `order` sorts
    lists. `declared` is the caller's own addition, not read here.
    """
    sources = (source,) if isinstance(source, str) else tuple(source)

    def decorate(body: Body) -> Body:
        fact = Step(
            name=body.__name__,
            code=code,
            label=label,
            sources=tuple(str(each) for each in sources),
            **_facts(options, target),
        )
        return _as_transition(body, fact, field, sources, target)

    return decorate


def _as_transition(
    body: Body,
    fact: Step,
    field: FSMFieldMixin | str,
    sources: tuple[str, ...],
    target: str | State | None,
) -> Body:
    """Return a step's body with its guards, as a transition that carries its facts."""
    decorated: Body = transition(
        field=field,
        source=list(sources),
        target=target,
        permission=_refuse_to_answer,
        custom={"step": fact},
    )(_guarded(body, fact.guards))
    return decorated


def _facts(options: Options, target: str | State | None) -> dict[str, Any]:
    """Return target and options as the fields of a `Step`, each with its default."""
    return {
        "target": _target_text(target),
        "guards": tuple(options.get("guards", ())),
        "starts": tuple(options.get("starts", ())),
        "stops": tuple(options.get("stops", ())),
        "pauses": options.get("pauses", False),
        "resumes": options.get("resumes", False),
        "moves": options.get("moves", True) and target is not None,
        "keeps": tuple(options.get("keeps", ())),
        "order": options.get("order", 0),
        "declared": options.get("declared"),
    }


@cache
def steps(model: type[models.Model]) -> dict[str, Step]:
    """Return the steps of a model by method name, by their order, then as written."""
    found: dict[str, Step] = {}
    for klass in reversed(model.__mro__):
        for name, member in vars(klass).items():
            if (fact := _fact(member)) is not None:
                found[name] = fact
    return dict(sorted(found.items(), key=lambda item: item[1].order))


def open_steps(instance: models.Model) -> list[Step]:
    """Return the steps that the present state allows, in order, guards unchecked."""
    return [each for each in steps(type(instance)).values() if each.leaves(_state(instance, each))]


def first_blocking_guard(instance: models.Model, step: Step, context: object) -> Guard | None:
    """Return the first standing guard that does not hold, or None."""
    standing = (guard for guard in step.guards if guard.standing)
    return next((guard for guard in standing if not guard.holds(instance, context)), None)


def advance(instance: models.Model, name: str, context: object) -> tuple[str, str]:
    """Take a step. Nothing is saved.

    Returns:
        The states before and after.

    Raises:
        Refused: The code is `TRANSITION_NOT_ALLOWED` for an unknown name or a step that the state
            does not allow; otherwise it is that of the guard that does not hold.
    """
    fact = steps(type(instance)).get(name)
    if fact is None or not fact.leaves(before := _state(instance, fact)):
        raise Refused(OUT_OF_TURN, NOT_NOW)
    try:
        getattr(instance, name)(context)
    except TransitionNotAllowed as error:
        raise Refused(OUT_OF_TURN, NOT_NOW) from error
    return before, _state(instance, fact)


def _guarded(body: Body, guards: tuple[Guard, ...]) -> Callable[[Any, Any], None]:
    @wraps(body)
    def run(self: object, context: object) -> None:
        for guard in guards:
            if not guard.holds(self, context):
                raise Refused(guard.code, guard.sentence)
        body(self, context)

    return run


def _refuse_to_answer(instance: object, user: object) -> NoReturn:
    raise PermissionAskedHere("Who may take a step is not a question for the state machine.")


def _target_text(target: str | State | None) -> str:
    if target is None:
        return ""
    if isinstance(target, State):
        return " or ".join(str(state) for state in target.allowed_states or ()) or "(return)"
    return str(target)


def _fact(member: object) -> Step | None:
    meta = getattr(member, "_django_fsm", None)
    if meta is None:
        return None
    fact = next(iter(meta.transitions.values())).custom.get("step")
    return fact if isinstance(fact, Step) else None


def _state(instance: models.Model, step: Step) -> str:
    field = getattr(type(instance), step.name)._django_fsm.field
    return str(field.get_state(instance))
