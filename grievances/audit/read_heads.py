"""The end of a trail, read along with a row of another table."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Subquery

from grievances.audit.models import ChainHead

COLUMNS = ("id", "seq", "digest", "salt")


def head_columns(chain: OuterRef) -> dict[str, Subquery]:
    """Return the columns of the end of a chain, to annotate a query with."""
    heads = ChainHead.objects.filter(chain=chain)
    return {f"head_{name}": Subquery(heads.values(name)) for name in COLUMNS}


def head_in(found: Any, chain: str) -> ChainHead:
    """Return the end of a chain from these columns; not stored if there is no chain."""
    if found.head_id is None:
        return ChainHead(chain=chain)
    head = ChainHead(pk=found.head_id, chain=chain, salt=bytes(found.head_salt))
    head.seq, head.digest = found.head_seq, found.head_digest
    return head
