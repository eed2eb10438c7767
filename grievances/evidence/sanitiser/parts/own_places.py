"""Places on a person's own machine, and accounts, in the texts of a document."""

from __future__ import annotations

import re

LOCAL_PATH = re.compile(
    r"(?:file:[\\/]*[^\s\"'<>|]*"
    r"|(?:(?<![A-Za-z])|(?<=&[LCR]))[A-Za-z]:[\\/](?:[^\"'<>|\r\n]*[^\s\"'<>|\r\n])?"
    r"|\\\\[\w.$-]+\\[^\"'<>|\r\n]*"
    r"|(?<![\w.:/])/(?:home|Users|root|media|mnt|Volumes|private|var)/[^\"'<>|\r\n]*"
    r"|(?:\.\.[\\/])+[^\"'<>|\r\n]*)",
    re.IGNORECASE,
)
"""A place on a person's own machine or network, in any of its spellings."""

OWN_CLOUD = re.compile(
    r"(https?://[^/\"'\s]*(?:-my\.sharepoint\.com|d\.docs\.live\.net|onedrive\.live\.com)(?::\d+)?"
    r"|https?://[^/\"'\s]+(?=/(?:[^\"'\s]*/)?personal/))/[^\"'\s]*",
    re.IGNORECASE,
)
"""A place in a person's own cloud folder: its address holds their account name."""

SIGNED_IN = re.compile(r"(https?://)[^/\"'\s@]*@", re.IGNORECASE)
"""The account with which an address on the web is opened."""

ACCOUNT = re.compile(
    r"(?:Users|home|Documents and Settings|personal)(?:[\\/]|%5C|%2F)+([^\\/\"'%]+)", re.IGNORECASE
)

PLAIN_LINK = re.compile(r"(https?|mailto|tel|sms|ftp):|#", re.IGNORECASE)


def without_path(value: str) -> str:
    """Return the text with places on a person's own machine taken out."""
    if "/" not in value and "\\" not in value and "%5c" not in value.lower():
        return value
    return without_account(LOCAL_PATH.sub("removed", value))


def without_account(address: str) -> str:
    """Return an address on the web without the account and the own folder of a person."""
    return OWN_CLOUD.sub(r"\1/", SIGNED_IN.sub(r"\1", address))


def account_in(value: str) -> str:
    """Return the account name in a path; empty when there is none."""
    found = ACCOUNT.search(value)
    return found[1].strip() if found else ""
