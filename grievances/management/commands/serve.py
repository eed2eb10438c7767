"""`manage.py serve`: the embedded run behind `make run`.

It is one command, with no server to install.
"""

import hashlib
import os
import socket
import sys
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from grievances.cases.models.evidence import sweep
from grievances.demo.accounts import accounts_text
from grievances.operations import service_lock
from workflow.models import Holiday, PolicyProfile


class Command(BaseCommand):
    """The command that prepares the data folder and becomes the web server.

    It prepares only what needs it. The last step replaces this process by gunicorn
    (`config.embedded`). So a signal to the process reaches the server, and the memory used for
    preparing is freed.
    """

    help = "Run the product from one command: web, worker and beat, on SQLite, without Redis."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the command."""
        parser.add_argument("--bind", default="127.0.0.1:8000", help="ADDRESS:PORT to listen on")

    def handle(self, *args: object, bind: str, **options: object) -> None:
        """Prepare the data folder, then become the web server.

        Raises:
            CommandError: It is not the demonstration, the folder or the address is in use.
        """
        if not settings.DEMONSTRATION:
            raise CommandError(
                "serve is for the demonstration: start it with make run, or set "
                "FAIRHEARING_MODE=demonstration. Production runs under docker compose."
            )
        os.umask(0o077)  # only the person who started it may read what is made here
        self.keep_folder()
        self.refuse_busy(bind)
        try:
            self.prepare()
        except KeyboardInterrupt:
            sys.exit(130)
        self.become_server(bind)

    def say(self, sentence: str) -> None:
        """Show progress at once."""
        self.stdout.write(f"        {sentence}")
        self.stdout.flush()

    def keep_folder(self) -> None:
        """Refuse a data folder in which another run is going on.

        Raises:
            CommandError: It is in use; the message is a sentence.
        """
        try:
            service_lock.keep_folder()
        except service_lock.ServiceRuns:
            raise CommandError(
                f"Fair Hearing runs in {settings.DATA_DIR} already. Stop it, or choose another "
                "folder: make run DATA_DIR=other"
            ) from None

    def refuse_busy(self, bind: str) -> None:
        """Refuse an address that cannot be listened on.

        Raises:
            CommandError: The address cannot be listened on; the message is a sentence.
        """
        host, _, port = bind.rpartition(":")
        try:
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, int(port)))
        except (OSError, OverflowError, ValueError) as reason:
            raise CommandError(
                f"Cannot listen on {bind} ({reason}). Choose another: make run PORT=8001"
            ) from reason

    def prepare(self) -> None:
        """Bring tables, rules, people and static files up to date.

        The second time it changes nothing.
        """
        mark = settings.DATA_DIR / "unfinished"
        self.start_again(mark)
        self.prepare_tables(mark)
        sweep()
        self.prepare_rules()
        self.prepare_people()
        self.prepare_static()
        mark.unlink(missing_ok=True)
        connections.close_all()

    def start_again(self, mark: Path) -> None:
        """Remove the incomplete database of an interrupted first start."""
        if not mark.exists():
            return
        self.say("The first start was cut short; starting again ...")
        name = str(settings.DATABASES["default"]["NAME"])
        for ending in ("", "-wal", "-shm"):
            Path(name + ending).unlink(missing_ok=True)

    def prepare_tables(self, mark: Path) -> None:
        """Run the migrations that have not run yet."""
        executor = MigrationExecutor(connection)
        if not executor.loader.applied_migrations:
            mark.touch()
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.say("Preparing the database ...")
            call_command("migrate", verbosity=0)

    def prepare_rules(self) -> None:
        """Load the policy profiles and bank holidays into an empty database."""
        if not Holiday.objects.exists():
            self.say("Loading bank holidays ...")
            call_command("load_holidays", verbosity=0)
        if not PolicyProfile.objects.exists():
            self.say("Loading policy profiles ...")
            call_command("load_policy", verbosity=0)

    def prepare_people(self) -> None:
        """Build the demonstration organisation, unless there are people or DEMO is 0."""
        if os.environ.get("DEMO", "1") == "0" or get_user_model().objects.exists():
            return
        self.say("Building the demonstration organisation, by taking its steps one by one ...")
        call_command("demo", verbosity=0)

    def prepare_static(self) -> None:
        """Collect the static files where they differ from those collected last."""
        stamp, digest = Path(settings.STATIC_ROOT) / ".collected", digest_static()
        if stamp.exists() and stamp.read_text() == digest:
            return
        self.say("Collecting style sheets, scripts and fonts ...")
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(digest)

    def become_server(self, bind: str) -> None:
        """Show who can sign in and where, then replace this process by gunicorn."""
        if get_user_model().objects.exists():
            self.stdout.write(accounts_text())
        else:
            self.say(
                "An empty organisation: no one can sign in yet. DEMO=1 builds one with people."
            )
        self.stdout.flush()
        # An arena for each thread would waste 10 MB, because the threads take turns anyway.
        os.environ.setdefault("MALLOC_ARENA_MAX", "1")
        os.environ.setdefault("MALLOC_TRIM_THRESHOLD_", "65536")
        command = ["-m", "gunicorn", "-c", "python:config.embedded", "--bind", bind]
        program = [sys.executable, *command, "config.wsgi:application"]
        os.execv(sys.executable, program)  # noqa: S606 - without a shell is what we want


def digest_static() -> str:
    """Return a digest of the names, sizes and times of all static files.

    A change of a file changes the digest.
    """
    lines = []
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = os.stat(storage.path(path))
            lines.append(f"{path} {found.st_size} {found.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()
