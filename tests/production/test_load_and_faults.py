"""People work while every part is killed, stopped and slowed: nothing lost, nothing doubled.

`python -m bench.load_and_faults` does the same for longer. `FAULT_BLOWS` makes it longer here.
"""

import os
from collections import Counter
from collections.abc import Callable

import pytest

from bench.faults.people import FILE, MESSAGE, STEP, Diary
from bench.load_and_faults import Outcome, describe, faults_of, run
from bench.served import parts
from tests.private_servers import NotStarted

BLOWS = int(os.environ.get("FAULT_BLOWS", "10"))


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.slow
def test_what_people_were_told_is_there_once_whatever_fails(
    record_property: Callable[[str, object], None],
) -> None:
    try:
        outcome = run(people=3, blows=BLOWS, hold=0.8)
    except NotStarted as reason:
        pytest.skip(str(reason))
    done = outcome.diary.done
    record_property("counts", describe(outcome))
    assert faults_of(outcome) == []
    assert len(outcome.blows) == BLOWS
    assert min(done[kind] for kind in (MESSAGE, FILE, STEP)) > 0


def test_no_folder_of_ours_is_left_out_of_a_part_that_is_measured() -> None:
    left_out = set(parts.environment()[parts.WITHOUT].split())
    assert "pytest" in left_out
    assert not left_out & {"tests", "bench", "config", "grievances", "workflow", "notifications"}


@pytest.mark.parametrize(
    ("there", "states", "health", "told"),
    [
        (1, {"sent": 2}, [0.1, 5, 5, 0.1], None),
        (0, {"sent": 2}, [0.1], "people were told of 1, and 0 are there"),
        (2, {"sent": 2}, [0.1], "people were told of 1, and 2 are there"),
        (1, {"sent": 1, "queued": 1}, [0.1], "letters are not sent"),
        (1, {"sent": 3}, [0.1], "1 letters did not arrive"),
        (1, {"sent": 2}, [5, 5, 5], "/health/live missed 3 times in a row"),
    ],
)
def test_what_was_lost_doubled_or_silent_is_named(
    there: int, states: dict[str, int], health: list[float], told: str | None
) -> None:
    kinds = (MESSAGE, FILE, STEP)
    outcome = Outcome(Diary(done=Counter(kinds)), before=dict.fromkeys(kinds, 0))
    mail = [str(number) for number in range(states["sent"])]
    counts = {MESSAGE: there, FILE: 1, STEP: 1}
    outcome.found = {"counts": counts, "states": states, "mail": mail}
    outcome.letters, outcome.health = Counter(["0", "1", "1"]), health
    wrong = faults_of(outcome)
    assert len(wrong) == (told is not None)
    assert told is None or told in wrong[0]
