"""How a file is judged by its structure: its kind, or the code of the refusal."""

from __future__ import annotations

import pytest

from grievances.evidence.sanitiser.protocol import Unfit
from grievances.evidence.sanitiser.structure.kinds import kind_of


def kind(body: bytes) -> str:
    return kind_of(lambda offset, length: body[offset : offset + length], len(body))


def refusal(body: bytes) -> str:
    with pytest.raises(Unfit) as refused:
        kind(body)
    return refused.value.code
