"""The channels, by name. To add one, add its module and a line here."""

from notifications.channels.base import Channel
from notifications.channels.email import Email
from notifications.channels.inbox import Inbox
from notifications.channels.text import Text

CHANNELS: dict[str, Channel] = {
    "inbox": Inbox(),
    "email": Email(),
    "text": Text(),
}
