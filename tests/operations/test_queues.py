"""Letters wait in a queue of their own, and in no other."""

from __future__ import annotations

from kombu.transport.memory import Channel

from config.celery import app
from grievances import tasks


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
