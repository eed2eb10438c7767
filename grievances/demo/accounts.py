"""The accounts of the demonstration: one or more for each role (contracts.md).

Each account is named by its role. The stories that run beforehand are mostly about colleagues, who
have accounts of their own. So a new visitor can raise a concern as `complainant1`, and every
officer is free to take it.
"""

from dataclasses import dataclass

from grievances.vocabulary import Office, Region

PASSWORD = "fair-hearing-demo"  # noqa: S105 - printed on purpose, of no use in production

UNITS: tuple[tuple[str, str, Region], ...] = (
    ("HQ", "National team", Region.LONDON),
    ("LONDON-NORTH", "London North", Region.LONDON),
    ("LONDON-SOUTH", "London South", Region.LONDON),
    ("LEEDS", "Leeds", Region.NORTH),
    ("YORK", "York", Region.NORTH),
    ("HULL", "Hull", Region.NORTH),
    ("MANCHESTER", "Manchester", Region.NORTH),
    ("NEWCASTLE", "Newcastle", Region.NORTH),
    ("BIRMINGHAM", "Birmingham", Region.MIDLANDS),
    ("LEICESTER", "Leicester", Region.MIDLANDS),
    ("NORWICH", "Norwich", Region.MIDLANDS),
    ("BATH", "Bath", Region.SOUTH),
    ("KENT", "Kent", Region.SOUTH),
    ("BRIGHTON", "Brighton", Region.SOUTH),
    ("CARDIFF", "Cardiff", Region.WALES),
    ("WREXHAM", "Wrexham", Region.WALES),
)
"""(code, name, region group) of every unit."""


@dataclass(frozen=True)
class Entry:
    """A person of the directory: user name, name, unit, grade, offices, line manager."""

    username: str
    name: str
    unit: str
    grade: int
    offices: tuple[Office, ...] = ()
    manager: str = ""


ACCOUNTS: tuple[Entry, ...] = (
    Entry("executive1", "Margaret Osei", "HQ", 9, (Office.EXECUTIVE,)),
    Entry("linemanager1", "Peter Hallam", "LEEDS", 5, (), "director1"),
    Entry("complainant1", "Amara Okafor", "LEEDS", 3, (), "linemanager1"),
    Entry("complainant2", "Samir Haddad", "YORK", 3, (), "head.york"),
    Entry("respondent1", "Colin Barker", "HULL", 4, (), "linemanager1"),
    Entry("companion1", "Leila Nazari", "YORK", 3, (), "head.york"),
    Entry("staff1", "Grace Adeyemi", "MANCHESTER", 2, (), "head.manchester"),
    Entry("staff2", "Tomasz Nowak", "BIRMINGHAM", 2, (), "head.birmingham"),
    Entry("staff3", "Hannah Price", "CARDIFF", 3, (), "head.cardiff"),
    Entry("staff4", "Kwame Boateng", "BRIGHTON", 2, (), "head.brighton"),
    Entry("staff5", "Sunita Rao", "LEICESTER", 3, (), "head.leicester"),
    Entry("triage1", "Priya Menon", "HQ", 6, (Office.TRIAGE,)),
    Entry("triage2", "Owen Griffiths", "WREXHAM", 6, (Office.TRIAGE,)),
    Entry("handler1", "Ruth Campbell", "BATH", 6, (Office.HANDLER,)),
    Entry("handler2", "Imran Sheikh", "LEICESTER", 6, (Office.HANDLER,)),
    Entry("handler3", "Marie Laurent", "LONDON-NORTH", 6, (Office.HANDLER,)),
    Entry("handler4", "Daniel Asante", "NEWCASTLE", 6, (Office.HANDLER,)),
    Entry("decider1", "Joan Whitfield", "KENT", 7, (Office.DECIDER,)),
    Entry("decider2", "Anil Kapoor", "MANCHESTER", 7, (Office.DECIDER,)),
    Entry("appeal1", "Helen Nakamura", "LONDON-SOUTH", 8, (Office.APPEAL,)),
    Entry("mediator1", "Gwen Rhys", "CARDIFF", 6, (Office.MEDIATOR,)),
    Entry("lead1", "Farah Siddiqui", "HQ", 8, (Office.LEAD,)),
    Entry("analyst1", "Ben Cartwright", "HQ", 5, (Office.ANALYST,)),
    Entry("dpo1", "Ingrid Solberg", "HQ", 8, (Office.DPO,)),
    Entry("auditor1", "Victor Lim", "HQ", 7, (Office.AUDITOR,)),
    Entry("independent1", "Josephine Clarke", "LONDON-NORTH", 8, (Office.INDEPENDENT,)),
    Entry("directory1", "Dilys Vaughan", "HQ", 4, (Office.DIRECTORY,)),
    Entry("admin1", "Robin Ashe", "HQ", 5),
)
"""The accounts of contracts.md. `admin1` is a superuser and sees no case."""

COLLEAGUES: tuple[Entry, ...] = (
    Entry("director1", "Elizabeth Crane", "HQ", 9),
    *(
        Entry(f"head.{code.lower()}", name, code, 5, (), "director1")
        for code, name in (
            ("YORK", "Judith Marsh"),
            ("HULL", "Graham Pell"),
            ("MANCHESTER", "Nasreen Akhtar"),
            ("NEWCASTLE", "Alan Robson"),
            ("BIRMINGHAM", "Beverley Grant"),
            ("LEICESTER", "Mohan Desai"),
            ("NORWICH", "Stephen Wick"),
            ("BATH", "Clare Fenton"),
            ("KENT", "David Sole"),
            ("BRIGHTON", "Rachel Stein"),
            ("CARDIFF", "Huw Bevan"),
            ("WREXHAM", "Sian Parry"),
            ("LONDON-NORTH", "Marcus Reid"),
            ("LONDON-SOUTH", "Yetunde Bello"),
        )
    ),
    Entry("colleague1", "Chidi Eze", "YORK", 3, (), "head.york"),
    Entry("colleague2", "Fatima Yusuf", "HULL", 2, (), "head.hull"),
    Entry("colleague3", "Wei Chen", "MANCHESTER", 3, (), "head.manchester"),
    Entry("colleague4", "Oluwaseun Ade", "BIRMINGHAM", 3, (), "head.birmingham"),
    Entry("colleague5", "Rosa Delgado", "NORWICH", 2, (), "head.norwich"),
    Entry("colleague6", "Jamal Warsame", "BRIGHTON", 3, (), "head.brighton"),
    Entry("colleague7", "Anjali Patel", "LEICESTER", 3, (), "head.leicester"),
    Entry("colleague8", "Dwayne Francis", "LONDON-SOUTH", 2, (), "head.london-south"),
    Entry("colleague9", "Miriam Levy", "CARDIFF", 3, (), "head.cardiff"),
    Entry("colleague10", "Zainab Musa", "NEWCASTLE", 2, (), "head.newcastle"),
    Entry("colleague11", "Arjun Nair", "KENT", 3, (), "head.kent"),
    Entry("colleague12", "Esther Mwangi", "WREXHAM", 2, (), "head.wrexham"),
    Entry("colleague13", "Hiroshi Tanaka", "BATH", 3, (), "head.bath"),
    Entry("colleague14", "Marcia Brown", "MANCHESTER", 3, (), "head.manchester"),
    Entry("colleague15", "Farhan Aziz", "LEICESTER", 2, (), "head.leicester"),
    Entry("colleague16", "Shanice Cole", "HULL", 3, (), "head.hull"),
    Entry("neighbour1", "Keith Dawson", "YORK", 4, (), "head.york"),
    Entry("neighbour2", "Sandra Hope", "HULL", 4, (), "head.hull"),
    Entry("neighbour3", "Paul Unwin", "NORWICH", 4, (), "head.norwich"),
    Entry("neighbour4", "Linda Moss", "BIRMINGHAM", 4, (), "head.birmingham"),
    Entry("neighbour5", "Gary Tibbs", "BRIGHTON", 4, (), "head.brighton"),
    Entry("neighbour6", "Fiona Laird", "LONDON-SOUTH", 4, (), "head.london-south"),
    Entry("neighbour7", "Ian Crossley", "CARDIFF", 4, (), "head.cardiff"),
    Entry("neighbour8", "Janet Poole", "NEWCASTLE", 4, (), "head.newcastle"),
    Entry("neighbour9", "Roy Tanner", "BIRMINGHAM", 4, (), "head.birmingham"),
)
"""Managers of units, and the people of the stories that run beforehand."""

_TABLE: tuple[tuple[str, str], ...] = (
    ("Raise a concern", "complainant1, complainant2, staff1 to staff5"),
    ("Person it is about", "respondent1"),
    ("Line manager of both", "linemanager1"),
    ("Companion", "companion1"),
    ("Triage officer", "triage1, triage2"),
    ("Handler", "handler1 to handler4"),
    ("Decision maker", "decider1, decider2"),
    ("Appeal manager", "appeal1"),
    ("Mediator", "mediator1"),
    ("Casework lead", "lead1"),
    ("HR analyst, executive", "analyst1, executive1"),
    ("Data protection, audit", "dpo1, auditor1"),
    ("Independent officer", "independent1"),
    ("Directory (no case)", "directory1"),
    ("Superuser (no case)", "admin1"),
)


def accounts_text() -> str:
    """Return who can sign in to the demonstration, by role, and the one password."""
    rows = "\n".join(f"  {role:<24}{names}" for role, names in _TABLE)
    return f"\nSign in as\n{rows}\n  {'Password of everyone':<24}{PASSWORD}\n"
