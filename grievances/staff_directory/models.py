"""A file that waits for a yes, the layout of files, what SCIM keeps, and a lock for all changes."""

from django.db import models

from grievances.people.models import Unit, User
from grievances.vocabulary import Division, Office


class ChangeLock(models.Model):
    """A row that each change of the directory, or of the earlier register, locks first.

    Each change is worked out from what is there: of two at once the second would undo the first.
    """

    name = models.CharField(max_length=10, unique=True)

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def take(name: str) -> None:
        """Let changes of this name follow each other until the transaction ends.

        Call it before anything is read that the change is worked out from.
        """
        ChangeLock.objects.bulk_create([ChangeLock(name=name)], ignore_conflicts=True)
        ChangeLock.objects.select_for_update().get(name=name)


class KnownRegion(models.Model):
    """A region as REGIONS_FILE had it when the organisation last agreed to its table."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    division = models.CharField(max_length=10, choices=Division)

    def __str__(self) -> str:
        return self.name


class StaffFileLayout(models.Model):
    """The layout of the files of this organisation, as JSON; the newest row counts."""

    body = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Layout of {self.at:%Y-%m-%d}"


class WaitingFile(models.Model):
    """A file that was uploaded and checked, and waits to be confirmed by the same person.

    Its content is sealed under a server key and removed when it is used, replaced or a day old.
    """

    by = models.OneToOneField(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    exported_on = models.DateField()
    keep_missing = models.BooleanField(default=False)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"File that waits since {self.at:%Y-%m-%d}"


class ScimEntry(models.Model):
    """What the HR system knows a person by, and whether it has removed them from its view."""

    person = models.OneToOneField(User, on_delete=models.CASCADE, related_name="scim_entry")
    external_id = models.CharField(max_length=200, db_index=True)
    removed = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"Entry of {self.person}"


class ScimGroup(models.Model):
    """A group of the identity provider, and the office or the unit that it stands for.

    `name` is as the identity provider wrote it; one of `office` and `unit` is given. `members` are
    those whom it has put in: who was appointed on a page or by a file is none of them.
    """

    name = models.CharField(max_length=100)
    office = models.CharField(max_length=20, choices=Office, blank=True)
    unit = models.OneToOneField(Unit, on_delete=models.CASCADE, null=True, related_name="+")
    external_id = models.CharField(max_length=200)
    members = models.ManyToManyField(User, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["office"], condition=~models.Q(office=""), name="one_group_of_an_office"
            )
        ]

    def __str__(self) -> str:
        return self.name
