"""Values that are of a few known kinds, so that no name can be there.

These are languages, numbers, effects and the like, which pages do not show as they are written.
Sources: ECMA-376 part 1, 17.15.2.8, 18.2.7 and 19.5.3; OpenDocument 1.3 part 3, 19.31 and 20;
BCP 47.
"""

from __future__ import annotations

import re
from functools import lru_cache

from grievances.evidence.sanitiser.parts.allow_list import PLAIN_SETTINGS
from grievances.evidence.sanitiser.parts.xml_reading import MOST_NAMES, bare_name

LANGUAGE = re.compile(
    r"|none|mul|zxx|(?:[a-z]{2,3}|x-none)(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?"
    r"(?:-(?:valencia|tradnl|ploc|mathan|scouse|scotland|oxendict|rozaj|1901|1994|1996|"
    r"t-ja-x-\w{1,8}|u-\w{2}-\w{1,8}))?|[\da-f]{3,5}",
    re.IGNORECASE,
)
"""A language with script, country and known variant; or its Windows number."""
COUNTRY = re.compile(r"|none|[A-Za-z]{2}|\d{3}")
SCRIPT = re.compile(r"|none|[A-Z][a-z]{3}")
NUMBER = re.compile(r"-?\d+")
EFFECT = re.compile(
    r"(?:barn|blinds|box|checkerboard|circle|diamond|dissolve|fade|image|newsflash|pixelate|plus|"
    r"randombar|slide|stretch|strips|wedge|wheel|wipe)"
    r"(?:\((?:in|out|across|up|down|left|right|horizontal|vertical|\d|(?:in|out)(?:Horizontal|"
    r"Vertical)|(?:up|down)(?:Left|Right)|from(?:Top|Bottom|Left|Right))\))?",
    re.IGNORECASE,
)
AMOUNT = re.compile(r"(?:(?:opacity|fill\.opacity|color|width|height): ?[\d.#]+;? ?)*")
EXTENSION = re.compile(
    r"\{?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?|"
    r"http://schemas\.(?:microsoft\.com/office|openxmlformats\.org)(?:/\w{1,20})*/?"
)
"""What an extension is of: a number, or an address of the makers of the format."""
SETTING = re.compile(r"(?:\w{2,5}:)?[A-Za-z-]+\d{0,2}")
"""A name that a program gives to a setting."""
OF_LANGUAGE = frozenset({"lang", "altlang", "rfc-language-tag"})
KNOWN = {
    ("div", "id"): NUMBER,
    ("divid", "val"): NUMBER,
    ("animeffect", "filter"): EFFECT,
    ("animeffect", "prlst"): AMOUNT,
    **{(element, key): LANGUAGE for element in ("lang", "themefontlang")
       for key in ("val", "eastasia", "bidi")},
}  # fmt: skip
"""What a value must be, by element and attribute."""
OF_PROGRAMS = frozenset({
    "ext", "config-item", "config-item-set", "config-item-map-indexed", "config-item-map-named",
    "config-item-map-entry",
})  # fmt: skip
"""Elements of extensions and settings."""


@lru_cache(MOST_NAMES)
def rule_of(element: str, attribute: str) -> re.Pattern[str] | None:
    """Return what a value of an attribute must be; None if it may be anything."""
    key = bare_name(attribute)
    if (element, key) in KNOWN:
        return KNOWN[element, key]
    if key in OF_LANGUAGE:
        return LANGUAGE
    for rule, word in ((LANGUAGE, "language"), (COUNTRY, "country"), (SCRIPT, "script")):
        if key.removesuffix("-asian").removesuffix("-complex").endswith(word):
            return rule
    return None


def is_of_no_program(element: str, attributes: list[tuple[str, str]], sheets: set[str]) -> bool:
    """Return whether one of OF_PROGRAMS is of no program that is known.

    The view of a sheet has the name that is on its tab, one of `sheets`.
    """
    said = {bare_name(key): value for key, value in attributes}
    if element == "ext":
        return "uri" in said and not EXTENSION.fullmatch(said["uri"])
    if element == "config-item" and said.get("type", "").lower() not in PLAIN_SETTINGS:
        return True
    name = said.get("name", "")
    if element == "config-item-map-entry":
        return bool(name) and name not in sheets
    return bool(name) and not SETTING.fullmatch(name)
