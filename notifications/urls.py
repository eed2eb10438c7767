"""The addresses of the library.

The caller supplies functions for the owner of an inbox and for the time.
"""

from django.urls import URLPattern, path

from notifications.mail_folder import MailFile, MailFolder
from notifications.rendering import line
from notifications.views import HandlesOf, Inbox, LineOf, NowOf, Open, ReadAll, wall_clock


def inbox_urls(
    pseudonyms_of: HandlesOf, now_of: NowOf = wall_clock, line_of: LineOf = line
) -> list[URLPattern]:
    """Return the addresses of the inbox, for the root of the site.

    ``line_of`` gives the line of a notice.
    """
    read_all = ReadAll.as_view(pseudonyms_of=pseudonyms_of, now_of=now_of)
    read = Open.as_view(pseudonyms_of=pseudonyms_of, now_of=now_of)
    return [
        path("inbox/", Inbox.as_view(pseudonyms_of=pseudonyms_of, line_of=line_of), name="inbox"),
        path("inbox/read/", read_all, name="inbox_read_all"),
        path("inbox/<int:notice_id>/read/", read, name="inbox_read"),
    ]


def mail_folder_urls() -> list[URLPattern]:
    """Return ``mail_folder`` and ``mail_file``: 404 outside demonstration mode."""
    return [
        path("mail/", MailFolder.as_view(), name="mail_folder"),
        path("mail/<str:name>/", MailFile.as_view(), name="mail_file"),
    ]
