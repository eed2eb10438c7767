"""Daily work is done once a day, and caught up by a machine that was off at its hour."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from config.celery import app
from grievances import tasks
from grievances.audit.models import Heartbeat
from grievances.operations.daily_work import NEVER, DailyJob, daily_state, run_owed
from grievances.web.shared import clock
from tests.concurrency import Crowd

ZONE = ZoneInfo("Europe/London")
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


class Work:
    """A job that counts how often it ran, and fails as often as it is told."""

    def __init__(self, hour: time = time(2, 30)) -> None:
        self.runs = self.failures = 0
        self.job = DailyJob("counted", hour, self.run)

    def run(self) -> None:
        self.runs += 1
        if self.failures:
            self.failures -= 1
            raise OSError("a disk that is full")

    def look(self, now: datetime) -> int:
        """Look what is owed; return how often the work has run by now."""
        run_owed([self.job], now, ZONE)
        return self.runs


@pytest.mark.django_db
def test_it_is_done_once_a_day_whatever_the_hour_of_the_look() -> None:
    work = Work()
    assert work.look(NOON) == 0, "a new organisation has missed nothing"
    assert work.look(NOON + timedelta(hours=14)) == 0
    assert [work.look(NOON + timedelta(hours=15, minutes=5 * n)) for n in range(3)] == [1, 1, 1]
    assert work.look(NOON + timedelta(hours=38)) == 1
    assert work.look(NOON + timedelta(hours=39)) == 2


@pytest.mark.django_db
def test_a_machine_that_is_off_at_night_misses_nothing() -> None:
    work = Work()
    work.look(NOON)
    for day in range(1, 6):
        assert work.look(NOON - timedelta(hours=3) + timedelta(days=day)) == day
        assert work.look(NOON + timedelta(days=day)) == day


@pytest.mark.django_db
def test_three_days_of_outage_are_caught_up_once() -> None:
    work = Work()
    work.look(NOON)
    assert work.look(NOON + timedelta(days=3)) == 1
    assert work.look(NOON + timedelta(days=3, minutes=5)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "day", [datetime(2026, 10, 25, tzinfo=UTC), datetime(2027, 3, 28, tzinfo=UTC)]
)
def test_the_hour_is_local_when_the_clocks_change(day: datetime) -> None:
    work = Work(time(1, 30))
    work.look(day - timedelta(hours=1))
    runs = [work.look(day + timedelta(minutes=5 * n)) for n in range(12 * 48)]
    assert runs[-1] == 2, "one run for each of the two days"


@pytest.mark.django_db
def test_work_that_failed_is_tried_again_and_stops_no_other() -> None:
    work, other = Work(), Work()
    jobs = [work.job, DailyJob("other", time(3), other.run)]
    work.failures = 2
    run_owed(jobs, NOON, ZONE)
    night = NOON + timedelta(hours=16)
    done = [run_owed(jobs, night + timedelta(minutes=5 * n), ZONE) for n in range(4)]
    assert (done, work.runs, other.runs) == ([1, 0, 1, 0], 3, 1)


@pytest.mark.django_db
def test_work_whose_process_was_killed_is_owed_again_after_two_hours() -> None:
    work = Work()
    work.look(NOON)
    night = NOON + timedelta(hours=15)
    Heartbeat.objects.filter(name=work.job.begun).update(at=night)
    assert work.look(night + timedelta(hours=1)) == 0, "it may still be running"
    assert work.look(night + timedelta(hours=2, minutes=1)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_do_it_once(tmp_path: Path) -> None:
    work = Work()
    work.look(NOON)
    for day in range(1, 6):
        late = NOON + timedelta(hours=20, days=day)
        folder = tmp_path / str(day)
        folder.mkdir()
        done = Crowd(folder).press(*[partial(run_owed, [work.job], late, ZONE)] * 4)
        assert sorted(map(str, done)) == ["0", "0", "0", "1"]
        assert work.runs == day


def test_every_piece_of_daily_work_is_a_task_and_only_the_look_is_scheduled() -> None:
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert "grievances.tasks.run_daily_work" in scheduled
    for job in tasks.DAILY:
        assert f"grievances.tasks.{job.name}" in app.tasks
        assert f"grievances.tasks.{job.name}" not in scheduled
    assert all(isinstance(entry["schedule"], float) for entry in app.conf.beat_schedule.values())


@pytest.mark.django_db
def test_what_is_overdue_is_named_to_the_operator(client: Client) -> None:
    now = clock.now()
    assert daily_state(now) == "ok"
    run_owed([DailyJob("counted", time(2), lambda: None)], now, ZONE)
    assert daily_state(now + timedelta(hours=25)) == "ok"
    assert daily_state(now + timedelta(hours=27)) == "overdue: counted"
    assert client.get("/health/ready").json()["daily_work"] == "ok"
    Heartbeat.objects.create(name="done build_reports", at=NEVER)
    assert client.get("/health/ready").json()["daily_work"] == "overdue: build_reports"
