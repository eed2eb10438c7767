"""Measure raising a concern and a step over HTTP, beside the peer's form.

What is counted is the processor time of the web process and the database together. The concerns
are of the demonstration; each is raised the shortest way. Source: performance.md 12.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from bench.pages import ONCE, database_process
from bench.served import helpdesk
from bench.served.browser import Browser
from bench.served.processor_time import of_tree
from bench.served.product import Served
from bench.table import Line

TIMES = 20
STORY = "In the team meeting my accent was imitated, and people laughed. "
ANSWERS = {
    "what-happened": {"account": STORY * 5},
    "contact": {"contact": "PORTAL"},
    "about": {"about": "respondent1"},
    "name": {"identity": "CONFIDENTIAL", "share": "yes"},
}
SHOWN = re.compile(r'name="shown" value="([^"]*)"')
NEW = re.compile(r"/cases/(RC-[0-9A-Z]+)/")

Press = Callable[[], int]


def compare(ours: Served, peer: Served) -> Iterable[Line]:
    """Yield the lines of two sites that answer."""
    database = database_process()
    person, stranger = ours.signed_in("complainant1"), Browser(peer.port)
    drafts: list[Press] = []
    form = _spent(lambda: drafts.append(_written(person)), TIMES, ours.process, database)
    press = _spent(lambda: _sent(drafts.pop()), TIMES, ours.process, database)
    opened = stranger.ask("/tickets/submit/")[1]
    submit = _spent(lambda: _sent(_ticket(stranger, opened)), TIMES, peer.process, database)
    page = _spent(lambda: stranger.ask("/tickets/submit/"), TIMES, peer.process, database)
    yield Line("Raising: the last press", press, "helpdesk's submit", submit, 1.5, "ms CPU")
    theirs = "helpdesk's form and submit"
    yield Line("Raising: the whole form", form + press, theirs, page + submit, 7, "ms CPU")
    yield from _steps(ours, peer, database)


def _spent(work: Callable[[], object], times: int, *processes: int) -> float:
    before = sum(map(of_tree, processes))
    for _ in range(times):
        work()
    return (sum(map(of_tree, processes)) - before) * 1000 / times


def _written(person: Browser) -> Press:
    """Answer every question of a new draft.

    Returns:
        Its last press, still to be made.

    Raises:
        RuntimeError: An answer was refused.
    """
    person.post("/raise/", {}, opened=person.ask("/raise/")[1])
    base = person.location.removesuffix("/what-happened/")
    for page, fields in ANSWERS.items():
        if person.post(f"{base}/{page}/", fields) != 302:
            raise RuntimeError(f"{page} was refused")
    html = person.ask(f"{base}/check/")[1]
    fields = {"shown": _found(SHOWN, html), "once": _found(ONCE, html)}
    return lambda: person.post(f"{base}/check/", fields, opened=html)


def _ticket(stranger: Browser, opened: str) -> Press:
    fields = {
        "queue": "1",
        "title": "In the team meeting",
        "body": STORY * 5,
        "priority": "3",
        "submitter_email": "person@example.org",
    }
    return lambda: stranger.post("/tickets/submit/", fields, opened=opened)


def _steps(ours: Served, peer: Served, database: int) -> Iterable[Line]:
    """Yield the line of a step that moves the case beside the peer's change of status."""
    officer, agent = ours.signed_in("triage1"), helpdesk.agent(peer)
    references = list(dict.fromkeys(NEW.findall(officer.ask("/cases/?view=new")[1])))
    forms = [(r, officer.ask(f"/cases/{r}/acknowledge/")) for r in references]
    ready = [(r, html) for r, (status, html) in forms if status == 200]

    def acknowledge() -> int:
        reference, html = ready.pop()
        fields = {"once": _found(ONCE, html), "declare": "on"}
        return officer.post(f"/cases/{reference}/acknowledge/", fields, opened=html)

    tickets = iter(range(1, TIMES * 2))
    html = agent.ask("/tickets/5/")[1]

    def update() -> int:
        number = next(tickets)
        fields = {"comment": STORY, "new_status": "3", "public": "1", "title": "A ticket"}
        fields |= {"priority": "3", "owner": "1", "queue": "1", "ticket_id": str(number)}
        return agent.post(f"/tickets/{number}/update/", fields, opened=html)

    many = min(TIMES, len(ready))
    step = _spent(lambda: _sent(acknowledge), many, ours.process, database)
    change = _spent(lambda: _sent(update), many, peer.process, database)
    yield Line("Acknowledging, the press", step, "helpdesk's status", change, 0.33, "ms CPU")


def _sent(press: Press) -> None:
    status = press()
    if status != 302:
        raise RuntimeError(f"the form was refused with {status}")


def _found(pattern: re.Pattern[str], html: str) -> str:
    found = pattern.search(html)
    if found is None:
        raise RuntimeError(f"the page has no {pattern.pattern}")
    return found.group(1)
