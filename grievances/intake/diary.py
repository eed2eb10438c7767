"""The private diary of a person, which is no case.

No event tells of it, and no officer has a page that shows that it exists.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_noop

from grievances.cases.access import rules
from grievances.cases.access.facts import Actor, AnonymousReporter
from grievances.cases.actions.actor import Caller, NotAllowed
from grievances.cases.actions.perform import StepInput, perform
from grievances.cases.models.case import Case
from grievances.cases.models.records import Kind
from grievances.cases.notices import sending
from grievances.cases.notices.recipients import as_writer
from grievances.cases.step_names import StepName
from grievances.encryption.key_pairs import Holder, anonymous_holder, new_case_key
from grievances.encryption.primitives import DecryptionFailed
from grievances.intake import drafts
from grievances.intake.diary_models import Diary, Entry, Facts, label_of, label_of_key
from grievances.policy import profiles, retention_schedule
from grievances.vocabulary import State
from workflow.calendar import local_date
from workflow.steps import Refused

DIARY_CLASS = "diary"
"""The class of the retention schedule for a diary that is not opened."""
MOST_SIGNS = 1_000_000
"""The most characters of all entries together: about 500 printed pages."""
MOST_DAYS = 40
MOST_IN_ACCOUNT = 20_000
"""The most days and characters of one concern."""
WARNED_BEFORE = timedelta(days=28)
DIARY_PAGE = "/diary/"

FULL = (
    "DIARY_FULL",
    gettext_noop(
        "Your diary is full. Delete an entry that you do not need, then save this one again."
    ),
)
TOO_LONG = (
    "TOO_LONG",
    gettext_noop(
        "This is more than {most:,} characters together. Choose fewer entries, and send the others "
        "as a message later."
    ),
)
BUSY = (
    "STALE_STATE",
    gettext_noop("Your diary was saved in another window. Save this entry again."),
)


def refuse_longer(text: str) -> None:
    """Refuse entries that are longer together than one concern may be.

    Raises:
        Refused: They are.
    """
    if len(text) > MOST_IN_ACCOUNT:
        code, sentence = TOO_LONG
        raise Refused(code, gettext(sentence).format(most=MOST_IN_ACCOUNT))


@dataclass(frozen=True)
class Opened:
    """A diary as its writer sees it.

    `kept_until` is the day on which it is deleted unless it is opened before. `is_lost` is true
    when the key to it has changed.
    """

    entries: tuple[Entry, ...]
    kept_until: date
    is_lost: bool = False


@transaction.atomic
def open_diary(caller: Caller, *, now: datetime) -> Opened:
    """Return the diary of this person, empty when there is none, and note the day."""
    today = local_date(now, profiles.zone())
    row, holder = _row(caller), _holder(caller)
    until = today + relativedelta(months=_months(today))
    if row is None:
        return Opened((), until)
    try:
        entries = tuple(row.entries(holder))
    except DecryptionFailed:
        return Opened((), until, is_lost=True)
    if row.facts.opened_on != today:
        row.seal(Facts(_person_id(caller), today))
        row.save()
    return Opened(entries, until)


@transaction.atomic
def write_entry(caller: Caller, day: date, text: str, *, now: datetime, name: str = "") -> str:
    """Add an entry, or replace the one with this name.

    Returns:
        The name of the entry, a random one where it is new.

    Raises:
        Refused: The diary is full, or was begun in another window at this moment.
        NotAllowed: The entry is gone, or the diary does not open.
    """
    row, holder = _row(caller), _holder(caller)
    entries = _entries(row, holder)
    if name and name not in {each.name for each in entries}:
        raise NotAllowed
    kept = [each for each in entries if each.name != name]
    entry = Entry(name or secrets.token_hex(8), day, text)
    if sum(len(each.text) for each in (*kept, entry)) > MOST_SIGNS:
        raise Refused(*FULL)
    _save(row, caller, (*kept, entry), now)
    return entry.name


@transaction.atomic
def delete_entries(caller: Caller, names: Collection[str], *, now: datetime) -> None:
    """Delete entries; with the last one the whole diary goes."""
    row, holder = _row(caller), _holder(caller)
    kept = [each for each in _entries(row, holder) if each.name not in names]
    if kept:
        _save(row, caller, kept, now)
    else:
        delete_diary(caller)


def delete_diary(caller: Caller) -> None:
    """Delete the diary of this person, also one that no longer opens."""
    Diary.objects.filter(label=_label(caller)).delete()


def chosen(caller: Caller, names: Collection[str]) -> list[Entry]:
    """Return the entries with these names, the earliest day first."""
    row, holder = Diary.objects.filter(label=_label(caller)).first(), _holder(caller)
    found = [each for each in _entries(row, holder) if each.name in names]
    return sorted(found, key=lambda each: each.day)


@transaction.atomic
def bring_into_draft(case: Case, caller: Caller, names: Collection[str], *, now: datetime) -> None:
    """Add entries to the account and the days of a draft; the diary keeps them.

    Raises Refused when the account becomes too long.
    """
    answers, entries = drafts.read_draft(case, caller), chosen(caller, names)
    account = "\n\n".join(filter(None, [str(answers.get("account") or ""), as_text(entries)]))
    refuse_longer(account)
    days = {*(answers.get("days") or ()), *(each.day.isoformat() for each in entries)}
    added = {"account": account, "days": sorted(days)[-MOST_DAYS:]}
    drafts.save_draft(case, caller, added, now=now)


def send_as_message(
    case: Case, caller: Caller, names: Collection[str], *, now: datetime, once: str
) -> None:
    """Send entries as a message of a concern that was sent; the diary keeps them.

    Raises Refused when they are too long, NotAllowed when it is not theirs, and AlreadyRecorded for
    a second press.
    """
    text = as_text(chosen(caller, names))
    refuse_longer(text)
    step_input = StepInput(answers={"text": text}, words=((Kind.MESSAGE, text),), once=once)
    perform(StepName.MESSAGE, case_id=case.pk, caller=caller, now=now, step_input=step_input)


def own_concerns(person: Actor) -> QuerySet[Case]:
    """Return the sent concerns to which this person may write, newest first."""
    own = rules.cases_for(person, "read_proof").exclude(state=State.DRAFT).values("pk")
    return rules.cases_for(person, StepName.MESSAGE).filter(pk__in=own).order_by("-created_at")


def as_text(entries: Sequence[Entry]) -> str:
    """Return entries as one text, each under its day."""
    return "\n\n".join(f"{each.day:%-d %B %Y}\n{each.text}" for each in entries)


@transaction.atomic
def end_idle_diaries(now: datetime) -> int:
    """Delete diaries that were not opened for long; warn 28 days before.

    Returns:
        How many were deleted.
    """
    today = local_date(now, profiles.zone())
    limit = today - relativedelta(months=_months(today))
    ended = 0
    for row in Diary.objects.select_for_update().defer("sealed_words").order_by("label"):
        facts = row.facts
        if facts.opened_on < limit:
            row.delete()
            ended += 1
        elif not facts.person_id:
            # No one can be told: its writer has a key and no inbox. The page says the day.
            continue
        elif facts.opened_on < limit + WARNED_BEFORE and not facts.is_warned:
            row.seal(replace(facts, is_warned=True))
            row.save(update_fields=["sealed"])
            key = f"own:{secrets.token_hex(16)}"
            recipient = as_writer(facts.person_id)
            sending.tell(recipient, kind="update", link=DIARY_PAGE, key=key, now=now)
    return ended


def new_key() -> str:
    """Return a key for a diary without an account, to be shown once."""
    return new_case_key()


@transaction.atomic
def begin_with_key(key: str, *, now: datetime) -> Caller:
    """Begin an empty diary that only this key opens.

    Returns:
        The person who has the key, as caller.
    """
    holder, look_up = anonymous_holder(key)
    caller = Caller(AnonymousReporter(look_up), holder)
    if _row(caller) is None:
        _save(None, caller, (), now)
    return caller


def find_by_key(typed: str) -> Caller:
    """Return the writer of the diary that a typed key opens.

    Raises:
        NotAllowed: no diary has this key.
    """
    holder, look_up = anonymous_holder(typed)
    if not Diary.objects.filter(label=label_of_key(look_up)).exists():
        raise NotAllowed
    return Caller(AnonymousReporter(look_up), holder)


def _label(caller: Caller) -> str:
    """Return the label of the diary of a person, with an account or a key."""
    if isinstance(caller.who, AnonymousReporter):
        return label_of_key(caller.who.look_up)
    return label_of(caller.person.pk)


def _person_id(caller: Caller) -> int:
    return 0 if isinstance(caller.who, AnonymousReporter) else caller.person.pk


def _save(row: Diary | None, caller: Caller, entries: Iterable[Entry], now: datetime) -> None:
    is_new = row is None
    row = row or Diary(label=_label(caller))
    row.seal(Facts(_person_id(caller), local_date(now, profiles.zone())))
    row.seal_entries(_holder(caller).public, entries)
    try:
        with transaction.atomic():
            row.save(force_insert=is_new)
    except IntegrityError:
        raise Refused(*BUSY) from None


def _entries(row: Diary | None, holder: Holder) -> list[Entry]:
    """Return the entries of a row; none where there is no row.

    Raises:
        NotAllowed: They do not open.
    """
    try:
        return row.entries(holder) if row is not None else []
    except DecryptionFailed:
        raise NotAllowed from None


def _row(caller: Caller) -> Diary | None:
    rows = Diary.objects.select_for_update()
    return rows.filter(label=_label(caller)).first()


def _holder(caller: Caller) -> Holder:
    if caller.holder is None:
        raise NotAllowed
    return caller.holder


def _months(today: date) -> int:
    return retention_schedule.months_of(DIARY_CLASS, today)
