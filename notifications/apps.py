"""Django configuration of the notifications library."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """The app; its label is ``notifications``."""

    name = "notifications"
    label = "notifications"
    default_auto_field = "django.db.models.BigAutoField"
