"""Remove what only the program that wrote a PDF reads.

ISO 32000-1 lets programs add keys of their own to almost every object (Annex E). Fields and
destinations have names that no page shows; they are numbered anew, so that links and forms work.
"""

from __future__ import annotations

import pikepdf

from grievances.evidence.sanitiser.pdf_parts import entries, known_values
from grievances.evidence.sanitiser.protocol import Found, note

NUMBER_LENGTH = 6
"""Digits of the new name of a destination, so that names stay in order (7.9.6)."""


class Maps:
    """The dictionaries of a PDF whose keys are names for what is in them."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._known: set[tuple[int, int]] = set()
        for thing in pdf.objects:
            self._learn(thing, 0)

    def has(self, thing: pikepdf.Object) -> bool:
        """Return whether this indirect dictionary is such a map."""
        return bool(thing.is_indirect) and thing.objgen in self._known

    def _learn(self, thing: pikepdf.Object, depth: int) -> None:
        if depth > 20 or not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            return
        for name, value in thing.items():
            if isinstance(value, pikepdf.Dictionary):
                if is_map(name, value) and value.is_indirect:
                    self._known.add(value.objgen)
                if name == "/AP":
                    self._learn_states(value)
                if not value.is_indirect:
                    self._learn(value, depth + 1)

    def _learn_states(self, appearances: pikepdf.Object) -> None:
        for value in appearances.as_dict().values():
            if isinstance(value, pikepdf.Dictionary) and value.is_indirect:
                self._known.add(value.objgen)


def is_map(name: str, value: object) -> bool:
    """Return whether the value of an entry has names of its own for what is in it."""
    return name in entries.MAPS and isinstance(value, pikepdf.Dictionary)


def strip_private(thing: object, maps: Maps, depth: int = 0, *, in_map: bool = False) -> None:
    """Drop what is under keys that are not of the format."""
    if depth > 20:
        return
    if isinstance(thing, pikepdf.Array):
        for value in list(thing):
            if isinstance(value, pikepdf.Object) and not value.is_indirect:
                strip_private(value, maps, depth + 1)
        return
    if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        return
    is_own = in_map or maps.has(thing) or thing.get("/HalftoneType") == 5
    if not is_own:
        known_values.strip_language(thing)
        known_values.strip_values(thing)
    for name, value in list(thing.items()):
        if not is_own and name not in entries.STANDARD:
            del thing[name]
        elif isinstance(value, pikepdf.Object) and not value.is_indirect:
            is_states = depth > 0 and in_map and name in {"/N", "/R", "/D"}
            strip_private(value, maps, depth + 1, in_map=is_map(name, value) or is_states)


def number_fields(pdf: pikepdf.Pdf) -> None:
    """Give every field of a form a number as its name (12.7.3.2)."""
    number = 0
    for thing in pdf.objects:
        is_field = isinstance(thing, pikepdf.Dictionary) and isinstance(
            thing.get("/T"), pikepdf.String
        )
        kind = str(thing.get("/Subtype", "/Widget")) if is_field else ""
        if kind == "/Widget" and str(thing.get("/Type", "")) != "/StructElem":
            number += 1
            thing["/T"] = pikepdf.String(f"Field {number}")


def number_layers(pdf: pikepdf.Pdf, found: Found) -> None:
    """Number the names of all layers, and drop the titles of lists of layers (8.11)."""
    settings = pdf.Root.get("/OCProperties")
    listed = settings.get("/OCGs") if isinstance(settings, pikepdf.Dictionary) else None
    layers = [*(listed or []), *(each for each in pdf.objects if is_layer(each))]
    known: set[tuple[int, int]] = set()
    for layer in layers:
        if isinstance(layer, pikepdf.Dictionary) and layer.objgen not in known:
            known.add(layer.objgen)
            note(found, "Name of a layer", str(layer.get("/Name", "")).replace("\0", ""))
            layer["/Name"] = pikepdf.String(f"Layer {len(known)}")
    if isinstance(settings, pikepdf.Dictionary):
        for each in [settings.get("/D"), *settings.get("/Configs", [])]:
            if isinstance(each, pikepdf.Dictionary):
                if "/Name" in each:
                    del each["/Name"]
                untitle(each.get("/Order"))


def is_layer(thing: object) -> bool:
    """Return whether an object is a layer, also one that no list names."""
    return isinstance(thing, pikepdf.Dictionary) and str(thing.get("/Type", "")) == "/OCG"


def untitle(order: object, depth: int = 0) -> None:
    """Replace the titles in a list of layers."""
    if depth > 20 or not isinstance(order, pikepdf.Array):
        return
    for at, each in enumerate(list(order)):
        if isinstance(each, pikepdf.String):
            order[at] = pikepdf.String("Layers")
        else:
            untitle(each, depth + 1)


def number_destinations(pdf: pikepdf.Pdf) -> None:
    """Give every destination a number as its name, and the links to it too (12.3.2.3)."""
    places = destinations(pdf)
    names = {name: f"d{n:0{NUMBER_LENGTH}}" for n, name in enumerate(sorted(places), 1)}
    if "/Dests" in pdf.Root:
        del pdf.Root["/Dests"]
    if "/Names" in pdf.Root:
        del pdf.Root["/Names"]
    if places:
        flat: list[object] = []
        for name in sorted(places):
            flat += [pikepdf.String(names[name]), places[name]]
        tree = pikepdf.Dictionary(Names=pikepdf.Array(flat))
        pdf.Root["/Names"] = pikepdf.Dictionary(Dests=pdf.make_indirect(tree))
    for thing in pdf.objects:
        relink(thing, names)


def destinations(pdf: pikepdf.Pdf) -> dict[bytes, pikepdf.Object]:
    """Return every destination that has a name."""
    found: dict[bytes, pikepdf.Object] = {}
    older = pdf.Root.get("/Dests")
    if isinstance(older, pikepdf.Dictionary):
        found.update({name[1:].encode(): value for name, value in older.items()})
    names = pdf.Root.get("/Names")
    tree = names.get("/Dests") if isinstance(names, pikepdf.Dictionary) else None
    if isinstance(tree, pikepdf.Dictionary):
        gather(tree, found, 0)
    return found


def gather(node: pikepdf.Object, found: dict[bytes, pikepdf.Object], depth: int) -> None:
    """Add the names below one node of a tree of names (7.9.6)."""
    if depth > 20 or not isinstance(node, pikepdf.Dictionary):
        return
    pairs = list(node.get("/Names", []))
    for name, value in zip(pairs[::2], pairs[1::2], strict=False):
        found[bytes(name)] = value
    for each in node.get("/Kids", []):
        gather(each, found, depth + 1)


def relink(thing: object, names: dict[bytes, str], depth: int = 0) -> None:
    """Let the links in one object lead to destinations by their new names."""
    if depth > 20 or not isinstance(thing, pikepdf.Dictionary | pikepdf.Array | pikepdf.Stream):
        return
    values = (
        list(thing) if isinstance(thing, pikepdf.Array) else [value for _, value in thing.items()]
    )
    if not isinstance(thing, pikepdf.Array):
        for key in ("/Dest", "/D"):
            value = thing.get(key)
            is_goto = key == "/Dest" or str(thing.get("/S", "")) == "/GoTo"
            if is_goto and isinstance(value, pikepdf.String | pikepdf.Name):
                old = bytes(value) if isinstance(value, pikepdf.String) else str(value)[1:].encode()
                thing[key] = pikepdf.String(names.get(old, "none"))
    for value in values:
        if isinstance(value, pikepdf.Object) and not value.is_indirect:
            relink(value, names, depth + 1)
