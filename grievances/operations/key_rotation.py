"""Re-encrypt everything under the newest server key while the service runs.

Each blob is decrypted, encrypted again and written back only if it has not changed meanwhile. A run
that was stopped continues where blobs of an older version are left. Pseudonyms depend on the
pepper, whose value never changes; it is encrypted again like everything else
(`grievances.encryption.server_keys`).
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Generic, TypeVar

from allauth.mfa.models import Authenticator
from django.db import models, transaction

from grievances.accounts import passkey_keys
from grievances.accounts.recovery_models import AccountRecovery, waiting
from grievances.accounts.second_factor import SECRET_PLACE
from grievances.aftercare.models import Aftercare
from grievances.cases.models.exclusions import Exclusions
from grievances.cases.models.parties import Party, PartyLookup, party_pseudonym
from grievances.cases.models.stored_keys.rows import SealedKey
from grievances.central_record.models import WaitingRegister
from grievances.data_rights.filed_models import FiledRequest, RequestWords
from grievances.deadlines.reminder_models import TribunalReminder
from grievances.encryption.key_pairs import KeyPair
from grievances.encryption.password_hasher import Sealed, sealed_parts
from grievances.encryption.primitives import DecryptionFailed
from grievances.encryption.private_keys import is_for_server, private_place
from grievances.encryption.server_keys import (
    Purpose,
    is_newest,
    open_for_server,
    seal_for_server,
    tag_of,
)
from grievances.encryption.server_secrets import ServerSecret, keep_pepper
from grievances.intake.agreement_models import AgreementRequest, NewCaseKey
from grievances.intake.diary_models import Diary
from grievances.intake.escrow_models import KeptConcern
from grievances.monitoring.models import MonitoringAnswer, MonitoringCopy
from grievances.patterns.models import CaseLink
from grievances.people.models import User
from grievances.reports.snapshot_models import Release
from grievances.staff_directory.models import WaitingFile
from grievances.staff_directory.waiting import PLACE
from grievances.surveys.comment_models import PrintedRemarks, Remark
from grievances.surveys.models import Response
from grievances.surveys.responses import place_of, sealed_answers
from grievances.surveys.staff_survey_models import Waiting
from grievances.vocabulary import Standing
from notifications.models import Notice

BATCH = 200


RowT = TypeVar("RowT", bound=models.Model)
TaggedT = TypeVar("TaggedT", KeyPair, AccountRecovery)
HashedT = TypeVar("HashedT", User, AccountRecovery)


@dataclass(frozen=True)
class Store(Generic[RowT]):
    """A column of blobs sealed for the server, and the associated data of each."""

    model: type[RowT]
    column: str
    place: Callable[[RowT], str]
    purpose: Purpose = Purpose.GENERAL

    def rows(self) -> models.QuerySet[RowT]:
        """Return all rows of the column's table, by key."""
        return self.model._default_manager.order_by("pk")

    def blobs(self, row: RowT) -> dict[str, bytes]:
        """Return the blobs of a row, by name; nothing for an empty column."""
        blob = bytes(getattr(row, self.column))
        return {self.column: blob} if blob else {}

    def fresh(self, row: RowT, blob: bytes) -> bytes:
        """Return a blob sealed again under the newest key. Raises DecryptionFailed."""
        place = self.place(row)
        return seal_for_server(open_for_server(blob, place, self.purpose), place, self.purpose)

    def changed(self, row: RowT, fresh: dict[str, bytes]) -> dict[str, object]:
        """Return what to write in place of the column."""
        return {self.column: fresh[self.column]}


@dataclass(frozen=True)
class Tags(Store[TaggedT]):
    """The tags of public keys; one that does not fit is never made anew."""

    column: str = "tag"
    place: Callable[[TaggedT], str] = attrgetter("tag_place")
    purpose: Purpose = Purpose.PUBLIC_KEYS

    def fresh(self, row: TaggedT, blob: bytes) -> bytes:
        """Return the tag under the newest key.

        Raises:
            DecryptionFailed: this service did not write the public key.
        """
        if not row.genuine_key:
            raise DecryptionFailed
        return tag_of(row.genuine_key, self.place(row), self.purpose)


@dataclass(frozen=True)
class Answers(Store[Response]):
    """The free answers of the survey: hex blobs in one JSON column with the others."""

    def blobs(self, row: Response) -> dict[str, bytes]:
        """Return the sealed free answers of a row, by question."""
        return {name: bytes.fromhex(sealed) for name, sealed in sealed_answers(row).items()}

    def changed(self, row: Response, fresh: dict[str, bytes]) -> dict[str, object]:
        """Return the JSON column with the fresh free answers."""
        return {"answers": {**row.answers, **{name: blob.hex() for name, blob in fresh.items()}}}


@dataclass(frozen=True)
class Factors(Store[Authenticator]):
    """The secrets of second factors: base64, in one JSON column with other facts."""

    def blobs(self, row: Authenticator) -> dict[str, bytes]:
        """Return the sealed secret of a row, by name; a passkey has none."""
        names = [name for name in ("secret", "seed") if name in row.data]
        return {name: base64.b64decode(row.data[name]) for name in names}

    def changed(self, row: Authenticator, fresh: dict[str, bytes]) -> dict[str, object]:
        """Return the JSON column with the fresh secret."""
        sealed = {name: base64.b64encode(blob).decode() for name, blob in fresh.items()}
        return {"data": {**row.data, **sealed}}


@dataclass(frozen=True)
class PrivateKeys(Store[RowT]):
    """Private keys with a seal for the server around that of the password or code."""

    purpose: Purpose = Purpose.PASSWORDS

    def blobs(self, row: RowT) -> dict[str, bytes]:
        """Return the outer seal; nothing where there is none."""
        blob = bytes(getattr(row, self.column) or b"")
        return {self.column: blob[1:]} if is_for_server(blob) else {}

    def changed(self, row: RowT, fresh: dict[str, bytes]) -> dict[str, object]:
        """Return the column with the fresh outer seal."""
        return {self.column: bytes(getattr(row, self.column))[:1] + fresh[self.column]}


@dataclass(frozen=True)
class KeysUnderPasskeys(Store[Authenticator]):
    """Private keys that a passkey opens: base64, in one JSON column with other facts."""

    purpose: Purpose = Purpose.PASSWORDS

    def blobs(self, row: Authenticator) -> dict[str, bytes]:
        """Return the outer seal; nothing for a factor that opens no key."""
        if passkey_keys.SEALED not in row.data:
            return {}
        return {passkey_keys.SEALED: base64.b64decode(row.data[passkey_keys.SEALED])[1:]}

    def changed(self, row: Authenticator, fresh: dict[str, bytes]) -> dict[str, object]:
        """Return the JSON column with the fresh outer seal."""
        whole = base64.b64decode(row.data[passkey_keys.SEALED])[:1] + fresh[passkey_keys.SEALED]
        return {"data": {**row.data, passkey_keys.SEALED: base64.b64encode(whole).decode()}}


@dataclass(frozen=True)
class AccountPasswords(Store[HashedT]):
    """The hashes of accounts, whose last part is sealed for the server."""

    column: str = "password"
    place: Callable[[HashedT], str] = lambda row: _parts(row).place
    purpose: Purpose = Purpose.PASSWORDS

    def blobs(self, row: HashedT) -> dict[str, bytes]:
        """Return the sealed part; nothing for an account without a sealed hash."""
        return {self.column: _parts(row).blob} if sealed_parts(row.password) else {}

    def changed(self, row: HashedT, fresh: dict[str, bytes]) -> dict[str, object]:
        """Return the hash with its fresh last part."""
        return {self.column: _parts(row)._replace(blob=fresh[self.column]).encode()}


def _parts(row: User | AccountRecovery) -> Sealed:
    parts = sealed_parts(row.password)
    if parts is None:
        raise DecryptionFailed
    return parts


@dataclass(frozen=True)
class Figures(Store[Release]):
    """The people behind a released figure: a version byte before the blob."""

    def blobs(self, row: Release) -> dict[str, bytes]:
        """Return the blob of a row, if it has one."""
        return {self.column: bytes(row.people)[1:]} if row.people else {}

    def changed(self, row: Release, fresh: dict[str, bytes]) -> dict[str, object]:
        """Return the column with the fresh blob."""
        return {self.column: bytes(row.people)[:1] + fresh[self.column]}


STORES: tuple[Store[Any], ...] = (
    Store(ServerSecret, "sealed", lambda row: row.place),
    Store(Party, "sealed_person", lambda row: f"party|{row.case_id}"),
    Store(Party, "sealed_address", lambda row: f"address|{row.case_id}"),
    Store(Party, "sealed_away", lambda row: f"away|{row.case_id}"),
    Store(PartyLookup, "sealed", lambda row: row.place),
    Store(Exclusions, "sealed", lambda row: row.place),
    Store(SealedKey, "sealed_public", lambda row: row.public_place),
    Store(Notice, "sealed_recipient", lambda row: f"notice|{row.handle}"),
    Store(TribunalReminder, "sealed", lambda row: row.place),
    Store(KeptConcern, "sealed", lambda row: row.place),
    Store(KeptConcern, "sealed_words", lambda row: row.words_place),
    Store(Aftercare, "sealed", lambda row: row.place),
    Store(CaseLink, "sealed", lambda row: row.place),
    Store(Aftercare, "sealed_words", lambda row: row.words_place),
    Store(FiledRequest, "sealed", lambda row: row.place),
    Store(RequestWords, "sealed", lambda row: row.place),
    Store(AgreementRequest, "sealed_words", lambda row: row.place),
    Store(NewCaseKey, "sealed_half", lambda row: row.half_place),
    Store(Diary, "sealed", lambda row: row.place),
    Store(Diary, "sealed_words", lambda row: row.words_place),
    Figures(Release, "people", lambda row: row.place_of_people),
    Answers(Response, "answers", place_of),
    Store(Waiting, "sealed", lambda row: row.place),
    Store(Remark, "sealed", lambda row: row.place),
    Store(Remark, "wording", lambda row: row.wording_place),
    Store(PrintedRemarks, "sealed", lambda row: row.place),
    Store(WaitingFile, "sealed", lambda row: f"{PLACE}|{row.by_id}"),
    Store(WaitingRegister, "sealed", lambda row: row.place),
    Store(MonitoringAnswer, "sealed_codes", lambda row: f"monitoring|{row.pk}"),
    Store(MonitoringAnswer, "sealed_words", lambda row: f"monitoring words|{row.pk}"),
    Factors(Authenticator, "data", lambda row: SECRET_PLACE),
    KeysUnderPasskeys(Authenticator, "data", passkey_keys.place_of),
    Store(MonitoringCopy, "sealed_codes", lambda row: f"monitoring copy|{row.pk}"),
    AccountPasswords(User),
    AccountPasswords(AccountRecovery),
    PrivateKeys(
        KeyPair, "sealed_by_password", lambda row: private_place(row.person_id, "password")
    ),
    PrivateKeys(
        KeyPair, "sealed_by_code", lambda row: private_place(row.person_id, "recovery code")
    ),
    PrivateKeys(
        AccountRecovery,
        "sealed_by_password",
        lambda row: private_place(row.person_id, "password") + waiting(row.number),
    ),
    Tags(KeyPair),
    Tags(AccountRecovery),
)
"""Every column that `seal_for_server` or `tag_of` fills.

A test holds that no other code calls it.
"""


@dataclass
class Tally:
    """How many rows were re-encrypted, were new already, and could not be opened."""

    renewed: int = 0
    new_already: int = 0
    shut: int = 0


def reseal_for_server(*, batch: int = BATCH, limit: int | None = None) -> Tally:
    """Re-encrypt everything under the newest server key.

    One transaction re-encrypts `batch` rows.

    Stops after `limit` rows were renewed; the next call continues. Both versions open meanwhile.

    Returns:
        The tally of this call.
    """
    keep_pepper()
    tally = Tally()
    for store in STORES:
        last: object = None
        while limit is None or tally.renewed < limit:
            rows = store.rows() if last is None else store.rows().filter(pk__gt=last)
            found = list(rows[: min(batch, limit - tally.renewed) if limit else batch])
            if not found:
                break
            with transaction.atomic():
                for row in found:
                    _renew(store, row, tally)
            last = found[-1].pk
    return tally


def left_behind() -> Iterator[str]:
    """Yield the table of each row not under the newest server key, or unreadable."""
    for store in STORES:
        for row in store.rows().iterator(chunk_size=BATCH):
            for blob in store.blobs(row).values():
                if not is_newest(blob) or not _opens(store, row, blob):
                    yield f"{store.model._meta.db_table}.{store.column}"


def pepper_fits() -> bool:
    """Return whether pseudonyms of people still match under the pepper in use."""
    for party in Party.objects.exclude(sealed_person=b"").iterator(chunk_size=BATCH):
        try:
            person_id = party.person_id
        except DecryptionFailed:
            continue  # its key is missing, which `left_behind` reports
        standing = Standing(party.standing)
        own = party_pseudonym(party.case_id, standing, person_id) if person_id else ""
        if party.handle != own:
            return False
    return True


def _renew(store: Store[RowT], row: RowT, tally: Tally) -> None:
    blobs = store.blobs(row)
    if all(is_newest(blob) for blob in blobs.values()):
        tally.new_already += bool(blobs)
        return
    try:
        fresh = {name: store.fresh(row, blob) for name, blob in blobs.items()}
    except DecryptionFailed:
        tally.shut += 1
        return
    # Only if the value is still what was read: another process may have written it meanwhile.
    same = {"pk": row.pk, store.column: getattr(row, store.column)}
    rows = store.model._default_manager.filter(**same)
    tally.renewed += rows.update(**store.changed(row, fresh))


def _opens(store: Store[RowT], row: RowT, blob: bytes) -> bool:
    try:
        store.fresh(row, blob)
    except DecryptionFailed:
        return False
    return True
