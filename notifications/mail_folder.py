"""Pages that show the mail folder of the embedded run, in demonstration mode only."""

import re
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import default
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

SHOWN = 50
# The file names that Django's file-based mail backend makes; no other file is opened.
_FILE_NAME = re.compile(r"\d{8}-\d{6}-\d+\.log", re.ASCII)
# The line that this backend writes after each message.
_BETWEEN = b"-" * 79 + b"\n"


@dataclass(frozen=True)
class Mail:
    """One message as the page shows it."""

    sender: str
    to: str
    subject: str
    date: str
    body: str


class MailFolder(View):
    """GET: the newest 50 files of mail, by subject and address."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the list of messages, the newest first.

        Returns:
            The page.
        """
        files = sorted(_files(), key=lambda path: path.stat().st_mtime_ns, reverse=True)[:SHOWN]
        listed = [(path.name, mail) for path in files for mail in read(path)]
        return render(request, "notifications/mail_folder.html", {"listed": listed})


class MailFile(View):
    """GET: the messages in one file; 404 for a name that is not in the folder."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        """Show the messages in the named file.

        Returns:
            The page.

        Raises:
            Http404: The folder has no such file.
        """
        for path in _files():
            if path.name == name:
                return render(request, "notifications/mail_file.html", {"mails": read(path)})
        raise Http404


def read(path: Path) -> list[Mail]:
    """Return the messages in one file, in the order in which they were sent."""
    parts = path.read_bytes().split(_BETWEEN)
    return [_mail(part) for part in parts if part.strip()]


def _files() -> list[Path]:
    """Return the plain files that the mail backend wrote.

    Raises:
        Http404: The service does not run in demonstration mode.
    """
    folder = Path(settings.EMAIL_FILE_PATH)
    if not settings.DEMONSTRATION:
        raise Http404
    if not folder.is_dir():
        return []
    found = [path for path in folder.iterdir() if _FILE_NAME.fullmatch(path.name)]
    return [path for path in found if path.is_file() and not path.is_symlink()]


def _mail(raw: bytes) -> Mail:
    message = BytesParser(policy=default).parsebytes(raw)
    body = message.get_body(("plain",))
    return Mail(
        sender=str(message["From"]),
        to=str(message["To"]),
        subject=str(message["Subject"]),
        date=str(message["Date"]),
        body=str(body.get_content()) if body else "",
    )
