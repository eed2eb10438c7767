"""Files of a case: chunks sealed outside the database, facts sealed in a row.

Each file has a random key of its own, under which it is sealed while it arrives. That key and every
fact of the file are in `sealed_facts`, under a key of the case. So a file is taken into a case
without being written twice. What a broken upload leaves behind can be opened by no one, because its
key was never written anywhere (architecture.md 5).
"""

from __future__ import annotations

import json
import uuid
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import models

from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring, open_words, seal_words
from grievances.cases.models.companions import Companion
from grievances.choices import Cleaning, Copy, Scan
from grievances.encryption import file_store
from grievances.encryption.encrypted_files import SealedFile, is_free
from grievances.encryption.file_store import PART
from grievances.encryption.primitives import DecryptionFailed
from grievances.vocabulary import Compartment
from workflow.json_values import JsonMapping, JsonObject

FACTS_BLOCK_BYTES = 512


class Evidence(models.Model):
    """A file of a case.

    Its name, size, digest, key and state are sealed, and the row has none of them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="evidence")
    compartment = models.CharField(max_length=12, choices=Compartment, default=Compartment.CORE)
    at = models.DateTimeField()
    sealed_facts = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.case_id}: evidence"

    @property
    def place(self) -> str:
        """The associated data to which the sealed facts are bound."""
        return f"evidence|{self.case_id}|{self.compartment}|{self.pk}|facts"


@dataclass(frozen=True)
class FileFacts:
    """What is known of a file: sizes in bytes, SHA-256 of the original, and more.

    `author` is the role and `by` the pseudonym of the person who added it. `others` is the copy
    that others may see. `found` are the hidden details as (what, value). The keys open the two
    copies and never leave the server.
    """

    id: uuid.UUID
    at: datetime
    name: str
    size: int
    sha256: str
    author: str
    by: str = ""
    kind: str = ""
    scan: str = Scan.NONE.value
    cleaning: str = Cleaning.NONE.value
    others: str = Copy.CLEANED.value
    found: tuple[tuple[str, str], ...] = ()
    copy_size: int = 0
    key: str = field(default="", repr=False)
    copy_key: str = field(default="", repr=False)

    @property
    def is_known(self) -> bool:
        """Whether the facts could be decrypted.

        A row that was tampered with has no name.
        """
        return bool(self.name)

    @property
    def is_quarantined(self) -> bool:
        """Whether the virus scan reported the file or gave no answer."""
        return self.scan not in {Scan.NONE, Scan.CLEAN}

    def open_to(self, *, uploader: bool) -> tuple[str, ...]:
        """Return which copies a person may have who may read the file.

        The copy that everyone may have comes first. There is none in quarantine.
        """
        if self.is_quarantined:
            return ()
        has_copy = self.cleaning in {Cleaning.CLEANED, Cleaning.WORDS}
        copies = (Copy.CLEANED.value,) if has_copy else ()
        given = self.others == Copy.ORIGINAL or self.cleaning == Cleaning.NONE
        if self.others == Copy.ORIGINAL:
            return (Copy.ORIGINAL.value, *copies)
        return (*copies, Copy.ORIGINAL.value) if given or uploader else copies


def padded(words: bytes) -> bytes:
    """Return facts padded to full blocks of `FACTS_BLOCK_BYTES`.

    Otherwise the length would narrow down the name.
    """
    return words.ljust(-(-len(words) // FACTS_BLOCK_BYTES) * FACTS_BLOCK_BYTES)


def seal_facts(evidence: Evidence, ring: Keyring, facts: JsonMapping) -> None:
    """Seal what is known of a file into its row, which is not saved.

    Raises DecryptionFailed when the keyring lacks the key.
    """
    words = padded(json.dumps(facts).encode())
    evidence.sealed_facts = seal_words(ring, evidence.compartment, words, evidence.place)


def open_facts(evidence: Evidence, ring: Keyring) -> JsonObject:
    """Return what `seal_facts` sealed.

    Raises DecryptionFailed without the key, or when the row was tampered with.
    """
    blob = bytes(evidence.sealed_facts)
    facts: JsonObject = json.loads(open_words(ring, evidence.compartment, blob, evidence.place))
    return facts


def file_facts(evidence: Evidence, ring: Keyring) -> FileFacts:
    """Return what is known of a file.

    Raises DecryptionFailed without the key, or when the row was tampered with.
    """
    facts = open_facts(evidence, ring)
    facts["found"] = tuple((what, value) for what, value in facts.get("found", ()))
    known = {each.name for each in fields(FileFacts)}
    return FileFacts(evidence.pk, evidence.at, **{k: v for k, v in facts.items() if k in known})


def sealed_file(facts: FileFacts, copy: str) -> SealedFile:
    """Return the original or the copy of a file.

    Raises:
        DecryptionFailed: there is no key to it.
    """
    is_original = copy == Copy.ORIGINAL
    key = facts.key if is_original else facts.copy_key
    if not key:
        raise DecryptionFailed
    size = facts.size if is_original else facts.copy_size
    return SealedFile(facts.id, copy, bytes.fromhex(key), size)


def sweep() -> int:
    """Remove the files of uploads whose process was killed.

    A file that is being written is locked by its process and not touched. A file whose row was
    committed just before the process ended gets its name. No file but an unfinished one is ever
    touched.

    Returns:
        How many files were removed.
    """
    removed = 0
    for half in Path(settings.MEDIA_ROOT).glob(f"*{PART}"):
        try:
            stray = half.open("rb")
        except OSError:
            continue
        with stray:
            if not is_free(stray.fileno()):
                continue
            if _has_row(half) and not half.with_suffix("").exists():
                file_store.settle(half, half.with_suffix(""))
            else:
                file_store.forget_half(half, half.with_suffix("").name, is_in_bucket=True)
                removed += 1
    return removed


def _has_row(half: Path) -> bool:
    try:
        file_id = uuid.UUID(half.name.partition(".")[0])
    except ValueError:
        return False
    return Evidence.objects.filter(pk=file_id).exists()


OF_THE_ROW = ("id", "at", "by", "sha256", "found")
"""Facts that are not sealed a second time.

The row has the first two. The companion may not know the others.
"""


class SharedFile(models.Model):
    """One file that one companion may open, until the tick is removed.

    The complainant ticks each file separately. What the companion may know of it, and the key of
    the copy they may have, is sealed once more under the key of the companionship. They hold no key
    of the case, and no key of a copy that others are not given.
    """

    companion = models.ForeignKey(Companion, on_delete=models.CASCADE, related_name="files")
    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="shared")
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["companion", "evidence"], name="one_tick_of_a_file")
        ]

    def __str__(self) -> str:
        return f"{self.companion_id}: a file"

    @property
    def place(self) -> str:
        """The associated data to which the sealed facts are bound.

        With any other they do not open.
        """
        return f"shared file|{self.companion.place}|{self.evidence_id}"

    def seal(self, ring: Keyring, facts: FileFacts) -> None:
        """Seal what the companion may know, without saving it.

        Raises DecryptionFailed when the keyring lacks the key.
        """
        kept = {name: value for name, value in asdict(facts).items() if name not in OF_THE_ROW}
        words = padded(json.dumps(kept).encode())
        self.sealed = seal_words(ring, self.companion.compartment, words, self.place)

    def facts(self, ring: Keyring) -> FileFacts:
        """Return what `seal` sealed.

        Raises DecryptionFailed without the key, or when the row was tampered with.
        """
        words = open_words(ring, self.companion.compartment, bytes(self.sealed), self.place)
        known: JsonObject = json.loads(words)
        return FileFacts(self.evidence.pk, self.evidence.at, sha256="", **known)
