"""Files of a case as rows: the downloads, the findings and the possible steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop

from grievances.cases.models.evidence import FileFacts
from grievances.cases.models.records import Kind
from grievances.cases.step_names import StepName
from grievances.casework.reading import OpenCase
from grievances.choices import Cleaning, Copy, Scan
from grievances.evidence import virus_scan
from grievances.evidence.case_files import is_uploader
from grievances.evidence.file_types import NAMES_STAY, is_recording
from grievances.evidence.found_words import in_words
from grievances.evidence.storing import OF_A_WITNESS, media_of
from grievances.participants.participant_files import Listed
from grievances.policy import profiles
from grievances.web.shared.deadlines import NAMES

NOT_REMOVED = gettext_noop(
    "Hidden details could not be taken out, so no one else can open it yet. Choose whether others "
    "may see it as it is, or add a very large picture again, saved smaller."
)
STILL_IN_WORDS = gettext_noop(
    "Others see a copy. Hidden details were taken out of it, but a name or another detail can "
    "still be read in its words. Look below at what it is and where, and add the file again "
    "without it if others should not read it."
)

CHOOSE = gettext_noop("Choose what others see")


@dataclass(frozen=True)
class FileRow:
    """One file as this reader sees it.

    `links` are (words, address), `notes` whole sentences.
    """

    name: str
    size: str
    author: str
    day: str
    links: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    found: tuple[tuple[str, str], ...]

    @property
    def href(self) -> str:
        """The address of the copy under the file's name; empty when there is none."""
        return self.links[0][1] if self.links and self.links[0][0] == "" else ""


def file_rows(opened: OpenCase) -> list[FileRow]:
    """Return every file of the case, the latest first."""
    return [_of_case(opened, facts) for facts in reversed(opened.files)]


def own_file_rows(files: Iterable[Listed], page: str, *, may_choose: bool = False) -> list[FileRow]:
    """Return the files on the own `page` of a person who may not see the case.

    `may_choose` says whether they can choose later which copy of their own files others see.
    """
    rows = []
    for facts, is_own in files:
        links = [*_copies(facts, is_own, f"{page}files/")]
        if may_choose and is_own and facts.cleaning != Cleaning.NONE:
            links.append((gettext(CHOOSE), f"{page}files/{facts.id}/choose/"))
        rows.append(_row(facts, is_own, links))
    return rows[::-1]


def _of_case(opened: OpenCase, facts: FileFacts) -> FileRow:
    is_own = is_uploader(opened.case, opened.caller, facts)
    return _row(facts, is_own, _links(opened, facts, is_own))


def _row(facts: FileFacts, is_own: bool, links: Iterable[tuple[str, str]]) -> FileRow:
    shown = is_own or facts.others == Copy.ORIGINAL
    return FileRow(
        name=facts.name or gettext("A file that cannot be opened"),
        size=size_words(facts.size),
        author=gettext("you") if is_own else gettext(NAMES.get(facts.author, facts.author)),
        day=date_format(facts.at.astimezone(profiles.zone()), "j F Y"),
        links=tuple(links),
        notes=tuple(_notes(facts, is_own)),
        found=tuple(in_words(*each) for each in facts.found) if shown else (),
    )


def _copies(facts: FileFacts, is_own: bool, folder: str) -> Iterator[tuple[str, str]]:
    copies = facts.open_to(uploader=is_own) if facts.is_known else ()
    words = {
        Copy.ORIGINAL.value: gettext("Download the original"),
        Copy.CLEANED.value: gettext("Download the copy without hidden details"),
    }
    if copies:
        yield "", f"{folder}{facts.id}/"
    for copy in copies[1:]:
        yield words[copy], f"{folder}{facts.id}/?copy={copy}"


def _links(opened: OpenCase, facts: FileFacts, is_own: bool) -> Iterator[tuple[str, str]]:
    base = f"/cases/{opened.case.reference}/"
    yield from _copies(facts, is_own, f"{base}evidence/")
    if media_of(facts):
        yield gettext("Look at the picture"), f"{base}evidence/{facts.id}/look/"
    if is_own and facts.cleaning != Cleaning.NONE and StepName.CHOOSE_COPY in opened.allowed:
        yield gettext(CHOOSE), f"{base}choose_copy/?file={facts.id}"
    is_unscanned = facts.scan != Scan.CLEAN and virus_scan.is_configured()
    is_owed = is_unscanned or facts.is_quarantined or facts.cleaning == Cleaning.FAILED
    is_owed = is_owed or (facts.cleaning == Cleaning.NONE and is_recording(facts.kind))
    if is_owed and facts.is_known and StepName.CHECK_FILE in opened.allowed:
        yield gettext("Check it again"), f"{base}check_file/?file={facts.id}"


def _notes(facts: FileFacts, is_own: bool) -> Iterator[str]:
    if not facts.is_known:
        yield gettext("This file was changed or its key is not here. Tell the casework lead.")
        return
    words = gettext(Scan(facts.scan).label)
    yield (
        gettext("{words}. No one can download it.").format(words=words)
        if facts.is_quarantined
        else f"{words}."
    )
    if facts.cleaning == Cleaning.CLEANED and facts.others == Copy.CLEANED:
        yield (
            gettext("Others see the copy without hidden details.")
            if is_own
            else (gettext("This is the copy without hidden details."))
        )
    elif facts.cleaning == Cleaning.WORDS and facts.others == Copy.CLEANED:
        yield (
            gettext(STILL_IN_WORDS)
            if is_own
            else gettext("This is a copy without its other hidden details.")
        )
    elif facts.kind in NAMES_STAY and facts.cleaning == Cleaning.NONE:
        yield gettext("It is kept as it is: the names and addresses in it stay.")
    elif facts.cleaning == Cleaning.WAITING:
        yield f"{gettext(Cleaning.WAITING.label)}."
    elif facts.others == Copy.ORIGINAL and facts.cleaning != Cleaning.NONE:
        yield gettext("Others see the original, with its hidden details.")
    elif facts.cleaning == Cleaning.FAILED:
        yield _not_cleaned(facts, is_own)


def _not_cleaned(facts: FileFacts, is_own: bool) -> str:
    """Return the sentence on a file whose hidden details could not be removed."""
    if is_own:
        return gettext(NOT_REMOVED)
    if facts.name.startswith(OF_A_WITNESS):
        return gettext("It could say who gave it, so it is not given to you.")
    return gettext(
        "Hidden details could not be taken out. The person who added it has not said yet whether "
        "others may see it as it is."
    )


def size_words(count: int) -> str:
    """Return a number of bytes in words, such as "12 KB"."""
    if count < 1024:
        return gettext("{count} bytes").format(count=count)
    return f"{count / 1024:.0f} KB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MB"


def referral_rows(opened: OpenCase) -> list[dict[str, str]]:
    """Return the letters of referrals that this person may take out, as links."""
    to_body = {Kind.REFERRAL_LETTER: "", Kind.REFERRAL_TO_BODY: "?to=body"}
    return [
        {
            "text": f"{each.heading} {each.about} (PDF)",
            "href": f"/cases/{opened.case.reference}/referral/{each.about}/{to_body[each.kind]}",
        }
        for each in opened.words
        if each.kind in to_body
    ]
