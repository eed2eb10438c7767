"""Measure the sweep beside one SQL statement that writes the same rows.

Source: performance.md 7, 12.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import count
from statistics import median

from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Mod
from django.test.utils import CaptureQueriesContext

from bench.clones import analyse, clone
from bench.stopwatch import in_turn, took
from bench.table import Line
from grievances.audit.models import ChainHead
from grievances.cases.models.case import Case
from grievances.cases.models.deadlines import Deadline
from grievances.deadlines.sweep import run_clocks
from grievances.policy import profiles
from notifications.models import Notice
from tests.factories import cases
from tests.factories.people import assemble
from workflow.clocks import reminder_moments

EACH = 10
"""Open clocks of one case."""
DUE = 1000
ROUNDS = 5
TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
FIRST = 10_000_000
"""The first id of a cloned case."""
SIZES = {
    "small": (10_000, 100_000),
    "large": (10_000, 1_000_000),
    "full": (10_000, 1_000_000),
}
"""Open clocks at the two sizes that are compared."""

BARE = """
WITH due AS (
    SELECT d.id, d.case_id, c.reference FROM grievances_deadline d
    JOIN grievances_case c ON c.id = d.case_id
    WHERE d.next_rung_at <= %(now)s ORDER BY d.next_rung_at, d.id LIMIT 5000
    FOR UPDATE OF d SKIP LOCKED
), marked AS (
    UPDATE grievances_deadline d SET last_rung = 'minus5', next_rung = 'minus1',
        next_rung_at = %(now)s + interval '4 days', level = 0, breached = false
    FROM due WHERE d.id = due.id
), head AS (
    UPDATE grievances_chainhead h SET seq = h.seq + 1,
        digest = encode(sha256(convert_to(h.digest, 'UTF8')), 'hex')
    FROM due WHERE h.chain = due.reference RETURNING h.chain, h.seq, h.digest
), said AS (
    INSERT INTO grievances_event
        (chain, seq, at, actor, role, kind, subject, data, key, prev, digest)
    SELECT head.chain, head.seq, %(now)s, 'system', 'system', 'clock.minus5', head.chain,
        '{"due": "2027-01-18", "clock": "INVESTIGATION", "level": 0}'::jsonb,
        'rung:' || due.id, head.digest, head.digest
    FROM head JOIN due ON due.reference = head.chain
)
INSERT INTO notifications_notice (handle, sealed_recipient, kind, channel, reference, link,
    context, key, state, attempts, next_try_at, created_at, sent_at, last_error)
SELECT 'a-handle-of-somebody-' || n, '\\x00'::bytea, 'reminder',
    CASE WHEN n %% 2 = 0 THEN 'inbox' ELSE 'email' END, due.reference,
    '/cases/' || due.reference || '/',
    '{"due": "2027-01-18", "days": 5, "clock": "INVESTIGATION", "level": 0, "days_late": 0}'::jsonb,
    due.reference || ':bare:' || due.id || ':' || n, 'queued', 0, %(now)s, %(now)s, NULL, ''
FROM due CROSS JOIN generate_series(1, %(letters)s) n
"""
"""Claim, mark, write the event and its chain, write the notices.

It writes as many rows as our sweep.
"""


def measure(scale: str) -> Iterable[Line]:
    """Return lines for the sweep with 1,000 due, its statements, and nothing due.

    Nothing due is measured at two sizes.
    """
    few, many = SIZES[scale]
    row = _first_case()
    moment = _when_due(row)
    _fill(row, moment, 1, few)
    idle_few = _idle(moment)
    _fill(row, moment, few // EACH + 1, many)
    idle_many = _idle(moment)
    blocks = count()

    def make_due() -> None:
        _make_due(moment, next(blocks), many // EACH // DUE)

    make_due()
    statements, letters = _counted(moment)
    ours, bare = in_turn(
        ROUNDS, lambda: _sweep(moment), lambda: _bare(moment, letters), before=make_due
    )
    return [
        Line(f"Sweep: {DUE:,} due of {many:,}", ours, "one statement of SQL", bare, 2.5),
        Line("Sweep: statements", statements, "the limit", 10, 1, "statements"),
        Line(f"Sweep: nothing due of {many:,}", idle_many, f"of {few:,}", idle_few, 1.5),
    ]


def _first_case() -> Deadline:
    """Return an investigation clock of a case made through the product.

    Its rows are the pattern of the others.
    """
    case = cases.in_investigation(assemble())
    Deadline.objects.exclude(case=case, name="INVESTIGATION").delete()
    return Deadline.objects.get(case=case, name="INVESTIGATION")


def _when_due(row: Deadline) -> datetime:
    moments = reminder_moments(
        row.clock, row.started_on, row.current_due, row.case.calendar, profiles.zone()
    )
    return moments[0][1]


def _fill(row: Deadline, moment: datetime, first: int, last: int) -> None:
    """Make cases from number `first` on, until there are `last` open clocks.

    None of the clocks is due at `moment`.
    """
    number_of = last // EACH - first + 1
    number, case = f"({first - 1} + n)", Case.unguarded.get(pk=row.case_id)
    reference = f"'RC-' || lpad({number}::text, 6, '0')"
    clone(case, number_of, id=f"{FIRST} + {number}", reference=reference)
    clone(ChainHead.objects.get(chain=case.reference), number_of, chain=reference)
    for grant in case.grants.all():
        clone(grant, number_of, content_object_id=f"{FIRST} + {number}")
    for party in case.parties.filter(standing="COMPLAINANT"):
        clone(
            party,
            number_of,
            case_id=f"{FIRST} + {number}",
            sealed_person="''",
            handle="md5(n::text)",
        )
    later = f"'{moment.isoformat()}'::timestamptz + (1 + n %% 90) * interval '1 day'"
    for part in range(EACH):
        clone(
            row,
            number_of,
            case_id=f"{FIRST} + {number}",
            detail=f"'{part}'",
            next_rung_at=later,
        )
    analyse()


def _make_due(moment: datetime, block: int, stride: int) -> None:
    """Make 1,000 clocks due that were not due before, spread over the table."""
    rows = Deadline.objects.filter(case_id__gte=FIRST, detail=str(block % EACH))
    rows = rows.annotate(place=Mod(F("case_id") - FIRST, Value(stride)))
    found = rows.filter(place=block // EACH).order_by("pk").values("pk")[:DUE]
    due = moment - timedelta(minutes=1)
    Deadline.objects.filter(pk__in=found).update(
        next_rung_at=due, next_rung="minus5", last_rung="", level=0
    )


def _sweep(moment: datetime) -> None:
    swept = run_clocks(moment)
    assert (swept.done, swept.failed) == (DUE, 0), swept


def _idle(moment: datetime) -> float:
    return median(took(lambda: run_clocks(moment)) for _ in range(20))


def _bare(moment: datetime, letters: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(BARE, {"now": moment, "letters": letters})
        assert cursor.rowcount == DUE * letters


def _counted(moment: datetime) -> tuple[int, int]:
    """Return how many statements a sweep takes, and how many notices a clock causes."""
    before = Notice.objects.count()
    with CaptureQueriesContext(connection) as captured:
        _sweep(moment)
    statements = [q for q in captured.captured_queries if not q["sql"].startswith(TRANSACTION)]
    return len(statements), (Notice.objects.count() - before) // DUE
