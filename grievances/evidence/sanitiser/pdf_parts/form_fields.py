"""Keep the fields of a form that are on a page (ISO 32000-1, 12.7).

Programs keep further fields for themselves, and hide some that are on a page. No reader shows what
is in them, so they go with all that they say.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pikepdf

from grievances.evidence.sanitiser.pdf_parts.entries import Entry

HIDDEN = 2
"""The flag of an annotation that is neither shown nor printed (table 165)."""
MOST_PARENTS = 20

Known = set[tuple[int, int]]
STATE = re.compile(r"/(?:Off|Yes|On|\d{1,4})")
"""Names of the looks of a box to tick, that programs give."""
LOOKS = ("/N", "/R", "/D")


def keep_shown(pdf: pikepdf.Pdf) -> None:
    """Keep the fields that are drawn on a page, and the groups around them."""
    shown: Known = set()
    for page in pdf.pages:
        notes = page.obj.get("/Annots")
        if isinstance(notes, pikepdf.Array):
            page.obj["/Annots"] = pikepdf.Array(_seen(notes, shown))
    form = pdf.Root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary):
        _prune(form, "/Fields", shown, set())
        if "/CO" in form:
            del form["/CO"]  # The order in which programs fill fields, and these are gone.
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary) and "/FT" in thing and thing.objgen not in shown:
            empty(thing)


def _seen(notes: pikepdf.Array, shown: Known) -> list[Entry]:
    """Return the annotations that are seen, and note their fields in `shown`."""
    kept: list[Entry] = []
    for each in notes:
        if not isinstance(each, pikepdf.Dictionary) or str(each.get("/Subtype", "")) != "/Widget":
            kept.append(each)
        elif is_seen(each):
            kept.append(each)
            _learn(each, shown)
        else:
            empty(each)
    return kept


def is_seen(widget: pikepdf.Object) -> bool:
    """Return whether a field that is on a page has a size and is not hidden."""
    flags, place = widget.get("/F", 0), widget.get("/Rect")
    if isinstance(flags, int) and flags & HIDDEN:
        return False
    listed: list[Entry] = list(place) if isinstance(place, pikepdf.Array) else []
    sides = [each for each in listed if isinstance(each, int | Decimal)]
    return len(sides) == 4 and sides[0] != sides[2] and sides[1] != sides[3]


def _learn(field: pikepdf.Object, shown: Known) -> None:
    for _ in range(MOST_PARENTS):
        if field.is_indirect:
            shown.add(field.objgen)
        parent = field.get("/Parent")
        if not isinstance(parent, pikepdf.Dictionary):
            return
        field = parent


def _prune(holder: pikepdf.Object, key: str, shown: Known, visited: Known, depth: int = 0) -> bool:
    """Return whether any field in a list is shown, after the others went from it."""
    listed = holder.get(key)
    if depth > MOST_PARENTS or not isinstance(listed, pikepdf.Array):
        return False
    kept: list[Entry] = []
    for each in listed:
        is_new = isinstance(each, pikepdf.Dictionary) and each.objgen not in visited
        if not is_new:
            continue
        visited |= {each.objgen} if each.is_indirect else set()
        has_shown = _prune(each, "/Kids", shown, visited, depth + 1)
        if has_shown or (each.is_indirect and each.objgen in shown):
            kept.append(each)
            _name_inside_only(each)
        else:
            empty(each)
    holder[key] = pikepdf.Array(kept)
    return bool(kept)


def _name_inside_only(field: pikepdf.Object) -> None:
    """Number a field's name, and drop the help of a group, which no reader says."""
    if isinstance(field.get("/T"), pikepdf.String) and not field.is_indirect:
        field["/T"] = pikepdf.String("Field")
    kids = field.get("/Kids")
    inside = list(kids) if isinstance(kids, pikepdf.Array) else []
    is_group = any(isinstance(each, pikepdf.Dictionary) and "/T" in each for each in inside)
    if is_group and "/TU" in field:
        del field["/TU"]


def number_choices(pdf: pikepdf.Pdf) -> None:
    """Number what a box to tick sends, and keep of a list what is shown."""
    new: dict[str, str] = {}

    def renamed(name: str) -> str:
        if STATE.fullmatch(name):
            return name
        return new.setdefault(name, f"/Choice{len(new) + 1}")

    for thing in pdf.objects:
        if not isinstance(thing, pikepdf.Dictionary):
            continue
        for key in ("/AS", "/V"):
            if isinstance(thing.get(key), pikepdf.Name):
                thing[key] = pikepdf.Name(renamed(str(thing[key])))
        _rename_looks(thing.get("/AP"), renamed)
        if isinstance(thing.get("/Opt"), pikepdf.Array):
            _show_alone(thing)


def _rename_looks(drawn: Entry, renamed: Callable[[str], str]) -> None:
    for key in LOOKS if isinstance(drawn, pikepdf.Dictionary) else ():
        looks: Entry = drawn.get(key)
        if not isinstance(looks, pikepdf.Dictionary) or isinstance(looks, pikepdf.Stream):
            continue
        for name in [each for each in looks.as_dict() if renamed(each) != each]:
            look = looks[name]
            del looks[name]
            looks[renamed(name)] = look


def _show_alone(field: pikepdf.Object) -> None:
    """Keep of the choices of a list what is shown; those of boxes are not shown."""
    if str(field.get("/FT", "/Ch")) == "/Btn":
        del field["/Opt"]
        return
    shown: list[Entry] = []
    sent: dict[str, str] = {}
    for each in field["/Opt"]:
        pair = list(each) if isinstance(each, pikepdf.Array) else [each]
        if pair and isinstance(pair[-1], pikepdf.String):
            sent[str(pair[0])] = str(pair[-1])
            shown.append(pair[-1])
    field["/Opt"] = pikepdf.Array(shown)
    chosen: Entry = field.get("/V")
    if isinstance(chosen, pikepdf.String):
        field["/V"] = pikepdf.String(sent.get(str(chosen), str(chosen)))
    elif isinstance(chosen, pikepdf.Array):
        field["/V"] = pikepdf.Array([sent.get(str(each), str(each)) for each in list(chosen)])


def empty(thing: pikepdf.Object) -> None:
    """Drop all entries, so that nothing is left where a reference leads to them."""
    for name in list(thing.keys()):
        del thing[name]
