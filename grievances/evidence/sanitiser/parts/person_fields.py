"""Attributes and elements of office documents that name a person."""

from __future__ import annotations

AUTHOR_ATTRIBUTES = frozenset(
    [
        "author",
        "initials",
        "userid",
        "providerid",
        "displayname",
        "lastmodifiedby",
        "username",
        "userprovider",
        "creator",
        "lastauthor",
        "refreshedby",
        "chg-author",
        "email",
        "emailaddress",
        "owner",
        "company",
        "manager",
        "manufacturer",
        "model",
        "serialno",
        "serialnumber",
        "accountname",
        "assignedto",
        "modifiedby",
        "createdby",
        "sendername",
        "user-name",
        "cloudfile",
        "suggestedsigner",
        "suggestedsigneremail",
        "suggested-signer-name",
        "suggested-signer-email",
    ]
)

PERSONS = frozenset(
    ["cmauthor", "author", "userinfo", "person", "header", "customworkbookview", "user", "chgdata"]
)
"""Elements whose attribute `name` is the name of a person."""

AUTHOR_ELEMENTS = frozenset(
    [
        "author",
        "creator",
        "creator-initials",
        "initial-creator",
        "sender-initials",
        "lastmodifiedby",
        "printed-by",
        "displayname",
        "username",
        "accountname",
        "x509subjectname",
        "x509issuername",
        "signaturecomments",
        "company",
        "manager",
        "owner",
        "email",
        "emailaddress",
        "userinfo",
        "chg-author",
    ]
)


def names_person(element: str, attribute: str) -> bool:
    """Return whether an attribute of an element is the name of a person."""
    if element == "table" and attribute == "displayname":
        return False  # The name of a table (ECMA-376 part 1, 18.5.1.2).
    if element == "scenario" and attribute in {"user", "comment"}:
        return True  # Excel writes there who made it (ECMA-376 part 1, 18.3.1.76).
    return attribute in AUTHOR_ATTRIBUTES or (attribute == "name" and element in PERSONS)


def without_writer(text: str, writers: list[str], new: str) -> str:
    """Return a note with a new name for the one that a program begins it with."""
    first = next((each for each in writers if text.startswith(each)), None)
    return text if first is None else new + text[len(first) :]
