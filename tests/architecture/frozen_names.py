"""The names that stored data and other programs depend on, collected from the code as it is.

`python -m tests.architecture.frozen_names` adds to the snapshot what is new. It takes nothing out:
a name that was given once is taken out by hand, with a migration of the data that has it.
"""

from __future__ import annotations

import ast
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import django

if __name__ == "__main__":
    os.environ.setdefault("FAIRHEARING_MODE", "test")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

from django.apps import apps  # noqa: E402 - after the set-up of Django
from django.conf import settings  # noqa: E402
from django.core.management import get_commands, load_command_class  # noqa: E402
from django.core.management.base import BaseCommand  # noqa: E402
from django.urls import URLPattern, URLResolver, get_resolver  # noqa: E402

from config.celery import app as celery  # noqa: E402
from grievances.web.cases.step_forms.registry import FORMS  # noqa: E402
from tests.architecture.sealed_texts import sealed_texts  # noqa: E402
from tests.architecture.syntax import (  # noqa: E402
    PACKAGES,
    ROOT,
    calls,
    keyword_of,
    nodes,
    text_of,
    texts_in,
)
from workflow.steps import steps  # noqa: E402

SNAPSHOT = ROOT / "tests" / "reference" / "frozen_names.json"
HOW = (
    "Stored data, sealed records or other programs depend on these names. Give a missing one back "
    "its name, or migrate what is stored and take it out of tests/reference/frozen_names.json by "
    "hand. Add a new one with: python -m tests.architecture.frozen_names"
)
KIND = re.compile(r"[a-z][a-z_]*\.[a-z_{}]+")
OTHER_DOTS = {
    *PACKAGES,
    *("allauth", "django", "fairhearing", "janome"),  # modules and loggers
    *("clocks", "head"),  # a path in a policy, user names of the demonstration
    *("csv", "dump", "env", "html", "json", "list", "py", "txt", "xml"),
}
"""What is before or after the dot of a text that is no kind of event."""
COLON_KEY = re.compile(r"[a-z][a-z ]*:(?!//)\S*")
ENVIRONMENT = re.compile(r"[A-Z][A-Z0-9_]{2,}_?")


def addresses() -> set[str]:
    """Return the text of every route."""
    return set(_routes(get_resolver(), ""))


def _routes(resolver: URLResolver, before: str) -> Iterator[str]:
    for each in resolver.url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield "/" + route
        else:
            yield from _routes(each, route)


def step_names() -> set[str]:
    """Return every step: its name and code, from which states, to which."""
    found = steps(apps.get_model("grievances", "Case")).values()
    return {f"{s.name} {s.code}: {', '.join(s.sources)} -> {s.target or 'same'}" for s in found}


def event_kinds() -> set[str]:
    """Return every kind of event: by its shape, `word.word`, and one for each step of a case."""
    texts = {text for node in nodes() if (text := text_of(node)) and KIND.fullmatch(text)}
    kinds = {text for text in texts if not OTHER_DOTS & set(text.split("."))}
    named = {each.name for each in steps(apps.get_model("grievances", "Case")).values()}
    return kinds | {f"case.{name}" for name in named}


def event_data() -> set[str]:
    """Return the keys of what events keep: written out in the code, or answers of a form."""
    given = [keyword_of(call, "data") for call in calls() if keyword_of(call, "kind")]
    found = {
        text
        for each in given
        if isinstance(each, ast.Dict)
        for key in each.keys
        for text in texts_in(key)
    }
    found |= {code for form in FORMS.values() for code in form.CODES}
    return found | {
        n for s in steps(apps.get_model("grievances", "Case")).values() for n in s.keeps
    }


def fields_of_steps() -> set[str]:
    """Return the names of what each step asks: programs post them."""
    return {f"{step}: {name}" for step, form in FORMS.items() for name in form.base_fields}


def stored_choices() -> set[str]:
    """Return every value that a column may have, as `table.column = value`."""
    return {
        f"{model._meta.db_table}.{field.column} = {value}"
        for model in _own_models()
        for field in model._meta.concrete_fields
        for value, _ in field.flatchoices
    }


def enumerations() -> set[str]:
    """Return the values of every enumeration of codes, whatever it is called: `A, B, C`."""
    return {", ".join(values) for node in nodes() if (values := _members(node))}


def _members(node: ast.AST) -> list[str]:
    if not isinstance(node, ast.ClassDef):
        return []
    if not any(ast.unparse(base).endswith(("Choices", "Enum")) for base in node.bases):
        return []
    given = [each.value for each in node.body if isinstance(each, ast.Assign)]
    first = [each.elts[0] if isinstance(each, ast.Tuple) else each for each in given]
    values = sorted(str(each.value) for each in first if isinstance(each, ast.Constant))
    return [] if " " in "".join(values) else values


def clock_codes() -> set[str]:
    """Return the codes of all clocks: of the policies, and of the steps that start or stop them."""
    found = {code for body in _policies().values() for code in body["clocks"]}
    for step in steps(apps.get_model("grievances", "Case")).values():
        found |= {*step.starts, *step.stops}
    return found


def policies() -> set[str]:
    """Return the names of the policies that come with the product."""
    return set(_policies())


def _policies() -> dict[str, dict[str, Any]]:
    """Return the bodies of the policies by the names of their files."""
    paths = [path for package in PACKAGES for path in (ROOT / package).rglob("*.json")]
    bodies = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in paths}
    return {name: body for name, body in bodies.items() if "clocks" in body}


def notice_kinds() -> set[str]:
    """Return the kinds of notices: each has a folder of templates."""
    folder = ROOT / "templates" / "notices"
    return {path.name for path in folder.iterdir() if path.is_dir()}


def session_keys() -> set[str]:
    """Return the keys under which something is kept in a session."""
    return set(_kept_in("session"))


def cookies() -> set[str]:
    """Return the names of cookies."""
    found = {str(getattr(settings, name)) for name in dir(settings) if name.endswith("COOKIE_NAME")}
    for call in calls():
        if ast.unparse(call.func).endswith((".set_cookie", ".delete_cookie", "cookie_name")):
            found |= set(texts_in(call.args[0]))
    return found | set(_kept_in("COOKIES"))


def _kept_in(store: str) -> Iterator[str]:
    """Yield the keys of what is read from or written to `session` or `x.session`."""
    for node in nodes():
        if isinstance(node, ast.Subscript) and _is_named(node.value, store):
            yield from texts_in(node.slice)
    for call in calls():
        if call.args and isinstance(call.func, ast.Attribute) and _is_named(call.func.value, store):
            yield from texts_in(call.args[0])


def _is_named(node: ast.expr, name: str) -> bool:
    return ast.unparse(node).split(".")[-1] == name


def keys_with_colon() -> set[str]:
    """Return the keys of the cache, of holders and of what happens once: `flood:used:{}`."""
    texts = {text for node in nodes() if (text := text_of(node)) and COLON_KEY.fullmatch(text)}
    return {text for text in texts if ("{" in text or text.islower()) and "python:" not in text}


def reminders() -> set[str]:
    """Return how reminders and levels of escalation are called in events: `clock.minus5`."""
    texts = {text for node in nodes() if (text := text_of(node))}
    return texts & {"minus{}", "L{}", "on_day"}


def tasks() -> set[str]:
    """Return the names of our Celery tasks, and of the timetable with the task of each entry."""
    celery.loader.import_default_modules()
    own = {f"task {name}" for name in celery.tasks if not name.startswith(("celery.", "tests."))}
    return own | {f"{name}: {entry['task']}" for name, entry in celery.conf.beat_schedule.items()}


def commands() -> set[str]:
    """Return our commands with their arguments."""
    own = {name: package for name, package in get_commands().items() if _is_own(str(package))}
    known = {each.dest for each in BaseCommand().create_parser("", "")._actions}
    found = set()
    for name, package in own.items():
        parser = load_command_class(str(package), name).create_parser("", name)
        new = [each for each in parser._actions if each.dest not in known]
        found |= {name, *(f"{name} {'/'.join(each.option_strings) or each.dest}" for each in new)}
    return found


def _is_own(package: str) -> bool:
    return package.split(".")[0] in PACKAGES


def environment() -> set[str]:
    """Return the names of the environment variables that are read or set."""
    found: set[str] = set()
    for call in calls():
        name = ast.unparse(call.func)
        if (
            re.match(
                r"(os\.environ|endpoints|channels|environment|env|regions|secrets|os\.getenv)\b",
                name,
            )
            and call.args
        ):
            found |= set(texts_in(call.args[0]))
    for node in nodes():
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            found |= set(texts_in(node.slice))
    return {text for text in found if ENVIRONMENT.fullmatch(text)}


def tables() -> set[str]:
    """Return the tables and columns, the names of constraints and indexes, and permissions."""
    return {name for model in _own_models() for name in _names_in(model)}


def _names_in(model: Any) -> Iterable[str]:
    table, meta = model._meta.db_table, model._meta
    yield table
    yield from (f"{table}.{field.column}" for field in meta.concrete_fields)
    yield from (f"{table}.{field.m2m_db_table()}" for field in meta.local_many_to_many)
    yield from (f"{table}: {each.name}" for each in (*meta.constraints, *meta.indexes))
    yield from (f"{table} may {codename}" for codename, _ in meta.permissions)


def _own_models() -> list[Any]:
    models = apps.get_models(include_auto_created=True)
    return [model for model in models if _is_own(model.__module__)]


COLLECTED = {
    "addresses": addresses,
    "steps": step_names,
    "kinds of events": event_kinds,
    "data of events": event_data,
    "fields of steps": fields_of_steps,
    "choices of columns": stored_choices,
    "values of enumerations": enumerations,
    "clocks": clock_codes,
    "policies": policies,
    "kinds of notices": notice_kinds,
    "texts that keys are bound to": sealed_texts,
    "keys in sessions": session_keys,
    "cookies": cookies,
    "keys with a colon": keys_with_colon,
    "names of reminders": reminders,
    "Celery tasks": tasks,
    "commands": commands,
    "environment": environment,
    "tables": tables,
}
"""How each set is collected. The keys of JSON answers are in the snapshot too, and are compared by
`test_old_database`, which has answers to look at."""


def read_snapshot() -> dict[str, list[str]]:
    """Return the frozen sets by their names."""
    found: dict[str, list[str]] = json.loads(SNAPSHOT.read_text(encoding="utf-8"))
    return found


def difference(kind: str, found: set[str]) -> str:
    """Return a sentence that says which names are lost and which are new; empty when none is."""
    frozen = set(read_snapshot()[kind])
    if frozen == found:
        return ""
    missing, new = sorted(frozen - found), sorted(found - frozen)
    return f"{kind}: missing {missing}, new {new}. {HOW}"


def write_snapshot(found: dict[str, set[str]], path: Path = SNAPSHOT) -> None:
    """Add to the snapshot what it lacks."""
    before = read_snapshot() if path.exists() else {}
    merged = {k: sorted({*before.get(k, []), *found.get(k, set())}) for k in {**before, **found}}
    path.write_text(json.dumps(merged, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_snapshot({name: collect() for name, collect in COLLECTED.items()})
    sys.stdout.write(f"{SNAPSHOT.relative_to(ROOT)} holds every name of today.\n")
