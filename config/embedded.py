"""The embedded run: one gunicorn worker, with Celery's worker and beat in threads.

These are gunicorn's settings and hooks. `manage.py serve` ends by becoming `gunicorn -c
python:config.embedded`. The broker is in memory, so there is exactly one web worker: a second one
would have its own queues (dependencies.md 3). Messages are lost when the process ends, and that
loses no work, since the tables say what is due.
"""

import logging
import os
import sys
import threading
from typing import TYPE_CHECKING, Any

from celery.beat import EmbeddedService

from config.celery import app

if TYPE_CHECKING:
    from celery.worker import WorkController
    from gunicorn.workers.base import Worker

log = logging.getLogger("fairhearing.embedded")

# --- gunicorn ------------------------------------------------------------------------------------
workers = 1
worker_class = "gthread"
threads = 8
umask = 0o077
loglevel = "warning"
graceful_timeout = 8
# Without this gunicorn opens a socket in the home folder that takes commands.
control_socket_disable = True
# A memory file system, so that a slow disk cannot make the worker look dead. Some systems have
# none.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 - gunicorn's own file


class Background:
    """Celery's worker and beat, running as daemon threads until `stop`."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.worker: WorkController = app.WorkController(
            pool="threads",
            concurrency=2,
            hostname="embedded@localhost",
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
        )
        # The plain scheduler keeps no file; it starts anew with the process.
        self.beat: Any = EmbeddedService(app, thread=True, scheduler_cls="celery.beat:Scheduler")

    def start(self) -> None:
        """Start both threads."""
        threading.Thread(target=self.run_worker, name="celery-worker", daemon=True).start()
        self.beat.start()

    def run_worker(self) -> None:
        """Run tasks until stopped.

        If the worker ends by itself, the process ends too, so that it is replaced.
        """
        try:
            self.worker.start()
        finally:
            if not self.stopping.is_set():
                log.critical("The embedded worker stopped by itself; starting the process again.")
                os._exit(70)

    def stop(self) -> None:
        """Let running tasks finish, then stop both threads; takes up to three seconds."""
        self.stopping.set()
        self.beat.stop()
        self.worker.stop()


class Holder:
    """The background of this process, once gunicorn has started it."""

    background: Background | None = None


def post_worker_init(worker: "Worker") -> None:
    """Start the background threads: gunicorn calls this when the worker is ready."""
    Holder.background = Background()
    Holder.background.start()
    sys.stdout.write(f"Fair Hearing is ready at http://{worker.cfg.bind[0]}/  (Ctrl-C stops it)\n")
    sys.stdout.flush()


def worker_exit(server: object, worker: object) -> None:
    """Stop the background threads: gunicorn calls this before the worker ends."""
    if Holder.background is not None:
        Holder.background.stop()
