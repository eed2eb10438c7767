"""Steps, stated once and refused in words (architecture 4)."""

from dataclasses import dataclass

import pytest
from django.apps.registry import Apps
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django_fsm import GET_STATE, FSMField, has_transition_perm

from workflow.diagram import lifecycle_mermaid, lifecycle_table
from workflow.steps import (
    Guard,
    PermissionAskedHere,
    Refused,
    advance,
    first_blocking_guard,
    open_steps,
    step,
    steps,
)


@dataclass(frozen=True)
class StepContext:
    """What a person brings to a step."""

    words: str = ""
    trained: bool = True


TRAINED = Guard(
    "NOT_CERTIFIED", "You need a valid certificate.", "5.3", lambda _, b: b.trained, standing=True
)
WORDED = Guard("NO_WORDS", "Please say why.", "5.2", lambda _, b: bool(b.words))


def resumed_state(letter: "Letter", context: StepContext) -> str:
    return letter.back_to


class Writing(models.Model):
    """The lifecycle of a letter."""

    state = FSMField(default="DRAFT", protected=True)
    back_to = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=20, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.state)

    @step(
        code="T01",
        field=state,
        source="DRAFT",
        target="SENT",
        label="Send",
        guards=[TRAINED, WORDED],
        starts=["ACK"],
        stops=["DRAFTING"],
    )
    def send(self, context: StepContext) -> None:
        self.note = context.words

    @step(
        code="T02",
        field=state,
        source=["DRAFT", "SENT"],
        target="HELD",
        label="Hold: for now",
        pauses=True,
    )
    def hold(self, context: StepContext) -> None:
        self.back_to = str(self.state)

    @step(
        code="T03",
        field=state,
        source="HELD",
        target=GET_STATE(resumed_state, states=["DRAFT", "SENT"]),
        label="Resume",
        resumes=True,
    )
    def carry_on(self, context: StepContext) -> None:
        self.note = "resumed"

    @step(code="T04", field=state, source="SENT", target=None, label="Annotate")
    def annotate(self, context: StepContext) -> None:
        self.note = context.words


class Letter(Writing):
    """A letter with its lifecycle, in a registry of its own."""

    class Meta:
        app_label = "letters"
        apps = Apps()


def names(letter: Letter) -> list[str]:
    return [each.name for each in open_steps(letter)]


def test_steps_come_in_the_order_they_are_written_in() -> None:
    assert list(steps(Letter)) == ["send", "hold", "carry_on", "annotate"]
    send = steps(Letter)["send"]
    assert (send.code, send.label, send.sources, send.target) == ("T01", "Send", ("DRAFT",), "SENT")
    assert (send.starts, send.stops, send.moves) == (("ACK",), ("DRAFTING",), True)
    assert not steps(Letter)["annotate"].moves


def test_open_steps_follow_the_state_alone() -> None:
    letter = Letter()
    assert names(letter) == ["send", "hold"]
    advance(letter, "send", StepContext("hello"))
    assert names(letter) == ["hold", "annotate"]


def test_a_step_answers_with_the_states_before_and_after() -> None:
    letter = Letter()
    assert advance(letter, "send", StepContext("hello")) == ("DRAFT", "SENT")
    assert letter.note == "hello"
    assert advance(letter, "annotate", StepContext("more")) == ("SENT", "SENT")


def test_a_hold_returns_to_where_it_came_from() -> None:
    letter = Letter()
    advance(letter, "send", StepContext("hello"))
    assert advance(letter, "hold", StepContext()) == ("SENT", "HELD")
    assert advance(letter, "carry_on", StepContext()) == ("HELD", "SENT")


@pytest.mark.parametrize("name", ["annotate", "carry_on", "save", "no_such_step"])
def test_a_step_out_of_turn_is_refused_in_words(name: str) -> None:
    letter = Letter()
    with pytest.raises(Refused) as refusal:
        advance(letter, name, StepContext("hello"))
    assert refusal.value.code == "TRANSITION_NOT_ALLOWED"
    assert refusal.value.sentence.startswith("This step cannot be taken at this point.")
    assert letter.state == "DRAFT"


def test_the_first_guard_that_does_not_hold_gives_the_reason_and_nothing_changes() -> None:
    letter = Letter()
    with pytest.raises(Refused) as refusal:
        advance(letter, "send", StepContext(trained=False))
    assert (refusal.value.code, refusal.value.sentence) == (TRAINED.code, TRAINED.sentence)
    with pytest.raises(Refused) as refusal:
        advance(letter, "send", StepContext())
    assert refusal.value.code == "NO_WORDS"
    assert (letter.state, letter.note) == ("DRAFT", "")


def test_only_standing_guards_are_asked_beforehand() -> None:
    send = steps(Letter)["send"]
    assert first_blocking_guard(Letter(), send, StepContext(trained=False)) is TRAINED
    assert first_blocking_guard(Letter(), send, StepContext()) is None


def test_calling_the_method_itself_meets_the_guards_too() -> None:
    with pytest.raises(Refused):
        Letter().send(StepContext())


def test_the_state_machine_never_says_who_may() -> None:
    with pytest.raises(PermissionAskedHere):
        has_transition_perm(Letter().send, AnonymousUser())


def test_the_state_cannot_be_set_past_the_steps() -> None:
    with pytest.raises(AttributeError):
        Letter().state = "SENT"


def test_the_drawing_has_every_arrow_and_only_moves() -> None:
    assert lifecycle_mermaid(Letter) == (
        "stateDiagram-v2\n"
        "    DRAFT --> SENT: T01 Send\n"
        "    DRAFT --> HELD: T02 Hold - for now\n"
        "    SENT --> HELD: T02 Hold - for now\n"
        "    HELD --> DRAFT: T03 Resume\n"
        "    HELD --> SENT: T03 Resume\n"
    )


def test_the_table_has_every_step() -> None:
    lines = lifecycle_table(Letter).splitlines()
    assert lines[2] == (
        "| T01 | Send | DRAFT | SENT | `NOT_CERTIFIED`, `NO_WORDS` | ACK | DRAFTING |"
    )
    assert lines[-1] == "| T04 | Annotate | SENT | (same) | - | - | - |"
    assert len(lines) == 6
