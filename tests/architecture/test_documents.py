"""The documents say what is so: every link, command, setting and path in them is there."""

from __future__ import annotations

import re
from functools import cache

import pytest
from django.core.management import BaseCommand, get_commands, load_command_class

from grievances.management.describing import environment, events, licences
from grievances.management.describing.marks import names_in
from grievances.management.describing.parts import PARTS
from tests.architecture.documents import (
    anchors_of,
    by_hand,
    code_of,
    documents,
    links_of,
    lost_links,
    prose_of,
)
from tests.architecture.frozen_names import event_kinds
from tests.architecture.syntax import ROOT

README_BYTES = 12 * 1024
MAKE = re.compile(r"(?:^|\s)make ([a-z]+)\b")
MANAGE = re.compile(r"manage\.py ([a-z_]+)([^#|]*)")
VARIABLE = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b")
ASSIGNED = re.compile(r"\b([A-Z][A-Z0-9_]+)=")
FOLDERS = "grievances|workflow|notifications|config|templates|tests|docs|bench|assets|\\.ci"
TO_BE_WRITTEN = {"tests/stories/test_thank.py"}
"""Files that a page tells its reader to write."""
PATH = re.compile(rf"(?<![\w./-])((?:{FOLDERS})/[\w./-]*\w/?)")
OF_THE_ROOT = re.compile(r"(?<![\w./-])([\w-]+\.(?:yml|toml|txt|in|json)|CHANGELOG\.md|Makefile)\b")
OF_THE_READER = {"subject.txt", "body.txt", "line.txt"}
OF_LIBRARIES = {"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "AWS_CA_BUNDLE"}
"""Variables that libraries of ours read (tests/production/test_private_authority.py)."""
INVENTED = re.compile(
    r"\b(?:doors?|deeds?|scenes?|rungs?|ladders?|turnstiles?|circles?|veils?|brakes?|washing|tales?"
    r"|whoever|somebody|nobody)\b",
    re.IGNORECASE,
)
PAGES = sorted(documents())


@cache
def sources() -> str:
    """Return the text of everything that a name in capitals may come from."""
    files = [ROOT / "Makefile", ROOT / "docker-compose.yml"]
    for folder in ("config", "grievances", "workflow", "notifications", "tests"):
        files += sorted((ROOT / folder).rglob("*.py"))
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def is_variable(name: str) -> bool:
    """Tell whether the settings, docker compose, make or a test read this variable."""
    known = environment.read_settings()
    plain = name.removesuffix("_FILE")
    if name in known or (plain in known and known[plain].is_secret):
        return True
    texts = [
        (ROOT / each).read_text(encoding="utf-8") for each in ("Makefile", "docker-compose.yml")
    ]
    if any(re.search(rf"(?:^|[\s{{]){name}\b", text) for text in texts):
        return True
    return f'environ.get("{name}"' in sources() or f'environ["{name}"]' in sources()


def test_readme_fits_a_first_look() -> None:
    assert (ROOT / "README.md").stat().st_size <= README_BYTES


@pytest.mark.parametrize("document", PAGES)
def test_every_link_leads_to_a_page_and_a_heading(document: str) -> None:
    assert lost_links(document, documents()[document]) == []


def test_every_page_is_linked_from_another() -> None:
    linked = {
        (ROOT / page).parent.joinpath(target.partition("#")[0]).resolve()
        for page, text in documents().items()
        for target in links_of(text)
    }
    alone = [page for page in PAGES if (ROOT / page).resolve() not in linked]
    assert set(alone) <= {"README.md"}, "Link these from a page that leads to them."


@pytest.mark.parametrize("document", PAGES)
def test_every_target_of_make_is_there(document: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = {name for line in code_of(documents()[document]) for name in MAKE.findall(line)}
    assert named <= targets


@pytest.mark.parametrize("document", PAGES)
def test_every_command_has_the_options_that_are_named(document: str) -> None:
    lost = []
    for line in code_of(documents()[document]):
        for name, rest in MANAGE.findall(line):
            package = get_commands().get(name)
            if package is None:
                lost.append(f"{document}: there is no command {name}.")
                continue
            command = (
                package
                if isinstance(package, BaseCommand)
                else load_command_class(str(package), name)
            )
            known = command.create_parser("manage.py", name)._option_string_actions
            lost += [
                f"{document}: {name} has no option {option}."
                for option in re.findall(r"(?<!\S)--[a-z-]+", rest)
                if option not in known
            ]
    assert lost == []


@pytest.mark.parametrize("document", PAGES)
def test_every_variable_and_constant_is_there(document: str) -> None:
    code = list(code_of(by_hand(documents()[document])))
    given = {name for line in code for name in ASSIGNED.findall(line)}
    named = {name for line in code for name in VARIABLE.findall(line)} - given
    unread = sorted(name for name in given - OF_LIBRARIES if not is_variable(name))
    assert not unread, f"{document}: no setting, make or docker compose reads {unread}."
    lost = [
        name
        for name in sorted(named)
        if not is_variable(name) and not re.search(rf"\b{name}\b", sources())
    ]
    assert not lost, f"{document}: {lost} is nowhere in the code."


@pytest.mark.parametrize("document", PAGES)
def test_every_path_is_there(document: str) -> None:
    lost = []
    for line in code_of(documents()[document]):
        # A dotted module after -m is held by test_dotted_strings.
        names = PATH.findall(line) + [
            name for name in OF_THE_ROOT.findall(line) if line.strip() == name
        ]
        lost += [
            name
            for name in names
            if name not in TO_BE_WRITTEN | OF_THE_READER and not (ROOT / name).exists()
        ]
    assert not lost, f"{document}: {lost} is not in the project."


@pytest.mark.parametrize("document", PAGES)
def test_no_page_says_a_word_of_our_own_invention(document: str) -> None:
    assert INVENTED.findall(prose_of(documents()[document])) == []


def test_every_part_is_written_somewhere_and_once() -> None:
    marked = [name for text in documents().values() for name in names_in(text)]
    assert sorted(marked) == sorted(PARTS)


def test_every_variable_that_is_read_has_a_meaning() -> None:
    assert environment.undescribed() == (set(), set())


def test_every_kind_of_event_has_words() -> None:
    files = {"restore.part", "service.lock"}
    found = {kind for kind in event_kinds() if "{" not in kind} - files
    assert found <= set(events.kinds()), "Say in management/describing/events.py what it means."


def test_the_licences_of_everything_locked_are_listed() -> None:
    page = documents()["docs/reference/licences.md"]
    for package, (version, _) in licences.locked("requirements-dev.txt").items():
        assert f"| {package} | {version} |" in page, "Run: manage.py describe"
    assert "| pillow-heif | libde265, libheif, libx265 |" in page
    assert "x265: GPLv2" in page
    assert "not stated" not in page


def test_the_licence_is_the_whole_of_eupl_1_2() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    for number in range(1, 16):
        assert re.search(rf"^{number}\.", text, re.MULTILINE), f"Article {number} is missing."
    assert "Québec Free and Open-Source Licence" in text


def test_no_address_for_reports_is_made_up() -> None:
    assert not re.search(r"\S+@\S+\.\w+", documents()["SECURITY.md"])


def test_contributing_says_how_a_commit_is_called() -> None:
    text = documents()["CONTRIBUTING.md"]
    assert "imperative of at most 72 characters" in " ".join(text.split())
    for page in ("add-a-step", "add-a-notice", "add-a-report", "add-a-policy"):
        assert f"docs/how-to/{page}.md" in text


def test_a_lost_link_and_a_lost_heading_are_seen() -> None:
    text = "[a](nowhere.md) [b](README.md#no-such-heading) [c](README.md#licence) `[d](x)`"
    found = lost_links("README.md", text)
    assert [sentence.split()[3] for sentence in found] == [
        "nowhere.md",
        "README.md#no-such-heading",
    ]
    assert anchors_of("## What it is: a `thing`, now") == {"what-it-is-a-thing-now"}
