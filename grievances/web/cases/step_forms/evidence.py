"""Forms about files: add them, choose the copy that others see, check one again.

`FilesField` is the field for every page that takes files. Its view needs
`web.cases.file_views.TakesFiles`, and its step passes the files to `evidence.case_files.add_files`.
"""

from __future__ import annotations

from typing import Unpack

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from grievances.cases.access import rules
from grievances.cases.models.evidence import FileFacts
from grievances.cases.step_names import StepName
from grievances.choices import Cleaning, Copy
from grievances.evidence import virus_scan
from grievances.evidence.case_files import files_of, is_owed, is_uploader, ring_of
from grievances.evidence.file_types import ACCEPTED, MEGABYTE
from grievances.evidence.upload import Arrival, fault_of
from grievances.vocabulary import Identity
from grievances.web.shared.fields import FieldOptions, PlainForm, RadioList
from grievances.web.shared.step_form import StepForm

HIDDEN_DETAILS = gettext_noop(
    "Photos, recordings, PDF and Office files carry hidden details, such as where a photo was "
    "taken or who wrote a document. We make a copy without them, and that copy is what others see. "
    "The original is kept sealed. Emails and Outlook messages are kept as they are. So are texts "
    "that begin like an email. The names and addresses in them stay. What is "
    "attached to them stays as it is."
)


def limits() -> str:
    """Return what can be added, in two sentences."""
    most, count = settings.EVIDENCE_MAX_BYTES // MEGABYTE, settings.EVIDENCE_MAX_FILES
    return gettext("Up to {count} files at a time, each up to {most} MB. {accepted}").format(
        count=count, most=most, accepted=gettext(ACCEPTED)
    )


def scan_words() -> str:
    """Return one sentence on whether files are scanned here."""
    if virus_scan.is_configured():
        return gettext(
            "Files are scanned for viruses. One that does not pass is kept apart, and no one can "
            "download it."
        )
    return gettext("Files are not scanned for viruses here. Save a file before you open it.")


class FilesInput(forms.FileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """A field for one or more files, each an `Arrival`.

    An `Arrival` is sealed already and belongs to no case yet. The field refuses a wrong size, a
    wrong number or an empty file in a sentence. `add_files` decides the kind of a file by its
    content.
    """

    widget = FilesInput

    def __init__(self, **options: Unpack[FieldOptions]) -> None:
        messages = {
            "missing": _("Choose a file first."),
            "required": _("Choose a file first."),
            "invalid": _("The file did not arrive. Choose it again."),
            **options.get("error_messages", {}),
        }
        options["error_messages"] = messages
        super().__init__(max_length=None, **options)

    def clean(self, data: object, initial: object = None) -> list[Arrival]:
        """Return the uploaded files.

        Raises:
            ValidationError: For a missing file, or for a wrong size or number.
        """
        given = data if isinstance(data, list) else [data] if data else []
        arrived = [each for each in given if isinstance(each, Arrival)]
        if not arrived:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return []
        refused = fault_of(arrived)
        if refused is not None:
            raise ValidationError(refused.sentence, code=refused.code)
        return arrived


class AddEvidence(StepForm):
    """A form to add files to a case."""

    steps = (StepName.ADD_EVIDENCE,)

    intro = gettext_noop("The people who work on this concern can open what you add.")
    details = (HIDDEN_DETAILS, gettext_noop("Plain text is kept as it is, too."))
    button = gettext_noop("Add")
    file = FilesField(label=_("Choose a file, or several"))
    others = forms.ChoiceField(
        label=_("What do others see?"),
        choices=Copy.choices,
        initial=Copy.CLEANED.value,
        widget=RadioList(),
    )

    def fill(self) -> None:
        """Set the help text; an anonymous complainant is not asked for the copy."""
        self.fields["file"].help_text = f"{limits()} {scan_words()}"
        if self.case.identity == Identity.ANONYMOUS and self.acting_as == "complainant":
            # An anonymous file always loses its hidden details (domain.md 5.7 b). The choice comes
            # once they are shown.
            del self.fields["others"]

    def others_see(self) -> str:
        """Return the copy that others see.

        It is the cleaned one where the person was not asked.
        """
        return str(self.cleaned_data.get("others") or Copy.CLEANED.value)


class OwnFiles(PlainForm):
    """A form for files of a respondent, a witness or a companion.

    These people may not see the case.
    """

    once = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    file = FilesField(label=_("Choose a file, or several"))
    others = forms.ChoiceField(
        label=_("What do others see?"),
        choices=Copy.choices,
        initial=Copy.CLEANED.value,
        widget=RadioList(),
    )

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self.fields["file"].help_text = f"{limits()} {scan_words()}"


class OwnChoice(PlainForm):
    """A form on which a participant chooses the copy of their file that others see."""

    once = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    others = forms.ChoiceField(
        label=_("What do others see?"), choices=Copy.choices, widget=RadioList()
    )


EVERY = "all"
"""The answer in place of a file that means every unchecked one."""


class OneFile(StepForm):
    """A form about one of the files of the case."""

    file = forms.ChoiceField(label=_("Which file?"), widget=RadioList())

    def fill(self) -> None:
        """Offer the files that this person may read and that the step applies to."""
        self.choice_field("file").choices = self.offered()

    def offered(self) -> list[tuple[str, str]]:
        """Return the answers: (value, words) for each file that the step applies to."""
        files = filter(self.is_about, self.readable_files())
        return [(str(each.id), each.name) for each in files]

    def readable_files(self) -> tuple[FileFacts, ...]:
        """Return the files of the case that this person may read."""
        allowed = rules.actions_allowed(self.caller.who, self.case) if self.caller.who else ()
        return files_of(self.case, ring_of(self.case, self.caller), allowed, self.acting_as)

    def is_about(self, facts: FileFacts) -> bool:
        """Return whether this step applies to a file."""
        return facts.is_known


class ChooseCopy(OneFile):
    """A form to choose which copy of an own file others see."""

    steps = (StepName.CHOOSE_COPY,)

    CODES = ("others",)
    intro = gettext_noop(
        "You added this file, so it is your choice. You can change it at any time; what someone "
        "has downloaded already cannot be taken back."
    )
    button = gettext_noop("Save my choice")
    others = forms.ChoiceField(
        label=_("What do others see?"), choices=Copy.choices, widget=RadioList()
    )

    def is_about(self, facts: FileFacts) -> bool:
        """Return whether the file has hidden details and is this person's own."""
        return (
            facts.is_known
            and facts.cleaning != Cleaning.NONE
            and is_uploader(self.case, self.caller, facts)
        )


class CheckFile(OneFile):
    """A form to have a file scanned and cleaned again."""

    steps = (StepName.CHECK_FILE,)

    intro = gettext_noop(
        "The virus scan looks at the file once more, and hidden details are taken out if that did "
        "not work before. This can take a minute."
    )
    button = gettext_noop("Check it again")

    def offered(self) -> list[tuple[str, str]]:
        """Return each file, and first all unchecked ones at once where there are several."""
        owed = sum(map(is_owed, self.readable_files()))
        every = (
            EVERY,
            gettext("All {owed} files that have not been found clean yet").format(owed=owed),
        )
        is_worth = owed > 1 and virus_scan.is_configured()
        return [every, *super().offered()] if is_worth else super().offered()
