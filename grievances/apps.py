"""The Django application that holds the cases."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.module_loading import autodiscover_modules


class GrievancesConfig(AppConfig):
    name = "grievances"
    label = "grievances"

    def ready(self) -> None:
        """Register the effects of steps; do not keep when an account last signed in.

        Beside the audit trail that time would tell who opened what.
        """
        user_logged_in.disconnect(dispatch_uid="update_last_login")
        autodiscover_modules("registry")
