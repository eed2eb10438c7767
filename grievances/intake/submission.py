"""Send a concern: the draft, its preview and its submission."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext_noop

from grievances.audit.models import Event
from grievances.cases.access import eligibility
from grievances.cases.access.facts import AnonymousReporter
from grievances.cases.access.readers_preview import Bars, Readership, bars_of, readership_of
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.actions.perform import StepInput, locked_for_step, perform_on
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.exclusions import replace_all
from grievances.cases.models.parties import (
    Entry,
    Party,
    add_anonymous,
    add_entries,
    add_new_parties,
    anonymous_pseudonym,
    complainant_of,
    entries_of_all,
    new_party,
)
from grievances.cases.models.records import Kind, Record
from grievances.cases.step_names import StepName
from grievances.choices import CameBy, RaisedFor
from grievances.encryption.key_pairs import anonymous_holder, new_case_key
from grievances.evidence.storing import known_of
from grievances.intake.days import when_it_happened
from grievances.intake.drafts import (
    NEW_CASE_KEYS,
    anonymous_draft,
    begun_by,
    keep_own_keys,
    new_case,
)
from grievances.intake.presses import press_key, record_sent
from grievances.people.matching import Answers, Told
from grievances.people.models import User
from grievances.people.regions import division_of
from grievances.policy import profiles
from grievances.policy.clock_names import ClockName
from grievances.vocabulary import Contact, Identity, Standing, State
from workflow.calendar import local_date
from workflow.clocks import first_due
from workflow.json_values import JsonMapping
from workflow.models import AlreadyRecorded
from workflow.sql.bulk_sql import remove_rows
from workflow.sql.sent_together import sent_together
from workflow.steps import Refused

IT_HAPPENED_TO = "It happened to: "

CHANGED = (
    "STALE_STATE",
    gettext_noop(
        "The people who would be able to read this have changed since you saw the list. Nothing "
        "was sent and nothing is lost. Look at the list again, then send it."
    ),
)


@dataclass(frozen=True)
class Sent:
    """The result of sending: the case, the event, and once the anonymous case key."""

    case: Case
    event: Event
    case_key: str = ""


def readership(
    case: Case, answers: Mapping[str, object], *, now: datetime, own: int | None = None
) -> Readership:
    """Return exactly who could open this concern if it were sent now; store nothing.

    `own` is the account of its complainant, where it is known.
    """
    named = Answers.read(answers)
    owner = _own(complainant_of(case)) if own is None else {own}
    bars = bars_of(answers, named, owner, now)
    told = Told.of(named.fields)
    return readership_of(case, bars, local_date(now, profiles.zone()), told)


def preview(case: Case, answers: Mapping[str, object], *, now: datetime) -> list[User]:
    """Return the officers of the `readership`: those who could read the words."""
    return list(readership(case, answers, now=now).officers)


@transaction.atomic
@sent_together()
def submit(
    case: Case,
    caller: Caller,
    answers: Mapping[str, object],
    *,
    expected: Iterable[int],
    overseeing: Iterable[int] | None = None,
    now: datetime,
    once: str = "",
    ring: Keyring | None = None,
) -> Sent:
    """Send a draft.

    `expected` and `overseeing` are whom the page showed, `ring` the read keys. Raises Refused
    (a guard, or STALE_STATE for other readers), NotAllowed, AlreadyRecorded for a second press.

    Returns:
        The case, with the event of sending it.
    """
    case = locked_for_step(case)
    send = partial(perform_on, case, StepName.SUBMIT, caller=caller, now=now, ring=ring)
    if case.state != State.DRAFT:
        return Sent(case, send(step_input=StepInput(once=once)))  # refused: it is sent
    party, has_files = begun_by(case)
    bars, able = _same_readers(case, party, answers, expected, overseeing, now)
    given, parties = _settled(case, party, answers, bars, able, now)
    words, codes = _words(answers, caller), _codes(case, caller, able, has_files=has_files)
    event = send(step_input=StepInput(given, words, codes, once=once), parties=parties)
    remove_rows(Record, case_id=[case.pk], kind=[Kind.DRAFT.value])
    return Sent(case, event)


def _settled(
    case: Case,
    party: Party,
    answers: Mapping[str, object],
    bars: Bars,
    able: Readership,
    now: datetime,
) -> tuple[dict[str, object], list[Party]]:
    """Set what the answers say of a case and its people.

    Returns:
        The answers of the step, and the parties: complainant and respondents.
    """
    today = local_date(now, profiles.zone())
    _fill(case, answers, today)
    entries = entries_of_all(pk for pk, _ in bars.sides)
    parties = _set_parties(party, bars, answers, entries)
    replace_all(case, bars.barred)
    given = {
        "has_account": bool(str(answers.get("account") or "").strip()),
        "contact": answers.get("contact"),
        "readers": eligibility.without_a_past(case, able.officers, today, bars.sides, entries),
        "overseers": able.watching,
    }
    return given, parties


@transaction.atomic
def submit_anonymous(
    answers: Mapping[str, object],
    *,
    expected: Iterable[int],
    overseeing: Iterable[int] | None = None,
    now: datetime,
    once: str = "",
    held: str = "",
) -> Sent:
    """Send an anonymous concern; only its case key opens it for its sender.

    `held` is the key of a draft with files. No draft can be locked, so the press is recorded.

    Returns:
        The case, the event and the case key.

    Raises:
        AlreadyRecorded: this press of the button has made a concern before.
    """
    key = press_key(once)
    if key and Event.objects.filter(key=key).exists():
        raise AlreadyRecorded(key)
    case_key = held or new_case_key()
    region = str(answers.get("region") or "")
    case, caller = _anonymous_case(case_key, region, now, is_begun=bool(held))
    said = {**answers, "identity": Identity.ANONYMOUS.value, "contact": "PORTAL"}
    sent = submit(case, caller, said, expected=expected, overseeing=overseeing, now=now, once=once)
    if key:
        record_sent(key, now)
    return Sent(sent.case, sent.event, case_key)


def _anonymous_case(
    case_key: str, region: str, now: datetime, *, is_begun: bool
) -> tuple[Case, Caller]:
    """Return a new case, or the draft that this case key opens, and its sender."""
    holder, look_up = anonymous_holder(case_key)
    caller = Caller(AnonymousReporter(look_up), holder)
    begun = anonymous_draft(look_up) if is_begun else None
    case = begun or new_case(region, now)
    if begun is not None:
        case.region, case.division = region, division_of(region)
        case.save(update_fields=["region", "division"])
    else:
        add_anonymous(case, look_up)
        keep_own_keys(Keyring.new(case, NEW_CASE_KEYS), caller)
    return case, caller


def readership_anonymous(answers: Mapping[str, object], *, now: datetime) -> Readership:
    """Return who could open an anonymous concern; store nothing."""
    named = Answers.read(answers)
    bars = bars_of(answers, named, set(), now)
    return readership_of(Case(), bars, local_date(now, profiles.zone()), Told.of(named.fields))


def preview_anonymous(answers: Mapping[str, object], *, now: datetime) -> list[User]:
    """Return the officers of the `readership_anonymous`."""
    return list(readership_anonymous(answers, now=now).officers)


def contact_date(division: str, today: date) -> date:
    """Return by when (local date) a concern received today is acknowledged (ACK)."""
    profile = profiles.own_profile(today)
    clock = profiles.clock(profile, ClockName.ACK, fast_track=False, started_on=today)
    return first_due(clock, today, profiles.calendar(division))


def contact_due(case: Case) -> date:
    """Return by when (local date) a sent concern is acknowledged: its ACK clock."""
    due: date = case.deadlines.filter(name=ClockName.ACK).latest("pk").current_due
    return due


def find_by_case_key(typed: str) -> tuple[Case, Caller]:
    """Return the case that a case key opens, and its caller.

    Raises:
        NotAllowed: no case has this key.
    """
    holder, look_up = anonymous_holder(typed)
    who = AnonymousReporter(look_up)
    caller = Caller(who, holder)
    party = Party.objects.filter(
        standing=Standing.COMPLAINANT, handle=anonymous_pseudonym(look_up)
    ).select_related("case")
    found = party.first()
    if found is None:
        raise NotAllowed
    return found.case, caller


def _codes(case: Case, caller: Caller, able: Readership, *, has_files: bool) -> dict[str, object]:
    """Return what the event records: how many readers, and the files of the draft."""
    codes: dict[str, object] = {"readers": len(able.officers), "came_by": str(case.came_by)}
    rows = list(case.evidence.order_by("at", "pk")) if has_files else []
    if rows:
        known = known_of(rows, Keyring.of(case, caller.holder))
        codes["files"] = [str(row.pk) for row in rows]
        codes["scan"] = [facts.scan for _, facts in known]
    return codes


def _same_readers(
    case: Case,
    party: Party,
    answers: Mapping[str, object],
    expected: Iterable[int],
    overseeing: Iterable[int] | None,
    now: datetime,
) -> tuple[Bars, Readership]:
    bars = bars_of(answers, Answers.read(answers), _own(party), now)
    able = readership_of(case, bars, local_date(now, profiles.zone()), Told())
    _require_same(able, expected, overseeing)
    return bars, able


def _require_same(
    able: Readership, expected: Iterable[int], overseeing: Iterable[int] | None
) -> None:
    same = sorted(able.officer_ids) == sorted(expected)
    if overseeing is not None:
        same = same and sorted(able.overseer_ids) == sorted(overseeing)
    if not same:
        raise Refused(*CHANGED)


def _own(party: Party) -> set[int]:
    """Return the account of a complainant, if any, in a set."""
    return {party.person_id} if party.person_id is not None else set()


def _fill(case: Case, answers: JsonMapping, today: date) -> None:
    """Set what the answers say of the case; the step saves it."""
    case.identity = answers.get("identity") or ""
    case.name_shared = {"yes": True, "no": False}.get(str(answers.get("share")))
    case.asked_informal = answers.get("way") == "informal"
    case.came_by = answers.get("came_by") or CameBy.WEB
    case.raised_for = answers.get("raised_for") or RaisedFor.SELF
    case.key_handed_over = bool(answers.get("key_handed_over"))
    case.touched_on = today


def _set_parties(
    party: Party, bars: Bars, answers: Mapping[str, object], entries: Mapping[int, Sequence[Entry]]
) -> list[Party]:
    """Write the parties anew: the complainant and the respondents.

    The holder of a case key has neither account nor address, so their row stays.

    Returns:
        All of them, as they are stored now.
    """
    case = party.case
    rows = [new_party(case, Standing.RESPONDENT, pk) for pk in bars.respondents]
    old = [Standing.RESPONDENT.value]
    if party.person_id is not None:
        contact = str(answers.get("contact") or Contact.PORTAL)
        address = str(answers.get("address") or "")
        complainant = (Standing.COMPLAINANT, party.person_id)
        rows.append(new_party(case, *complainant, contact=contact, address=address))
        old = [standing.value for standing in Standing]
    remove_rows(Party, case_id=[case.pk], standing=old)
    add_new_parties(rows)
    add_entries(case.pk, Standing.RESPONDENT, bars.respondents, entries)
    return rows if party.person_id is not None else [party, *rows]


def _words(answers: JsonMapping, caller: Caller) -> tuple[tuple[Kind, str], ...]:
    wanted = (
        (Kind.ACCOUNT, "account"),
        (Kind.PEOPLE, "about"),
        (Kind.PEOPLE, "decided"),
        (Kind.IMPACT, "help"),
        (Kind.EXCLUSION, "exclude"),
    )
    words = [(kind, str(answers[name])) for kind, name in wanted if answers.get(name)]
    if when := when_it_happened(answers):
        words.append((Kind.WHEN, when))
    if answers.get("affected") and answers.get("raised_for") == RaisedFor.WITNESSED:
        words.append((Kind.PEOPLE, f"{IT_HAPPENED_TO}{answers['affected']}"))
    if answers.get("reach"):
        words.append((Kind.NAME, str(answers["reach"])))
    if isinstance(caller.who, User):
        route = Contact(answers.get("contact") or Contact.PORTAL).label
        reach = f"{caller.who.name}\n{route} {answers.get('address') or ''}"
        words.append((Kind.NAME, reach.strip()))
    return tuple(words)
