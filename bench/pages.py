"""Measure the pages that people open all day, beside the peer and a bare page.

The demonstration has many concerns beside it, at two sizes. What is counted is the processor time
of the web process and the database for one request; each round takes every page in turn, the
peer's between ours. The bare page is `/support/`, which has the same frame and asks for nothing.
Source: performance.md 12.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from statistics import median

from django.db import connection

from bench.clones import analyse
from bench.served import helpdesk, product
from bench.served.browser import Browser
from bench.served.processor_time import of_tree
from bench.served.product import Served
from bench.table import Line

ROUNDS, TIMES = 5, 20
MESSAGES = {"handler2": 10, "handler3": 100, "handler4": 1_000}
"""How many messages the first case of each handler gets."""
DEEP = 400
REFERENCE = re.compile(r"/cases/(RC-[0-9A-Z]+)/")
ONCE = re.compile(r'name="once" value="([^"]+)"')
NEXT = re.compile(r'rel="next"[^>]*href="([^"]+)"|href="([^"]+)"[^>]*rel="next"')

Ask = Callable[[], object]
Costs = dict[str, list[float]]


def compare(ours: Served, peer: Served, few: int, many: int) -> Iterable[Line]:
    """Return the lines of all pages, with so few concerns and then with so many."""
    asks = {**_pages(ours), **_peer_pages(peer)}
    at_few = _costs(asks, ours, peer)
    grow(many - few, many)
    asks["lead: list, deep"] = _deep(ours, many)
    at_many = _costs(asks, ours, peer)
    return [*_lines(at_many, many), *_growth(at_few, at_many, few, many)]


def grow(more: int, tickets: int) -> None:
    """Make so many more concerns in bulk, and tickets up to the number that is named."""
    product.manage("demo", "--cases", str(more))
    helpdesk.fill(tickets)
    analyse()


def database_process() -> int:
    """Return the process of the database server that this part uses."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        folder = cursor.fetchone()[0]
    with open(os.path.join(folder, "postmaster.pid")) as file:
        return int(file.readline())


def cost(ask: Ask, times: int, *processes: int) -> float:
    """Return the processor time of one request, in ms, of these processes together."""
    before = sum(map(of_tree, processes))
    for _ in range(times):
        ask()
    return (sum(map(of_tree, processes)) - before) * 1000 / times


def get(browser: Browser, path: str) -> Ask:
    """Return a request that opens a page.

    Raises:
        RuntimeError: (when it is called) The page did not come.
    """

    def ask() -> None:
        status, _ = browser.ask(path)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}")

    return ask


def _pages(site: Served) -> dict[str, Ask]:
    lead, officer = site.signed_in("lead1"), site.signed_in("triage1")
    handler = site.signed_in("handler1")
    asks = {
        "bare": get(lead, "/support/"),
        "lead: home": get(lead, "/"),
        "lead: list": get(lead, "/cases/"),
        "triage officer: list": get(officer, "/cases/"),
        "handler: list": get(handler, "/cases/"),
        "handler: inbox": get(handler, "/inbox/"),
    }
    for name, messages in MESSAGES.items():
        writer = site.signed_in(name)
        found = REFERENCE.findall(writer.ask("/cases/")[1])
        reference = next(one for one in found if writer.ask(f"/cases/{one}/message/")[0] == 200)
        write_messages(writer, reference, messages)
        asks[f"case of {messages:,} messages"] = get(writer, f"/cases/{reference}/")
    return asks


def write_messages(browser: Browser, reference: str, many: int) -> None:
    """Send so many messages in a case, as its handler does.

    Raises:
        RuntimeError: One was refused.
    """
    path = f"/cases/{reference}/message/"
    for number in range(many):
        page = browser.ask(path)[1]
        once = ONCE.search(page)
        fields = {"text": f"Message {number}. " * 10, "once": once.group(1) if once else ""}
        if browser.post(path, fields, opened=page) != 302:
            raise RuntimeError(f"a message in {reference} was refused")


def _peer_pages(site: Served) -> dict[str, Ask]:
    agent = helpdesk.agent(site)
    return {
        "peer: list": get(agent, helpdesk.LIST),
        "peer: ticket": get(agent, "/tickets/5/"),
    }


def _deep(site: Served, many: int) -> Ask:
    """Return a request for a page far down the lead's list, found by pressing "next"."""
    lead, path = site.signed_in("lead1"), "/cases/"
    for _ in range(min(DEEP, many // 25) - 1):
        found = NEXT.search(lead.ask(path)[1])
        if found is None:
            break
        following = (found.group(1) or found.group(2)).replace("&amp;", "&")
        path = following if following.startswith("/") else f"/cases/{following}"
    return get(lead, path)


def _costs(asks: dict[str, Ask], ours: Served, peer: Served) -> Costs:
    database = database_process()
    costs: Costs = {name: [] for name in asks}
    for ask in asks.values():
        ask()
    for _ in range(ROUNDS):
        for name, ask in asks.items():
            site = peer if name.startswith("peer") else ours
            costs[name].append(cost(ask, TIMES, site.process, database))
    return costs


def _line(what: str, costs: list[float], beside: str, theirs: list[float], goal: float) -> Line:
    spread = (min(costs), max(costs))
    return Line(what, median(costs), beside, median(theirs), goal, "ms CPU", spread)


def _lines(costs: Costs, size: int) -> Iterable[Line]:
    bare, peer_list, ticket = costs["bare"], costs["peer: list"], costs["peer: ticket"]
    for name in ("lead: list", "triage officer: list", "handler: list", "lead: list, deep"):
        what = f"{name}, {size:,} cases"
        yield _line(what, costs[name], "a bare page", bare, 6)
        yield _line(what, costs[name], "helpdesk's list", peer_list, 0.02 if size > 50_000 else 1)
    yield _line("lead: list, deep", costs["lead: list, deep"], "page 1", costs["lead: list"], 1.1)
    for name in ("lead: home", "handler: inbox"):
        yield _line(f"{name}, {size:,} cases", costs[name], "a bare page", bare, 6)
    cases = [name for name in costs if name.startswith("case of")]
    for name in cases:
        yield _line(name, costs[name], "helpdesk's ticket", ticket, 0.25)
    yield _line(cases[-1], costs[cases[-1]], cases[-2], costs[cases[-2]], 1.5)


def _growth(few: Costs, many: Costs, small: int, large: int) -> Iterable[Line]:
    for name, costs in few.items():
        if name.startswith("peer"):
            continue
        yield _line(f"{name}, {large:,} cases", many[name], f"of {small:,}", costs, 1.1)
