"""Configure the Django application that holds the cases."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.module_loading import autodiscover_modules


class GrievancesConfig(AppConfig):
    """The configuration of the one application that owns all tables of cases."""

    name = "grievances"
    label = "grievances"

    def ready(self) -> None:
        """Register the effects of steps, and stop recording the last sign-in.

        Django would store when an account last signed in. Compared with the audit trail, that time
        would show which account opened which case.
        """
        user_logged_in.disconnect(dispatch_uid="update_last_login")
        autodiscover_modules("registry")
