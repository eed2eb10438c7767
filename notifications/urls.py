"""The addresses of the library.

The caller supplies functions for the owner of an inbox and for the time.
"""

from django.urls import URLPattern, path

from notifications.mail_folder import MailFile, MailFolder
from notifications.views import HandlesOf, Inbox, NowOf, Open, wall_clock


def inbox_urls(pseudonyms_of: HandlesOf, now_of: NowOf = wall_clock) -> list[URLPattern]:
    """Return ``inbox`` and ``inbox_read``, to be included at the root of the site."""
    read = Open.as_view(pseudonyms_of=pseudonyms_of, now_of=now_of)
    return [
        path("inbox/", Inbox.as_view(pseudonyms_of=pseudonyms_of), name="inbox"),
        path("inbox/<int:notice_id>/read/", read, name="inbox_read"),
    ]


def mail_folder_urls() -> list[URLPattern]:
    """Return ``mail_folder`` and ``mail_file``: 404 outside demonstration mode."""
    return [
        path("mail/", MailFolder.as_view(), name="mail_folder"),
        path("mail/<str:name>/", MailFile.as_view(), name="mail_file"),
    ]
