"""Export the signed head of the trail once a day to a folder outside the database.

The owner of the database can write a whole new trail that is sound in itself. It does not agree
with what was exported before, and `check` shows that.

Each file names the chains that changed since the file before it, and the digest of that file.
Together the files record how far every chain had come on every day. No file can be removed from the
middle without being noticed.

The folder (HEADS_DIR) belongs on storage that the owner of the database cannot change. A thief of
the server keys can sign new files, but cannot take back a copy.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from grievances.audit.models import ChainHead, Event, TrailEnd
from grievances.encryption import key_log, signatures
from grievances.encryption.signatures import NotSigned
from grievances.policy import profiles
from workflow.calendar import local_date
from workflow.chain import head_digest

PURPOSE = "trail head"
SUFFIX = ".head"
NO_FILE = "none"
END = "end of a trail"


class NotEnded(Exception):
    """The service did not sign that a chain was let go. Names the chain."""


@dataclass(frozen=True)
class Head:
    """One day's file: its signed facts, the chains that changed, and its own digest."""

    day: str
    facts: dict[str, str]
    moved: dict[str, tuple[int, str]]
    digest: str


@dataclass(frozen=True)
class Checked:
    """The result of comparing the folder with the database; no `fault` if they agree."""

    files: int
    chains: int
    last_day: str
    fault: str = ""


def export(folder: Path, now: datetime) -> Path:
    """Write the head of today (local date).

    The file is written whole or not at all. A day that has a file keeps it.

    Raises NotSigned when an earlier file was changed, OSError when the folder cannot be written.

    Returns:
        The path of the file of today, also where it was there already.
    """
    day = local_date(now, profiles.zone())
    path = folder / f"{day.isoformat()}{SUFFIX}"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    text = draw(folder, day, now)
    half = path.with_suffix(".part")
    with half.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(half, path)
    return path


def draw(folder: Path, day: date, now: datetime) -> str:
    """Return a day's text: one signed line, then a line for each changed chain."""
    earlier = read_all(folder, signatures.public_key())
    known = _known(earlier)
    ends = dict(_ends())
    moved = [
        f"{chain} {seq} {digest}"
        for chain, (seq, digest) in sorted(ends.items())
        if known.get(chain) != (seq, digest)
    ]
    facts = {
        "day": day.isoformat(),
        "at": now.isoformat(timespec="seconds"),
        "head": head_digest(Event),
        "chains": str(len(ends)),
        "moved": _digest("\n".join(moved)),
        "previous": earlier[-1].digest if earlier else NO_FILE,
        "keys": "{} {}".format(*key_log.head()),
    }
    return "\n".join([signatures.sign(PURPOSE, facts), *moved]) + "\n"


def read_all(folder: Path, public: str) -> list[Head]:
    """Return every file, oldest first. Raises NotSigned for one that was changed."""
    paths = sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else []
    return [read(path, public) for path in paths]


def read(path: Path, public: str) -> Head:
    """Return one day's file.

    Raises:
        NotSigned: the file was changed, or belongs to another day.
    """
    text = path.read_text(encoding="utf-8")
    signed, *lines = text.rstrip("\n").split("\n")
    facts = signatures.verify(signed, PURPOSE, public)
    if facts["moved"] != _digest("\n".join(lines)) or facts["day"] != path.stem:
        raise NotSigned
    moved = {chain: (int(seq), digest) for chain, seq, digest in map(str.split, lines)}
    return Head(facts["day"], facts, moved, _digest(text))


def signed_end(chain: str, seq: int, digest: str, now: datetime) -> str:
    """Return the signed statement that a chain is let go up to this entry."""
    facts = {"chain": chain, "seq": str(seq), "digest": digest}
    return signatures.sign(END, {**facts, "at": now.isoformat(timespec="seconds")})


def ends(public: str = "") -> dict[str, tuple[int, str]]:
    """Return the entry and digest up to which each chain was let go.

    Raises:
        NotEnded: the service never signed the row of a chain.
    """
    found: dict[str, tuple[int, str]] = {}
    for row in TrailEnd.objects.order_by("chain"):
        try:
            facts = signatures.verify(row.signed, END, public or signatures.public_key())
        except NotSigned:
            raise NotEnded(row.chain) from None
        if (facts["chain"], facts["seq"], facts["digest"]) != (row.chain, str(row.seq), row.digest):
            raise NotEnded(row.chain)
        found[row.chain] = (row.seq, row.digest)
    return found


def check(folder: Path, public: str = "") -> Checked:
    """Return the result of comparing the trail with every exported file.

    `public` is the public key that was kept elsewhere.
    """
    try:
        files = read_all(folder, public or signatures.public_key())
    except NotSigned:
        return Checked(0, 0, "", "A file in the folder was changed, or another server signed it.")
    if not files:
        return Checked(0, 0, "", "There is no head in the folder.")
    known = _known(files)
    over = ends(public)
    fault = (
        _gap(files)
        or _keys_lost(files)
        or next(filter(None, (_lost(head, over) for head in files)), "")
    )
    return Checked(len(files), len(known), files[-1].day, fault)


def _gap(files: list[Head]) -> str:
    before = NO_FILE
    for head in files:
        if head.facts["previous"] != before:
            return f"A file is missing before {head.day}."
        before = head.digest
    return ""


def _keys_lost(files: list[Head]) -> str:
    """Return a sentence when the log of keys is not what was exported, or ""."""
    size, _, digest = files[-1].facts.get("keys", "").partition(" ")
    try:
        kept = key_log.verified_head(int(size)).digest if size else digest
    except key_log.Broken:
        kept = ""
    return "" if kept == digest else f"The log of keys is not what it was on {files[-1].day}."


def _lost(head: Head, over: dict[str, tuple[int, str]]) -> str:
    """Return a sentence on the first chain that differs from that day's head, or "".

    A chain that has since been let go past that entry does not count.
    """
    for chain, (seq, digest) in head.moved.items():
        last, ended = over.get(chain, (0, ""))
        if seq < last or (seq, digest) == (last, ended):
            continue
        if not Event.objects.filter(chain=chain, seq=seq, digest=digest).exists():
            return f"Chain {chain}, entry {seq}: not what it was on {head.day}."
    return ""


def _known(files: list[Head]) -> dict[str, tuple[int, str]]:
    known: dict[str, tuple[int, str]] = {}
    for head in files:
        known |= head.moved
    return known


def _ends() -> list[tuple[str, tuple[int, str]]]:
    rows = ChainHead.objects.values_list("chain", "seq", "digest")
    return [(chain, (seq, digest)) for chain, seq, digest in rows]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
