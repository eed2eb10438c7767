"""The outbox table: one row for each message on each channel."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class ChannelName(models.TextChoices):
    """The ways in which a notice can reach a person."""

    INBOX = "inbox", "Inbox"
    EMAIL = "email", "Email"
    TEXT = "text", "Text message"


class State(models.TextChoices):
    """The state of a notice. ``failed`` and ``not_needed`` are final and stay visible."""

    QUEUED = "queued", "Waiting to be sent"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Could not be sent"
    NOT_NEEDED = "not_needed", "Not sent: no address on this channel"


class Notice(models.Model):
    """One message to one inbox on one channel. It holds no words about a case.

    Source: domain.md 5.9. ``handle`` is the pseudonym of the recipient's inbox.
    ``sealed_recipient`` is the caller's own sealed form of the recipient. It is empty for staff, in
    inbox rows, and once mail was sent. ``context`` holds codes, dates and numbers only.
    ``last_error`` is a code or the name of an error class, never its text, which could quote an
    address. All moments are UTC.
    """

    handle = models.CharField(max_length=64)
    sealed_recipient = models.BinaryField(default=bytes, blank=True)
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=10, choices=ChannelName.choices)
    reference = models.CharField(max_length=20, blank=True)
    link = models.CharField(max_length=200)
    context = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    key = models.CharField(max_length=160)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "channel"], name="notice_once_per_channel"),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=models.Q(state="queued"), name="notice_due"
            ),
            models.Index(
                fields=["claimed_at"], condition=models.Q(state="sending"), name="notice_claimed"
            ),
            models.Index(
                fields=["created_at"], condition=models.Q(state="failed"), name="notice_failed"
            ),
            models.Index(fields=["handle", "channel", "-id"], name="notice_inbox"),
            models.Index(fields=["reference"], name="notice_about"),
            models.Index(
                fields=["handle"],
                condition=models.Q(channel="inbox", read_at__isnull=True),
                name="notice_unread",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.channel}: {self.state}"
