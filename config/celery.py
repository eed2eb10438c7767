"""The Celery application and its timetable, the only schedule there is.

Beat only starts the sweeps. The tables say what is due, so a lost message loses nothing. No ETA or
countdown task is used for a deadline (architecture.md 6).
"""

from celery import Celery
from celery.schedules import crontab
from django.conf import settings

from config.start import refusing_plainly

app = Celery("fairhearing")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["grievances"])

with refusing_plainly():
    SWEEP = float(settings.SWEEP_SECONDS)
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
    "sweep uploads": {
        "task": "grievances.tasks.sweep_uploads",
        "schedule": 600.0,
        "options": {"expires": 590},
    },
    "end what is over": {
        "task": "grievances.tasks.end_what_is_over",
        "schedule": crontab(minute="10", hour="1"),
    },
    "look at the calendars": {
        "task": "grievances.tasks.look_at_calendars",
        "schedule": crontab(minute="40", hour="1"),
    },
    "export the head of the trail": {
        "task": "grievances.tasks.export_head",
        "schedule": crontab(minute="5", hour="0,1,2"),
    },
    "tell what is due": {
        "task": "grievances.tasks.tell_what_is_due",
        "schedule": crontab(minute="20", hour="6"),
    },
    "release answers": {
        "task": "grievances.tasks.release_answers",
        "schedule": crontab(minute="0", hour="2"),
    },
    "build reports": {
        "task": "grievances.tasks.build_reports",
        "schedule": crontab(minute="30", hour="2"),
    },
}
