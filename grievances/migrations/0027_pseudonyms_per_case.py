"""Give every party, hearing, companion and inbox a pseudonym of its own case.

Rows that named a person by one keyed hash on every case are found by working out that hash for
each account of the directory. Reversible, but for the numbers behind released figures.
"""

import secrets
import struct
import zlib
from array import array
from collections import defaultdict

from django.db import migrations

from grievances.encryption.primitives import DecryptionFailed
from grievances.encryption.server_keys import handle, open_for_server, seal_for_server

STANDINGS = ("COMPLAINANT", "COMPANION", "RESPONDENT", "WITNESS")
WHYS = (
    "RESPONDENT", "LINE", "EXCLUDED", "WITNESS", "DECISION", "CONFLICT", "RECUSED", "OBJECTED",
)  # fmt: skip
EXCLUSION, LOOKUP = struct.Struct(">QH"), struct.Struct(">QQIB")
BATCH = 1_000


def old_party(standing, person):
    return handle("standing", standing, person)


def new_party(case, standing, person):
    return handle("standing", case, standing, person)


def old_inbox(person):
    return handle("inbox as party", person)


def new_inbox(case, person):
    return handle("inbox as party", case, person)


def people_of(apps):
    """Return (case, standing, person, party) for every party that has an account."""
    for party in (
        apps.get_model("grievances", "Party")._base_manager.exclude(sealed_person=b"").iterator()
    ):
        try:
            opened = open_for_server(bytes(party.sealed_person), f"party|{party.case_id}")
        except DecryptionFailed:
            continue
        yield party.case_id, party.standing, int(opened), party


def save_all(model, rows, *fields):
    for start in range(0, len(rows), BATCH):
        model._base_manager.bulk_update(rows[start : start + BATCH], fields)


def rename(apps, name, new_name):
    """Write the name that `new_name(row)` returns; leave the rows for which it is None."""
    model = apps.get_model("grievances", name)
    changed = []
    for row in model._base_manager.iterator():
        found = new_name(row)
        if found is not None:
            row.handle = found
            changed.append(row)
    save_all(model, changed, "handle")


def forward(apps, editor):
    accounts = list(apps.get_model("grievances", "User")._base_manager.values_list("pk", flat=True))
    known = {old_party(s, pk): (s, pk) for pk in accounts for s in STANDINGS}

    def new_name(row):
        found = known.get(row.handle)
        return found and new_party(row.case_id, *found)

    list_people(apps)
    for name in ("Hearing", "Consent", "Companion"):
        rename(apps, name, new_name)
    seal_exclusions(apps, {handle("barred", pk): pk for pk in accounts})
    split_inboxes(apps, {old_inbox(pk): pk for pk in accounts})
    renumber_figures(apps)


def list_people(apps):
    """Rename the parties, list the cases of each person, and mix up parties of one standing."""
    model, lookup = (apps.get_model("grievances", name) for name in ("Party", "PartyLookup"))
    alike, cases = defaultdict(list), defaultdict(list)
    for case, standing, person, party in people_of(apps):
        party.handle = new_party(case, standing, person)
        alike[case, standing].append(party)
        cases[person].append((case, standing))
    chance = secrets.SystemRandom()
    fields = ("handle", "sealed_person", "contact", "sealed_address")
    rows = []
    for group in alike.values():
        facts = [[getattr(party, name) for name in fields] for party in group]
        chance.shuffle(facts)
        for party, said in zip(group, facts, strict=True):
            for name, value in zip(fields, said, strict=True):
                setattr(party, name, value)
        rows += group
    # A name for a moment, because two rows of a case may change places.
    for start in range(0, len(rows), BATCH):
        part = rows[start : start + BATCH]
        for party in part:
            model._base_manager.filter(pk=party.pk).update(handle=secrets.token_hex(20))
    save_all(model, rows, *fields)
    entries = [
        entry_of(lookup, case, standing, person, number)
        for person, found in cases.items()
        for number, (case, standing) in enumerate(found)
    ]
    chance.shuffle(entries)
    lookup._base_manager.bulk_create(entries, batch_size=BATCH)


def entry_of(model, case, standing, person, number):
    label = handle("party lookup", person, number)
    body = LOOKUP.pack(case, person, number, STANDINGS.index(standing))
    return model(label=label, sealed=seal_for_server(body, f"lookup|{label}"))


def seal_exclusions(apps, known):
    """Seal the excluded accounts of each case in one list of a padded length."""
    bars, lists = (apps.get_model("grievances", name) for name in ("Bar", "Exclusions"))
    people = defaultdict(lambda: defaultdict(int))
    for case, name, why in bars._base_manager.values_list("case_id", "handle", "why").iterator():
        if name in known:
            people[case][known[name]] |= 1 << WHYS.index(why)
    cases = apps.get_model("grievances", "Case")._base_manager.filter(erased_on__isnull=True)
    rows = [sealed_list(lists, pk, people[pk]) for pk in cases.values_list("pk", flat=True)]
    lists._base_manager.bulk_create(rows, batch_size=BATCH)


def sealed_list(model, case, people):
    room = 64
    while room < len(people):
        room *= 4
    body = b"".join(EXCLUSION.pack(*each) for each in sorted(people.items()))
    body = body.ljust(room * EXCLUSION.size, b"\x00")
    return model(case_id=case, sealed=seal_for_server(body, f"exclusions|{case}"))


def split_inboxes(apps, known):
    """Give each notice to a party the inbox of its case."""
    model = apps.get_model("notifications", "Notice")
    find, last = case_finder(apps), {}
    # Inbox rows first: a letter has the moment of its inbox row, and no reference.
    every = model._base_manager.order_by("-channel", "pk").iterator()
    rows = [row for row in every if row.handle in known]
    written = {}
    for row in rows:
        case = find(row) or written.get((row.handle, row.created_at)) or last.get(row.handle, 0)
        written.setdefault((row.handle, row.created_at), case)
        last[row.handle] = case
        move(row, new_inbox(case, known[row.handle]))
    save_all(model, rows, "handle", "key", "sealed_recipient")


def move(row, name):
    """Write another inbox on a notice, wherever its row says the old one."""
    if row.sealed_recipient:
        try:
            opened = open_for_server(bytes(row.sealed_recipient), f"notice|{row.handle}")
            row.sealed_recipient = seal_for_server(opened, f"notice|{name}")
        except DecryptionFailed:
            row.sealed_recipient = b""
    row.key = row.key.replace(row.handle, name)
    row.handle = name


def case_finder(apps):
    """Return a function that gives the case id of a notice, or None."""
    models = {name: apps.get_model("grievances", name) for name in ("Case", "Hearing", "Consent")}
    by_reference = dict(models["Case"]._base_manager.values_list("reference", "pk"))
    by_token = {
        f"/{page}/{token}/": case
        for page, name in (("replies", "Hearing"), ("consent", "Consent"))
        for token, case in models[name]._base_manager.values_list("token", "case_id")
    }

    def find(row):
        if row.key.startswith("survey:"):
            return int(row.key.split(":")[1])
        return by_reference.get(row.reference) or by_token.get(row.link)

    return find


def renumber_figures(apps):
    """Seal the people of a figure, by the lowest case id of each instead of their number."""
    numbered, releases = (
        apps.get_model("grievances", name) for name in ("NumberedPerson", "Release")
    )
    first = {}
    for case, person in numbered._base_manager.values_list("case_id", "person"):
        first[person] = min(case, first.get(person, case))
    rows = list(releases._base_manager.exclude(people=b""))
    for row in rows:
        said = array("I")
        said.frombytes(zlib.decompress(bytes(row.people)[1:]))
        # A number of an erased case is kept apart from the ids of the others. Without any number,
        # this was undone before, and case ids are there already.
        apart = (1 << 31) if first else 0
        people = array("I", sorted(first.get(number, apart + number) for number in said))
        row.people = b"\x02" + seal_for_server(people.tobytes(), place_of_figure(row))
    save_all(releases, rows, "people")


def place_of_figure(row):
    return f"release|{row.audience}|{row.family}|{row.period}|{row.edition}"


def open_figures(apps):
    releases = apps.get_model("grievances", "Release")
    rows = list(releases._base_manager.exclude(people=b""))
    for row in rows:
        opened = open_for_server(bytes(row.people)[1:], place_of_figure(row))
        row.people = b"\x01" + zlib.compress(opened)
    save_all(releases, rows, "people")


def backward(apps, editor):
    new_to_old, inboxes, party_rows = {}, {}, []
    for case, standing, person, party in people_of(apps):
        new_to_old[party.handle] = party.handle = old_party(standing, person)
        new_to_old[new_party(case, standing, person)] = party.handle
        inboxes[new_inbox(case, person)] = old_inbox(person)
        party_rows.append(party)
    save_all(apps.get_model("grievances", "Party"), party_rows, "handle")
    for name in ("Hearing", "Consent", "Companion"):
        rename(apps, name, lambda row: new_to_old.get(row.handle))
    notices = apps.get_model("notifications", "Notice")
    rows = [row for row in notices._base_manager.iterator() if row.handle in inboxes]
    for row in rows:
        move(row, inboxes[row.handle])
    save_all(notices, rows, "handle", "key", "sealed_recipient")
    bars, lists = (apps.get_model("grievances", name) for name in ("Bar", "Exclusions"))
    bars._base_manager.bulk_create(
        bars(case_id=row.case_id, handle=handle("barred", person), why=why)
        for row in lists._base_manager.iterator()
        for person, bits in EXCLUSION.iter_unpack(
            open_for_server(bytes(row.sealed), f"exclusions|{row.case_id}")
        )
        for bit, why in enumerate(WHYS)
        if bits >> bit & 1
    )
    open_figures(apps)
    lists._base_manager.all().delete()
    apps.get_model("grievances", "PartyLookup")._base_manager.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("grievances", "0026_exclusions_and_lookup"),
        ("notifications", "0002_about"),
    ]

    operations = [migrations.RunPython(forward, backward)]
