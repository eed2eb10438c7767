"""Blank the texts of a compact font (Adobe technical note 5176, "CFF").

Its name, notice, copyright and family are texts in an index. They become letters of the same
length, so no place in the font moves.
"""

from __future__ import annotations

from collections.abc import Iterator

TEXTS = frozenset({0, 1, 2, 3, 1200, 1221, 1222})
"""Operators of a font's dictionary whose number is that of a text (table 9)."""
STANDARD_TEXTS = 391
"""How many texts every reader knows; those above are in the font (10)."""
FILLER = b"A"
Span = tuple[int, int]


def plain(raw: bytes) -> bytes:
    """Return the font with its texts blanked; as it is when it is no such font."""
    new = bytearray(raw)
    try:
        names, at = index(raw, raw[2])
        fonts, at = index(raw, at)
        texts, _ = index(raw, at)
    except IndexError:
        return raw
    numbers = [number for start, end in fonts for number in text_numbers(raw[start:end])]
    wanted = [texts[n] for n in numbers if 0 <= n < len(texts)]
    for start, end in [*names, *wanted]:
        new[start:end] = FILLER * (end - start)
    return bytes(new)


def index(raw: bytes, at: int) -> tuple[list[Span], int]:
    """Return the places of the entries of an index, and where it ends (5).

    Raises:
        IndexError: It does not fit.
    """
    count = int.from_bytes(raw[at : at + 2])
    if not count:
        return [], at + 2
    width = raw[at + 2]
    places = [
        int.from_bytes(raw[at + 3 + n * width : at + 3 + (n + 1) * width]) for n in range(count + 1)
    ]
    base = at + 2 + (count + 1) * width
    if not 1 <= width <= 4 or base + places[-1] > len(raw) or places != sorted(places):
        raise IndexError("an index that does not fit")
    spans = [(base + a, base + b) for a, b in zip(places, places[1:], strict=False)]
    return spans, base + places[-1]


def text_numbers(raw: bytes) -> Iterator[int]:
    """Yield the number, in the font's index, of each text that is named (4)."""
    operand, at = 0, 0
    while at < len(raw):
        byte = raw[at]
        if byte <= 21:
            operator = 1200 + raw[at + 1] if byte == 12 and at + 1 < len(raw) else byte
            at += 2 if byte == 12 else 1
            if operator in TEXTS:
                yield operand - STANDARD_TEXTS
        else:
            operand, at = number(raw, at)


def number(raw: bytes, at: int) -> tuple[int, int]:
    """Return a number of a font's dictionary, and the place behind it (table 3)."""
    byte = raw[at]
    if byte == 28:
        return int.from_bytes(raw[at + 1 : at + 3], signed=True), at + 3
    if byte == 29:
        return int.from_bytes(raw[at + 1 : at + 5], signed=True), at + 5
    if byte == 30:
        end = at + 1
        while end < len(raw) and raw[end] & 0x0F != 0x0F and raw[end] >> 4 != 0x0F:
            end += 1
        return 0, end + 1
    if 32 <= byte <= 246:
        return byte - 139, at + 1
    following = raw[at + 1] if at + 1 < len(raw) else 0
    if 247 <= byte <= 250:
        return (byte - 247) * 256 + following + 108, at + 2
    return -(byte - 251) * 256 - following - 108, at + 2
