"""Every command of `manage.py` that is ours, with its options."""

from __future__ import annotations

import argparse

from django.core.management import BaseCommand, get_commands, load_command_class

from grievances.management.describing.marks import table

OWN = "grievances"


def own_commands() -> dict[str, argparse.ArgumentParser]:
    """Return the parser of each of our commands by name, in order."""
    names = sorted(name for name, package in get_commands().items() if package == OWN)
    return {name: load_command_class(OWN, name).create_parser("manage.py", name) for name in names}


def own_arguments(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """Return the arguments that a command has of its own."""
    known = {each.dest for each in BaseCommand().create_parser("", "")._actions}
    return [
        each
        for each in parser._actions
        if each.dest not in known and each.help != argparse.SUPPRESS
    ]


def draw_commands() -> str:
    """Return every command: how it is called and what it does."""
    rows = []
    for name, parser in own_commands().items():
        arguments = " ".join(_usage(each) for each in own_arguments(parser))
        rows.append([f"`{f'{name} {arguments}'.strip()}`", str(parser.description)])
    return table(["Command", "What it does"], rows)


def draw_options() -> str:
    """Return every option that has an explanation or a default."""
    rows = [
        [f"`{name}`", f"`{_usage(each)}`", each.help or "", _default(each)]
        for name, parser in own_commands().items()
        for each in own_arguments(parser)
        if each.help or _default(each)
    ]
    return table(["Command", "Option", "Meaning", "Default"], rows)


def _usage(action: argparse.Action) -> str:
    shown = action.metavar if isinstance(action.metavar, str) else ""
    if not action.option_strings:
        name = shown or action.dest.upper()
        return f"[{name}]" if action.nargs in {"?", "*"} else name
    if action.nargs == 0:
        return f"[{action.option_strings[0]}]"
    choices = "|".join(map(str, action.choices)) if action.choices else ""
    value = shown or choices or action.dest.upper()
    text = f"{action.option_strings[0]} {value}"
    return (text if action.required else f"[{text}]").replace("|", "/")


def _default(action: argparse.Action) -> str:
    plain = isinstance(action.default, str | int | float) and not isinstance(action.default, bool)
    return f"`{action.default}`" if plain and action.default != "" else ""
