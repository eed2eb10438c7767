"""The Django application that holds the cases."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class GrievancesConfig(AppConfig):
    name = "grievances"
    label = "grievances"

    def ready(self) -> None:
        """Do not keep when an account last came: beside the trail it tells who opened what."""
        user_logged_in.disconnect(dispatch_uid="update_last_login")
