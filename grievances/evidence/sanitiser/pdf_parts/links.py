"""Links and descriptions of a PDF that lead to a person's own folder."""

from __future__ import annotations

import pikepdf

from grievances.evidence.sanitiser.parts import own_places
from grievances.evidence.sanitiser.protocol import Found, note


def text_of(value: object) -> str:
    """Return a text of a PDF, in UTF-16 or PDFDocEncoding, as one of ours."""
    return str(value).replace("\0", "")


def strip_link(thing: pikepdf.Object, name: str, value: pikepdf.String, found: Found) -> None:
    """Keep a link to the web; drop one to a person's own folder."""
    said = text_of(value)
    if own_places.PLAIN_LINK.match(said):
        thing[name] = own_places.without_account(said)
    else:
        note(found, "Link to a folder", own_places.account_in(said) or said)
        del thing[name]


def strip_path(thing: pikepdf.Object, name: str, value: pikepdf.String, found: Found) -> None:
    """Take the path of a picture out of what is read aloud in its place."""
    said = text_of(value)
    if own_places.without_path(said) != said:
        note(found, "Link to a folder", own_places.account_in(said) or said)
        thing[name] = own_places.without_path(said)
