"""Read a policy profile from a file, and report the line of each fault.

A person corrects a file by its lines, so each fault names its line.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from workflow.profiles import Profile, ProfileInvalid, parse_profile

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+')


class FileInvalid(ValueError):
    """A file that must not be loaded: the line at fault (from 1), and the reason."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


@dataclass(frozen=True)
class ProfileFile:
    """The content of a file: the body as written, and the profile parsed from it."""

    body: Mapping[str, object]
    profile: Profile


def read_profile(text: str, known_clocks: Collection[str] | None = None) -> ProfileFile:
    """Return the profile in the text of a file.

    Raises:
        FileInvalid: The text is not JSON, or not a profile.
    """
    try:
        body = json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise FileInvalid(error.lineno, f"this is not JSON ({error.msg})") from error
    except (ValueError, RecursionError) as error:
        raise FileInvalid(1, "this is not JSON that a profile can be read from") from error
    lines = _lines(text)
    if not isinstance(body, dict):
        raise FileInvalid(1, "a profile is a table of fields")
    try:
        return ProfileFile(body, parse_profile(body, known_clocks))
    except ProfileInvalid as error:
        raise FileInvalid(_line_of(error.field, lines), str(error)) from error


def _refuse(name: str) -> None:
    raise ValueError(name)


def _line_of(field: str, lines: Mapping[str, int]) -> int:
    """Return the line of a field, or of the table from which it is missing."""
    while field and field not in lines:
        field = field.rpartition(".")[0]
    return lines.get(field, 1)


def _lines(text: str) -> dict[str, int]:
    """Return the line of each field; raises `FileInvalid` for a field given twice."""
    found: dict[str, int] = {}
    tokens = _tokens(text)
    for sign, _ in tokens:
        if sign == "{":
            _table(tokens, "", found)
    return found


def _table(tokens: Iterator[tuple[str, int]], path: str, found: dict[str, int]) -> None:
    """Store the lines of a table's fields, from after its first brace to its last one.

    Raises:
        FileInvalid: A field is there twice.
    """
    for sign, line in tokens:
        if sign == "}":
            return
        if sign == ",":
            continue
        name = json.loads(sign)
        here = f"{path}.{name}".strip(".")
        if here in found:
            raise FileInvalid(line, f"{here} is there twice, first on line {found[here]}")
        found[here] = line
        next(tokens)  # the colon
        _value(tokens, here, found)


def _value(tokens: Iterator[tuple[str, int]], path: str, found: dict[str, int]) -> None:
    sign, _ = next(tokens)
    if sign == "{":
        _table(tokens, path, found)
    elif sign == "[":
        deep = 1
        while deep:
            sign, _ = next(tokens)
            deep += (sign in {"[", "{"}) - (sign in {"]", "}"})


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    """Yield the tokens of a text that is known to be JSON, each with its line."""
    line, at = 1, 0
    for match in _TOKEN.finditer(text):
        line += text.count("\n", at, match.start())
        at = match.start()
        yield match.group(), line
