"""The management line of one person is found by the index, however many people there are."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grievances.people.lines import below_all
from grievances.people.models import User, line_chain

TODAY = date(2026, 11, 30)
FILL = """
INSERT INTO grievances_user (password, is_superuser, username, first_name, last_name, email,
    is_staff, is_active, date_joined, name, grade)
SELECT '', false, 'p' || n, '', '', '', false, n % 50 > 0, now(), 'Person ' || n, 1
FROM generate_series(1, 20000) n;
INSERT INTO grievances_linemanagement (person_id, manager_id, from_date)
SELECT own.id, above.id, '2024-01-01' FROM grievances_user own
JOIN grievances_user above ON above.username = 'p' || (substr(own.username, 2)::int / 10)
WHERE own.username ~ '^p[0-9]+$';
ANALYZE grievances_user; ANALYZE grievances_linemanagement;
"""


@pytest.mark.django_db
@pytest.mark.postgres
def test_the_line_of_one_person_reads_no_table_whole() -> None:
    with connection.cursor() as cursor:
        cursor.execute(FILL)
    person, upper = (User.objects.get(username=name) for name in ("p12345", "p1234"))
    with CaptureQueriesContext(connection) as asked:
        above = line_chain([person.pk], TODAY)
        below = below_all([upper.pk], TODAY, ())
    names = User.objects.filter(pk__in=above).values_list("username", flat=True)
    assert sorted(names) == ["p1", "p12", "p123", "p1234"]
    names = User.objects.filter(pk__in=below).values_list("username", flat=True)
    assert sorted(names) == [f"p1234{last}" for last in range(10)]
    assert sum("RECURSIVE" in query["sql"] for query in asked.captured_queries) == 2
    for query in asked.captured_queries:
        if "RECURSIVE line" in query["sql"]:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {query['sql']}")
                plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "Seq Scan on grievances_linemanagement" not in plan
            assert "Seq Scan on grievances_user" not in plan
