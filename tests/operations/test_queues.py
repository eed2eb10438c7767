"""Letters wait in a queue of their own, and in no other."""

from __future__ import annotations

import pytest
import redis
from celery.signals import worker_init
from django.conf import settings
from django.test import override_settings
from kombu.transport.memory import Channel

from config import celery
from config.celery import app
from grievances import tasks
from tests.private_servers import choose_port, find_redis, start_redis


def test_each_task_waits_in_one_queue() -> None:
    """The worker of letters gets no other task, and the other worker no letter."""
    with app.connection_for_write(url="memory://queues/") as connection:
        channel = connection.default_channel
        assert isinstance(channel, Channel)
        for queue in app.amqp.queues.values():
            queue(channel).declare()

        def waiting() -> dict[str, int]:
            return {name: channel._size(name) for name in ("celery", "mail")}

        app.send_task(tasks.deliver_notices.name, connection=connection)
        assert waiting() == {"celery": 0, "mail": 1}
        app.send_task(tasks.run_clocks.name, connection=connection)
        app.send_task(tasks.run_daily_work.name, connection=connection)
        assert waiting() == {"celery": 2, "mail": 1}


@pytest.mark.skipif(find_redis() is None, reason="no redis-server on this machine")
def test_a_worker_that_starts_forgets_what_an_earlier_release_left() -> None:
    """One message that cannot be read ends a worker, which puts it back: for ever, without this."""
    url = start_redis(str(find_redis()))
    with redis.Redis.from_url(url) as broker:
        broker.lpush("celery", "no message", '{"body": "%%%"}')
        broker.lpush("mail", "[1, 2]")
        broker.set("sessions", "kept")
        with override_settings(CELERY_BROKER_URL=url):
            worker_init.send(sender=None)
        assert broker.keys("*") == [b"sessions"]


def test_a_worker_starts_without_redis_and_with_another_broker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(celery, "BROKER_SECONDS", 0.2)
    for url in (f"redis://127.0.0.1:{choose_port()}/0", "memory://localhost/"):
        with override_settings(CELERY_BROKER_URL=url):
            assert url == settings.CELERY_BROKER_URL
            celery.forget_what_waits()
