"""The Celery application and its timetable, the only schedule there is.

Beat only starts the sweeps. The tables say what is due, so a lost message loses nothing. No ETA or
countdown task is used for a deadline (architecture.md 6).
"""

import logging

import redis
from celery import Celery
from celery.signals import worker_init
from django.conf import settings
from django.db import connections
from django.utils.module_loading import import_string
from kombu import Queue

from config.start import refusing_plainly

log = logging.getLogger("fairhearing.watch")
QUEUES = ("celery", "mail")
BROKER_SECONDS = 5.0
"""How long a worker that starts waits for Redis before it goes on without."""

app = Celery("fairhearing")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_queues = tuple(map(Queue, QUEUES))
app.autodiscover_tasks(["grievances"])

with refusing_plainly():
    SWEEP = float(settings.SWEEP_SECONDS)
DAILY_LOOK = min(300.0, SWEEP * 5)
"""How often the daily work that is owed is looked up, in seconds."""
app.conf.beat_schedule = {
    "run the clocks": {
        "task": "grievances.tasks.run_clocks",
        "schedule": SWEEP,
        "options": {"expires": SWEEP * 0.9},
    },
    "remind of tribunals": {
        "task": "grievances.tasks.remind_of_tribunals",
        "schedule": 600.0,
        "options": {"expires": 590},
    },
    "deliver notices": {
        "task": "grievances.tasks.deliver_notices",
        "schedule": SWEEP / 4,
        "options": {"expires": SWEEP / 4 * 0.9},
    },
    "watch the service": {
        "task": "grievances.tasks.watch_service",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "sweep uploads": {
        "task": "grievances.tasks.sweep_uploads",
        "schedule": 600.0,
        "options": {"expires": 590},
    },
    "run the daily work": {
        "task": "grievances.tasks.run_daily_work",
        "schedule": DAILY_LOOK,
        "options": {"expires": DAILY_LOOK * 0.9},
    },
}


@worker_init.connect
def judge_settings(**given: object) -> None:
    """End a worker whose settings do not fit the database, as the pages do.

    Raises:
        SystemExit: They do not. The code is REFUSED.
    """
    if settings.MODE == "test":
        return
    with refusing_plainly():
        import_string("grievances.operations.start.judge")()  # its models need the set-up
    connections.close_all()  # the processes of the worker open their own


@worker_init.connect
def forget_what_waits(**given: object) -> None:
    """Throw away the messages that wait when a worker starts.

    One that an earlier release left, or that another program put there, can end a worker, which
    puts it back: it would never work again. No message carries a fact, and beat sends the next.
    """
    if not settings.CELERY_BROKER_URL.startswith(("redis", "unix")):
        return
    seconds = {"socket_timeout": BROKER_SECONDS, "socket_connect_timeout": BROKER_SECONDS}
    try:
        with redis.Redis.from_url(settings.CELERY_BROKER_URL, **seconds) as broker:
            broker.delete(*QUEUES)
    except redis.RedisError:
        log.warning("Redis does not answer: messages that wait there are kept")
