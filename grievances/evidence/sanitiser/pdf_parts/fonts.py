"""Remove texts in what a page of a PDF is drawn with.

These are fonts, character maps, functions and colour profiles. What stays is of the same use to a
reader. Sources: ISO 32000-1 9.9 and 9.10, OpenType 1.9, Adobe Type 1 Font Format, Adobe technical
notes 5014 (CMap) and 5176 (CFF).
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pikepdf

from grievances.evidence.sanitiser.parts.colour_profiles import plain_profile
from grievances.evidence.sanitiser.pdf_parts import cff

TABLES = frozenset(
    b"cmap,head,hhea,hmtx,maxp,OS/2,post,cvt ,fpgm,glyf,loca,prep,gasp,CFF ,CFF2,VORG,EBDT,EBLC,"
    b"EBSC,CBDT,CBLC,BASE,GDEF,GPOS,GSUB,JSTF,MATH,hdmx,kern,LTSH,vhea,vmtx,VDMX,COLR,CPAL,fvar,"
    b"gvar,avar,HVAR,MVAR,VVAR,STAT".split(b",")
)
"""Tables of a font that draw; the others say whose it is."""
BLOCK = re.compile(
    rb"\bbegin(codespacerange|bfchar|bfrange|cidchar|cidrange|notdefchar|notdefrange)\b(.*?)"
    rb"\bend\1\b",
    re.DOTALL,
)
TOKENS = re.compile(rb"%[^\r\n]*|<[0-9A-Fa-f\s]*>|\[|\]|-?\d+|/[A-Za-z0-9_.]+")
COMMENT_OR_TEXT = re.compile(rb"\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\)|%[^\r\n]*", re.DOTALL)
OWN_NAME = re.compile(rb"(/FontName\s*/)([^\s/()<>\[\]{}%]+)")
FIRST_LINE = b"%!PS-AdobeFont-1.0"
USED_MAP = re.compile(rb"/([A-Za-z0-9-]+)\s+usecmap\b")
WIDE = re.compile(rb"/WMode\s+([01])\s+def\b")
MAP_HEAD = (
    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
    b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
    b"/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
)
MAP_FOOT = b"endcmap CMapName currentdict /CMap defineresource pop end end\n"
LONGEST_BLOCK = 100
"""Entries of one block of a map (technical note 5014, 3.5)."""


def strip_texts(pdf: pikepdf.Pdf) -> None:
    """Take texts out of every font, map, function and colour profile of a PDF."""
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Stream) and thing.get("/FunctionType") == 4:
            change(thing, without_comments)
        elif isinstance(thing, pikepdf.Stream) and str(thing.get("/Subtype", "")) == "/PS":
            thing.write(b"")  # Only printers of the last century ran it (8.8.2).
        elif isinstance(thing, pikepdf.Stream) and str(thing.get("/Type", "")) == "/CMap":
            change(thing, plain_map)
            if "/CMapName" in thing:
                thing["/CMapName"] = pikepdf.Name("/Adobe-Identity-UCS")
        strip_parts(thing)


def strip_parts(thing: object, depth: int = 0) -> None:
    """Take texts out of the files to which an object and its direct parts point."""
    if depth > 20:
        return
    values: list[object] = []
    if isinstance(thing, pikepdf.Array):
        values = list(thing)
        is_profile = len(values) > 1 and values[0] == pikepdf.Name.ICCBased
        if is_profile and isinstance(values[1], pikepdf.Stream):
            change(values[1], plain_profile)
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        values = [value for _, value in thing.items()]
        for key, plain in PLAIN.items():
            if isinstance(thing.get(key), pikepdf.Stream):
                change(thing[key], plain)
    for value in values:
        if isinstance(value, pikepdf.Object) and not value.is_indirect:
            strip_parts(value, depth + 1)


def change(stream: pikepdf.Object, plain: Callable[[bytes], bytes]) -> None:
    """Replace the content of a stream by what `plain` makes of it."""
    raw = stream.read_bytes()
    new = plain(raw)
    if new != raw:
        stream.write(new)


def without_comments(raw: bytes) -> bytes:
    """Return a PostScript program without its comments."""
    return COMMENT_OR_TEXT.sub(lambda m: b" " if m[0].startswith(b"%") else m[0], raw)


def plain_map(raw: bytes) -> bytes:
    """Return a character map with its ranges alone."""
    body = without_comments(raw)
    parts = [MAP_HEAD]
    parts += [b"/%b usecmap\n" % found[1] for found in USED_MAP.finditer(body)]
    parts += [b"/WMode %b def\n" % found[1] for found in WIDE.finditer(body)]
    for block in BLOCK.finditer(body):
        rows = rows_of(TOKENS.findall(block[2]), 3 if block[1].endswith(b"range") else 2)
        if block[1] == b"codespacerange":
            rows = rows_of(TOKENS.findall(block[2]), 2)
        for at in range(0, len(rows), LONGEST_BLOCK):
            some = rows[at : at + LONGEST_BLOCK]
            lines = b"\n".join(some)
            parts.append(b"%d begin%b\n%b\nend%b\n" % (len(some), block[1], lines, block[1]))
    return b"".join([*parts, MAP_FOOT])


def rows_of(tokens: list[bytes], width: int) -> list[bytes]:
    """Return the rows of a block, each of so many values; an array is one value."""
    values: list[bytes] = []
    depth = 0
    for token in tokens:
        if token == b"[" and not depth:
            values.append(token)
        elif depth or token == b"]":
            values[-1] += b" " + token
        else:
            values.append(token)
        depth += (token == b"[") - (token == b"]" and depth > 0)
    return [b" ".join(values[at : at + width]) for at in range(0, len(values) - width + 1, width)]


def plain_type1(raw: bytes) -> bytes:
    """Return a Type 1 font with the texts of its clear part blanked."""
    end = raw.find(b"eexec")
    if end < 0:
        return raw
    head = COMMENT_OR_TEXT.sub(blanked, raw[:end])
    return OWN_NAME.sub(lambda found: found[1] + b"A" * len(found[2]), head) + raw[end:]


def blanked(found: re.Match[bytes]) -> bytes:
    """Return spaces of the same length instead of a comment or a text."""
    said = found[0]
    if said.startswith(b"%!"):
        return (FIRST_LINE if said.startswith(FIRST_LINE) else b"%!").ljust(len(said))
    if said.startswith(b"%"):
        return b" " * len(said)
    return b"(" + b" " * (len(said) - 2) + b")"


def plain_opentype(raw: bytes) -> bytes:
    """Return a TrueType or OpenType font with its tables of texts blanked."""
    new, kept = bytearray(raw), []
    count = int.from_bytes(raw[4:6])
    for at in range(12, 12 + 16 * min(count, 100), 16):
        name, start = raw[at : at + 4], int.from_bytes(raw[at + 8 : at + 12])
        end = start + int.from_bytes(raw[at + 12 : at + 16])
        if name in TABLES:
            kept.append((start, end))
        if name == b"CFF ":
            new[start:end] = cff.plain(raw[start:end])
        elif name == b"OS/2":
            new[start + 58 : start + 62] = bytes(len(new[start + 58 : start + 62]))
        elif name not in TABLES:
            new[start:end] = bytes(len(new[start:end]))
    return blank_between(new, [(0, 12 + 16 * count), *kept])


def blank_between(raw: bytearray, kept: list[tuple[int, int]]) -> bytes:
    """Return the bytes with those outside these places blanked."""
    at = 0
    for start, end in sorted(kept):
        if start > at:
            raw[at:start] = bytes(len(raw[at:start]))
        at = max(at, end)
    raw[at:] = bytes(len(raw[at:]))
    return bytes(raw)


def plain_compact(raw: bytes) -> bytes:
    """Return a compact font (CFF, or OpenType around it) with its texts blanked."""
    return plain_opentype(raw) if raw.startswith((b"OTTO", b"\0\1\0\0")) else cff.plain(raw)


PLAIN: dict[str, Callable[[bytes], bytes]] = {
    "/FontFile": plain_type1,
    "/FontFile2": plain_opentype,
    "/FontFile3": plain_compact,
    "/ToUnicode": plain_map,
    "/DestOutputProfile": plain_profile,
}
"""What is made of the stream under a key."""
